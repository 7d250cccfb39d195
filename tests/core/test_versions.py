"""Two people edit one record: the slower one hears of it."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.core.jobs.models import ScheduleEntry
from app.core.quantities import money, parse_decimal, plain
from app.core.value_texts import shown
from app.core.versions import Conflict, StaleVersion


@pytest.fixture
def entry(session: Session) -> ScheduleEntry:
    entry = ScheduleEntry(name="night", cron="0 1 * * *", is_enabled=True)
    session.add(entry)
    session.commit()
    return entry


def test_a_change_makes_a_new_version(entry: ScheduleEntry) -> None:
    entry.revise(version=1, cron="0 2 * * *")

    assert (entry.version, entry.cron) == (2, "0 2 * * *")


def test_no_change_makes_no_version(entry: ScheduleEntry) -> None:
    entry.revise(version=1, cron="0 1 * * *")

    assert entry.version == 1


def test_the_slower_one_hears_what_differs(entry: ScheduleEntry) -> None:
    entry.revise(version=1, cron="0 2 * * *")

    with pytest.raises(StaleVersion) as refused:
        entry.revise(version=1, cron="0 3 * * *", is_enabled=True)

    assert refused.value.conflicts == {"cron": Conflict("0 2 * * *", "0 3 * * *")}
    assert refused.value.fields == {
        "cron": ["It is 0 2 * * * now; you sent 0 3 * * *."],
        "version": ["It is 2 now."],
    }
    assert refused.value.version == 2


def test_who_names_no_version_is_never_too_slow(entry: ScheduleEntry) -> None:
    entry.revise(version=1, cron="0 2 * * *")

    entry.revise(version=None, cron="0 3 * * *")

    assert entry.cron == "0 3 * * *"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (Decimal("5.000"), "5"),
        (["a", Decimal("1.50")], "a, 1.5"),
        ({"city": "Bern", "line": ""}, "Bern"),
        (7, "7"),
    ],
)
def test_values_are_written_as_people_read_them(value: object, written: str) -> None:
    assert shown(value) == written


@pytest.mark.parametrize(
    ("number", "written"), [("100", "100"), ("5.000", "5"), ("0.250", "0.25"), ("0E+3", "0")]
)
def test_a_quantity_has_no_zeros_it_does_not_need(number: str, written: str) -> None:
    assert plain(Decimal(number)) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [("5.5", "5.50"), ("1234.5000", "1,234.50"), ("0.0525", "0.0525"), ("-3", "-3.00")],
)
def test_money_has_two_decimals_and_more_if_it_must(amount: str, written: str) -> None:
    assert money(Decimal(amount)) == written


@pytest.mark.parametrize("text", ["", "a", "1,5", "NaN", "Infinity", "1e10", "0.0001", "--1"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|decimals"):
        parse_decimal(text, decimals=3)


def test_a_quantity_is_read_exactly() -> None:
    assert parse_decimal(" -12.345 ", decimals=3) == Decimal("-12.345")
