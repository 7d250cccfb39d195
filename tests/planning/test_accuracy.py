"""Accuracy: frozen forecasts against what was sold, beside what the methods said."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.core.db import transaction
from app.planning import services
from app.planning.models import Baseline, Cycle, ScopeRow, Submission
from app.planning.months import months_after
from app.planning.services.accuracy import Wanted, last_measured, measure
from app.planning.services.freezing import snapshot_baselines
from tests.conftest import SignIn
from tests.planning.conftest import Goods, Team, edit, made, matched, row_of, sales
from tests.planning.factories import FIRST

PAST = months_after(FIRST, -4)  # the first month of a cycle whose months are over
NEXT = months_after(PAST, 1)
YEAR_BEFORE = months_after(PAST, -12)
DAY = timedelta(days=9)
BASELINES = {"LAMP": 12, "RUG": 24}

Close = Callable[..., Cycle]


@pytest.fixture
def close(session: Session, team: Team, goods: Goods) -> Close:
    """Let Ada forecast lamps for Acme and Bob rugs for Bolt in a cycle of the past."""

    def closed(*written: tuple[str, int]) -> Cycle:
        cycle = made(team, month=PAST, months=2)
        rows = {
            "LAMP": row_of(cycle, team.ada, goods.acme, goods.lamp),
            "RUG": row_of(cycle, team.bob, goods.bolt, goods.rug),
        }
        services.open_cycle(cycle.id)
        say_baselines(session, cycle, rows)
        said = {"month": PAST, "reason": "R"}
        edits = [edit(rows[sku], quantity, **said) for sku, quantity in written]
        services.save_cells(cycle.id, edits, rep_id=None)
        for one in session.scalars(select(Submission).where(Submission.cycle_id == cycle.id)):
            services.submit_forecast(one.id, accepts_blanks=True)
        return services.close_cycle(cycle.id)

    return closed


def say_baselines(session: Session, cycle: Cycle, rows: dict[str, ScopeRow]) -> None:
    with transaction():
        for sku, row in rows.items():
            said = [Decimal(BASELINES[sku])] * cycle.months
            session.add(
                Baseline(
                    scope_id=row.id,
                    method="mean",
                    reason="x",
                    quantities=said,
                    low=said,
                    high=said,
                )
            )
        session.flush()
        snapshot_baselines(session, cycle.id)


@pytest.fixture
def known(session: Session, goods: Goods) -> None:
    """What was sold in both months, and a year before."""
    sales(
        (PAST + DAY, "ACME", "LAMP", 10),
        (PAST + DAY, "BOLT", "RUG", 32),
        (PAST + 2 * DAY, "BOLT", "RUG", -2),
        (PAST + DAY, "BOLT", "LAMP", 99),  # nobody forecasts it
        (NEXT + DAY, "ACME", "LAMP", 20),
        (NEXT + DAY, "BOLT", "RUG", 20),
        (YEAR_BEFORE + DAY, "ACME", "LAMP", 8),
        (YEAR_BEFORE + DAY, "BOLT", "RUG", 40),
    )
    matched(session, goods)


def wanted(**more: Any) -> Wanted:
    return Wanted(**{"since": PAST, "until": NEXT, **more})


def test_errors_are_pooled_and_stand_beside_the_methods(known: None, close: Close) -> None:
    close(("LAMP", 11), ("RUG", 33))

    [row] = measure(wanted()).rows

    assert (row.label, row.cells, row.sold) == (f"{PAST:%b %Y}", 2, Decimal(40))
    assert row.wape == Decimal("0.1")  # 1 and 3 of 40
    assert row.baseline_wape == Decimal("0.2")  # 2 and 6
    assert row.naive_wape == Decimal("0.3")  # 2 and 10
    assert row.bias == Decimal("0.1")
    assert row.added_to_baseline == Decimal("0.1")
    assert row.added_to_naive == Decimal("0.2")


@pytest.fixture
def long_known(session: Session, goods: Goods) -> None:
    """What was sold in the months before, a year before those, and in the month measured."""
    before = months_after(PAST, -1)
    sales(
        (months_after(before, -12) + DAY, "ACME", "LAMP", 8),
        (months_after(before, -12) + DAY, "BOLT", "RUG", 40),
        (before + DAY, "ACME", "LAMP", 10),  # 2 from the year before
        (before + DAY, "BOLT", "RUG", 30),  # 10 from the year before
        (PAST + DAY, "ACME", "LAMP", 10),
        (PAST + DAY, "BOLT", "RUG", 30),
    )
    matched(session, goods)


def test_errors_are_scaled_by_how_far_a_history_was_from_the_year_before(
    long_known: None, close: Close
) -> None:
    close(("LAMP", 11), ("RUG", 33))

    by_product = measure(wanted(until=PAST, rows="product"))

    assert {row.label: row.mase for row in by_product.rows} == {
        "LAMP": Decimal("0.5"),  # 1 by 2
        "RUG": Decimal("0.3"),  # 3 by 10
    }
    assert by_product.total is not None
    assert by_product.total.mase == Decimal("0.4")
    assert by_product.total.baseline_mase == Decimal("0.8")  # 2 by 2, 6 by 10


@pytest.mark.parametrize("rows", ["month", "lag", "cycle", "rep", "customer", "product"])
@pytest.mark.parametrize("level", ["row", "product"])
def test_whatever_rows_are_asked_for_all_of_them_have_one_scale(
    long_known: None, close: Close, rows: str, level: str
) -> None:
    close(("LAMP", 11), ("RUG", 33))

    total = measure(wanted(until=PAST, rows=rows, level=level, lag=1)).total

    assert total is not None
    assert total.cells >= 2
    if rows != "lag":
        assert total.mase == Decimal("0.4")


def test_without_a_year_of_history_there_is_no_scale(known: None, close: Close) -> None:
    close(("LAMP", 11), ("RUG", 33))

    total = measure(wanted(until=PAST)).total

    assert total is not None
    assert (total.cells, total.mase) == (2, None)


def test_each_lag_is_measured_apart(known: None, close: Close) -> None:
    close(("LAMP", 11), ("RUG", 33))

    by_lag = measure(wanted(rows="lag")).rows
    second = measure(wanted(lag=2)).total

    assert [(row.label, row.said) for row in by_lag] == [
        ("1 month ahead", Decimal(4)),
        ("2 months ahead", Decimal(12)),  # the baselines: 8 and 4 off
    ]
    assert second is not None
    assert (second.sold, second.said) == (Decimal(40), Decimal(12))
    assert second.added_to_baseline == 0


def test_a_month_is_measured_once_it_is_over_and_has_sales(
    session: Session, goods: Goods, close: Close
) -> None:
    sales((PAST + DAY, "ACME", "LAMP", 10))
    matched(session, goods)
    close(("LAMP", 11), ("RUG", 0))

    assert last_measured() == PAST
    [row] = measure(wanted(rows="lag")).rows
    assert (row.key, row.sold, row.wape) == ("1", Decimal(10), Decimal("0.1"))
    assert measure(wanted(since=NEXT)).total is None


def test_this_month_is_not_measured(session: Session, goods: Goods) -> None:
    sales((FIRST, "ACME", "LAMP", 10))

    assert last_measured() == months_after(FIRST, -2)


def test_errors_of_products_cancel_out_between_customers(
    session: Session, team: Team, goods: Goods
) -> None:
    cycle = made(team, month=PAST, months=1)
    here = row_of(cycle, team.ada, goods.acme, goods.lamp)
    there = row_of(cycle, team.ada, goods.bolt, goods.lamp)
    services.open_cycle(cycle.id)
    sales((PAST + DAY, "ACME", "LAMP", 10), (PAST + DAY, "BOLT", "LAMP", 10))
    matched(session, goods)
    with transaction():
        for row in (here, there):
            ten = [Decimal(10)]
            kept = {"method": "mean", "reason": "x", "low": ten, "high": ten}
            session.add(Baseline(scope_id=row.id, quantities=ten, **kept))
        session.flush()
        snapshot_baselines(session, cycle.id)
    edits = [edit(here, 14, month=PAST), edit(there, 6, month=PAST)]
    services.save_cells(cycle.id, edits, rep_id=None)
    services.close_cycle(cycle.id)

    by_customer = measure(wanted(rows="customer", level="product"))
    by_product = measure(wanted(rows="product", level="product"))

    assert measure(wanted()).rows[0].wape == Decimal("0.4")
    assert [row.wape for row in by_product.rows] == [0]
    assert by_product.rows[0].label == "LAMP"
    assert [row.wape for row in by_customer.rows] == [Decimal("0.4")] * 2
    assert by_customer.total is not None
    assert by_customer.total.wape == 0


def test_what_lacks_a_stage_is_left_out_and_counted(
    session: Session, known: None, opened_in_the_past: Cycle
) -> None:
    services.close_cycle(opened_in_the_past.id)

    total = measure(wanted()).total

    assert total is not None
    assert (total.cells, total.left_out, total.wape) == (0, 2, None)


@pytest.fixture
def opened_in_the_past(team: Team, goods: Goods) -> Cycle:
    """A cycle without baselines."""
    cycle = made(team, month=PAST, months=2)
    row_of(cycle, team.ada, goods.acme, goods.lamp)
    row_of(cycle, team.bob, goods.bolt, goods.rug)
    return services.open_cycle(cycle.id)


def test_the_last_that_was_handed_in_counts_and_not_what_was_changed_since(
    session: Session, team: Team, known: None, opened_in_the_past: Cycle
) -> None:
    cycle = opened_in_the_past
    row = session.scalars(select(ScopeRow).where(ScopeRow.user_id == team.ada.id)).one()
    others = session.scalars(select(ScopeRow).where(ScopeRow.user_id == team.bob.id)).one()
    say_baselines(session, cycle, {"LAMP": row, "RUG": others})
    mine = session.scalars(select(Submission).where(Submission.user_id == team.ada.id)).one()
    for version, quantity in enumerate((15, 11)):
        written = edit(row, quantity, month=PAST, version=version, reason="R")
        services.save_cells(cycle.id, [written], rep_id=row.user_id)
        services.submit_forecast(mine.id)
        services.return_submission(mine.id, reason="Again")
    services.save_cells(cycle.id, [edit(row, 10, month=PAST, version=2)], rep_id=None)
    services.close_cycle(cycle.id)

    submitted = measure(wanted(said="submitted", rep_id=team.ada.id)).total
    consensus = measure(wanted(rep_id=team.ada.id)).total

    assert submitted is not None
    assert consensus is not None
    assert (submitted.cells, submitted.over) == (1, Decimal(1))
    assert consensus.over == 0


def test_a_rep_is_told_of_own_forecasts_only(
    sign_in: SignIn, ada: FlaskClient, pat: FlaskClient, team: Team, known: None, close: Close
) -> None:
    close(("LAMP", 11), ("RUG", 33))
    at = f"/planning/accuracy?rows=product&from={PAST}&to={PAST}"

    mine = ada.get(f"{at}&rep={team.bob.id}").text
    everybodys = pat.get(at).text
    bobs = pat.get(f"{at}&rep={team.bob.id}", headers={"HX-Request": "true"}).text

    assert ("LAMP" in mine, "RUG" in mine) == (True, False)
    assert ("LAMP" in everybodys, "RUG" in everybodys) == (True, True)
    assert "10.0 % over" in everybodys
    assert ("LAMP" in bobs, "RUG" in bobs) == (False, True)
    assert "<html" not in bobs
    assert sign_in().get(at).status_code == 403


def test_filters_narrow_what_is_measured(known: None, close: Close) -> None:
    cycle = close(("LAMP", 11), ("RUG", 33))

    def of(**more: Any) -> list[str]:
        return [row.label for row in measure(wanted(rows="product", **more)).rows]

    assert of(customer="acme") == ["LAMP"]
    assert of(product="rug") == ["RUG"]
    assert of(cycle_id=cycle.id) == ["RUG", "LAMP"]  # what was furthest off comes first
    assert of(cycle_id=10**30) == []


def test_the_figures_come_as_a_file(pat: FlaskClient, known: None, close: Close) -> None:
    close(("LAMP", 11), ("RUG", 33))

    file = pat.get(f"/planning/accuracy?rows=customer&from={PAST}&to={PAST}&file=csv")

    head, first, _second, last = file.get_data(as_text=True).splitlines()
    assert head.startswith("\ufeffCustomer,Name,Forecasts,")
    assert first.startswith("BOLT,Bolt,1,0,30,0.1,")
    assert last.startswith("All,,2,0,40,0.1,0.2,0.3,0.1,")
    assert last.endswith(",0.1,0.2")


def test_programs_are_told_the_same(
    pat: FlaskClient, team: Team, known: None, close: Close
) -> None:
    close(("LAMP", 11), ("RUG", 33))
    pat.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(team.planner, name='r')}"
    at = "/api/v1/sop/accuracy"

    told: Any = pat.get(f"{at}?from={PAST}&to={PAST}&group_by=rep").json
    wrong = pat.get(f"{at}?from={NEXT}&to={PAST}")

    assert [row["label"] for row in told["rows"]] == ["Bob", "Ada"]
    assert told["total"]["wape"] == "0.1"
    assert told["total"]["added_to_naive"] == "0.2"
    assert wrong.status_code == 422
    assert [*wrong.json["fields"]] == ["to"]  # type: ignore[index]
    assert pat.get(f"{at}?lag=25").status_code == 422


def test_where_nothing_can_be_measured_the_page_says_why(pat: FlaskClient) -> None:
    page = pat.get("/planning/accuracy").text

    assert "once its month is over" in page
    assert "Export" not in page
