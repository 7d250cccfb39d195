"""What planners adjust of the consensus: spread exactly, kept with who and why, undone."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.core.errors import Invalid
from app.planning import services
from app.planning.errors import CycleNotOpen
from app.planning.models import Adjustment, Cycle, ScopeRow
from app.planning.months import months_after
from app.planning.reckoning.spreading import spread
from app.planning.services.consensus import consensus_of
from tests.planning.conftest import Goods, Team, edit
from tests.planning.factories import FIRST

SECOND = months_after(FIRST, 1)
QUANTITY = st.decimals(min_value=0, max_value=10**6, places=3)


@given(QUANTITY, st.lists(QUANTITY, min_size=1, max_size=30))
def test_what_is_spread_comes_to_the_total(total: Decimal, weights: list[Decimal]) -> None:
    parts = spread(total, weights)

    assert sum(parts) == total
    assert min(parts) >= 0
    if total == total.to_integral_value():
        assert all(part == part.to_integral_value() for part in parts)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), min_size=2, max_size=30))
def test_each_part_is_within_one_of_its_share(total: int, weights: list[int]) -> None:
    parts = spread(Decimal(total), [*map(Decimal, weights)])

    shares = weights if any(weights) else [1] * len(weights)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - Decimal(total) * share / sum(shares)) < 1


@pytest.fixture
def written(opened: Cycle, team: Team, session: Session) -> dict[str, ScopeRow]:
    """Acme takes 30 lamps, and 10 in the second month; Bolt takes 60 rugs."""
    rows = {row.user_id: row for row in session.scalars(select(ScopeRow))}
    lamps, rugs = rows[team.ada.id], rows[team.bob.id]
    said = [edit(lamps, 30), edit(lamps, 10, month=SECOND), edit(rugs, 60)]
    services.save_cells(opened.id, said, rep_id=None)
    return {"lamps": lamps, "rugs": rugs}


def told(session: Session, cycle: Cycle) -> dict[int, list[Any]]:
    session.expire_all()
    return {row.product_id: list(row.quantities) for row in consensus_of(cycle)}


def test_a_total_of_a_month_is_spread_by_what_is_there(
    session: Session, opened: Cycle, written: dict[str, ScopeRow], goods: Goods
) -> None:
    made = services.adjust_consensus(opened.id, total=Decimal(100), month=FIRST, reason="Fair")

    assert (int(made.before), int(made.after)) == (90, 100)
    assert made.when == f"{FIRST:%B %Y}"
    said = told(session, opened)
    assert said[goods.lamp.id][:2] == [33, 10]  # a third of 100
    assert said[goods.rug.id][0] == 67


def test_a_level_leaves_other_rows_alone(
    session: Session, opened: Cycle, written: dict[str, ScopeRow], goods: Goods
) -> None:
    services.adjust_consensus(
        opened.id, total=Decimal(20), reason="Less", customer_id=goods.acme.id
    )

    said = told(session, opened)
    assert said[goods.lamp.id] == [15, 5, None]
    assert said[goods.rug.id][0] == 60


@pytest.mark.parametrize("level", ["rep", "product", "category", "country"])
def test_every_level_finds_its_rows(
    session: Session, opened: Cycle, written: dict[str, ScopeRow], goods: Goods, level: str
) -> None:
    goods.rug.category, goods.bolt.country = "Floor", "NL"
    session.flush()
    levels: dict[str, dict[str, Any]] = {
        "rep": {"rep_id": written["rugs"].user_id},
        "product": {"product_id": goods.rug.id},
        "category": {"category": "Floor"},
        "country": {"country": "NL"},
    }

    services.adjust_consensus(
        opened.id, total=Decimal(7), month=FIRST, reason="R", **levels[level]
    )

    assert told(session, opened)[goods.rug.id][0] == 7
    assert told(session, opened)[goods.lamp.id][0] == 30


def test_a_level_without_rows_is_refused(
    opened: Cycle, written: dict[str, ScopeRow], goods: Goods, team: Team
) -> None:
    with pytest.raises(Invalid, match="No row"):
        services.adjust_consensus(
            opened.id,
            total=Decimal(7),
            reason="R",
            product_id=goods.rug.id,
            rep_id=team.ada.id,
        )


def test_reps_see_what_they_wrote_and_the_snapshot_keeps_both(
    session: Session, opened: Cycle, written: dict[str, ScopeRow], goods: Goods
) -> None:
    services.adjust_consensus(opened.id, total=Decimal(180), month=FIRST, reason="Fair")
    before = told(session, opened)
    services.save_cells(opened.id, [edit(written["lamps"], 40, version=1)], rep_id=None)
    with_more = told(session, opened)
    services.close_cycle(opened.id)

    assert before[goods.lamp.id][0] == 60
    assert with_more[goods.lamp.id][0] == 70  # what was added stays
    assert told(session, opened) == with_more


def test_what_is_undone_counts_no_more_and_is_still_told(
    session: Session, pat: FlaskClient, opened: Cycle, written: dict[str, ScopeRow]
) -> None:
    plain = told(session, opened)
    form = {"total": "100", "month": FIRST.isoformat(), "reason": "The fair"}
    asked = pat.post(f"/planning/cycles/{opened.id}/adjustments", data=form)
    assert asked.status_code == 303, asked.text
    adjusted = told(session, opened)
    number = session.scalars(select(Adjustment.id)).one()

    for _again in range(2):
        assert pat.post(f"/planning/adjustments/{number}/undos").status_code in (303, 409)

    assert adjusted != plain
    assert told(session, opened) == plain
    page = pat.get(f"/planning/cycles/{opened.id}").text
    assert "The fair" in page
    assert "Undone" in page


def test_only_planners_adjust_and_only_what_is_open(
    ada: FlaskClient, opened: Cycle, written: dict[str, ScopeRow]
) -> None:
    form = {"total": "100", "reason": "R"}

    assert ada.post(f"/planning/cycles/{opened.id}/adjustments", data=form).status_code == 403
    services.close_cycle(opened.id)
    with pytest.raises(CycleNotOpen):
        services.adjust_consensus(opened.id, total=Decimal(1), reason="R")


def test_without_a_reason_or_a_number_it_is_refused(
    pat: FlaskClient, opened: Cycle, written: dict[str, ScopeRow]
) -> None:
    at = f"/planning/cycles/{opened.id}/adjustments"

    assert pat.post(at, data={"total": "100", "reason": " "}).status_code == 422
    assert pat.post(at, data={"total": "-1", "reason": "R"}).status_code == 422
    assert pat.post(at, data={"total": "1.2345", "reason": "R"}).status_code == 422
    with pytest.raises(Invalid):
        services.adjust_consensus(
            opened.id, total=Decimal(1), reason="R", month=months_after(FIRST, 30)
        )


def test_rows_without_any_figure_are_filled_evenly(
    session: Session, opened: Cycle, goods: Goods
) -> None:
    services.adjust_consensus(opened.id, total=Decimal(3), month=SECOND, reason="R")

    said = told(session, opened)
    assert sorted([said[goods.lamp.id][1], said[goods.rug.id][1]]) == [1, 2]
    assert said[goods.lamp.id][0] is None


def test_programs_adjust_list_and_undo(
    pat: FlaskClient, team: Team, opened: Cycle, written: dict[str, ScopeRow]
) -> None:
    pat.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(team.planner, name='r')}"
    at = f"/api/v1/sop/cycles/{opened.id}/adjustments"

    made: Any = pat.post(at, json={"total": "50", "reason": "R", "rep_id": team.ada.id})
    undone: Any = pat.post(f"/api/v1/sop/adjustments/{made.json['id']}/undo")

    assert made.status_code == 201
    assert (made.json["before"], made.json["after"]) == ("40", "50")
    assert undone.json["undone_at"]
    listed: Any = pat.get(at).json
    assert [one["id"] for one in listed["items"]] == [made.json["id"]]


def test_the_grid_tells_who_adjusted_which_cell_and_why(
    session: Session, ada: FlaskClient, opened: Cycle, written: dict[str, ScopeRow]
) -> None:
    services.adjust_consensus(opened.id, total=Decimal(180), month=FIRST, reason="The fair")
    undone = services.adjust_consensus(opened.id, total=Decimal(9), month=SECOND, reason="No")
    services.undo_adjustment(undone.id)

    told: Any = ada.get(f"/planning/cycles/{opened.id}/grid/cells").json

    [[number, [who, why]]] = told["adjusted"]["made"].items()
    assert (who, why) == ("system", "The fair")
    lamps = written["lamps"].id
    assert told["adjusted"]["cells"] == [[lamps, int(number), [0], [30.0]]]


def test_programs_are_told_what_planners_made_of_a_month(
    ada: FlaskClient, team: Team, opened: Cycle, written: dict[str, ScopeRow]
) -> None:
    services.adjust_consensus(opened.id, total=Decimal(180), month=FIRST, reason="The fair")
    ada.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(team.ada, name='r')}"

    told: Any = ada.get(f"/api/v1/forecasts/{written['lamps'].id}").json

    first = told["months"][0]
    assert [first[name] for name in ("total", "adjusted", "consensus")] == ["30", "30", "60"]
