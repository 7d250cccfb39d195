"""Rates of the European Central Bank, and what they make of amounts."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.sales.exploring import explore
from app.sales.queries import Wanted
from app.sales.services.rates import import_rates
from app.sales.tables import sales_line
from tests.sales.samples import row, sold, totals

HISTORY = (
    b"Date,USD,JPY,CYP,\n2026-03-06,1.10,160.5,N/A,\n2026-03-05,1.25,161,N/A,\n"
    b"2026-02-27,1.20,160,N/A,\n"
)


def values(session: Session) -> list[Decimal | None]:
    found = select(sales_line.c.value).order_by(sales_line.c.document)
    return [*session.scalars(found)]


def test_lines_wait_for_a_rate_and_count_once_there_is_one(session: Session) -> None:
    rows = [
        row("1", day="2026-03-05", price="10"),
        row("2", day="2026-03-01", price="10"),
        row("3", day="2026-01-02", price="10"),
    ]
    result = sold(*rows, fixed={"currency": "EUR"})

    assert any(
        notice.startswith("No rates are known for 3 lines") for notice in result["notices"]
    )
    assert values(session) == [None, None, None]

    assert import_rates(HISTORY) == 6
    assert values(session) == [25, 24, None]  # the last day before; one too old is none
    assert import_rates(HISTORY) == 0
    totals(session)


def test_what_has_no_rate_is_no_nought(session: Session) -> None:
    sold(row("1", day="2026-03-05"), fixed={"currency": "EUR"})
    asked = Wanted(since=date(2026, 3, 1), until=date(2026, 3, 31), across="month")

    pivot = explore(asked)

    assert pivot.unvalued == 1
    assert [(one.is_known, one.cells) for one in pivot.rows] == [(False, {})]


def test_a_rate_between_two_currencies_goes_by_the_euro(session: Session) -> None:
    import_rates(HISTORY)
    sold(row("1", day="2026-03-05", price="161", quantity="1"), fixed={"currency": "JPY"})

    assert values(session) == [Decimal("1.25")]


def test_the_packed_file_and_the_one_of_the_day_are_read(session: Session) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        package.writestr("eurofxref.csv", "Date, USD, \n04 March 2026, 1.11, \n")

    assert import_rates(packed.getvalue()) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Day,USD\n", "The first column is not called Date"),
        (b"Date,USD\n05.03.2026,1.1\n", "Row 2 has no date"),
        (b"Date,USD\n2026-03-05,-1\n", "no rate of USD"),
        (b"Date,Dollar\n2026-03-05,1\n", "no currency"),
        (b"Date,USD\n", "no rate in the file"),
        (b"PK\x03\x04rubbish", "damaged"),
        (b"\xff\xfe\x00", "not text"),
    ],
)
def test_what_is_no_table_of_rates_is_refused(
    session: Session, content: bytes, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        import_rates(content)
