"""Cycles: made, copied, opened and closed; and their matrix, filled from sales."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.core.errors import AlreadyExists, DomainError, Invalid
from app.planning import services
from app.planning.errors import CycleNotDraft, CycleNotOpen
from app.planning.models import Cycle, ScopeRow, Snapshot
from app.planning.months import months_after
from tests.conftest import SignIn
from tests.planning.conftest import Goods, Team, edit, made, matched, row_of, sales
from tests.planning.factories import FIRST

DAY = timedelta(days=14)


def test_a_planner_makes_a_cycle_by_the_form(pat: FlaskClient, team: Team) -> None:
    form = pat.get("/planning/cycles/new").text
    data = {"month": f"{FIRST:%Y-%m}", "months": "12", "due_on": str(FIRST), "threshold": "30"}
    answer = pat.post("/planning/cycles", data={**data, "rep_ids": str(team.ada.id)})
    page = pat.get(answer.location).text

    assert "Who forecasts" in form
    assert f"Forecast of {FIRST:%B %Y}" in page
    assert "Ada" in page
    assert f"{FIRST:%B %Y}" in pat.get("/planning/cycles").text


def test_a_month_has_one_cycle_and_only_who_may_forecast(team: Team, cycle: Cycle) -> None:
    with pytest.raises(AlreadyExists):
        made(team)
    with pytest.raises(Invalid, match="may not write forecasts"):
        made(team, month=months_after(FIRST, 1), rep_ids=[0])


def test_a_rep_sees_own_cycles_and_rows_only(
    sign_in: SignIn, ada: FlaskClient, opened: Cycle, goods: Goods
) -> None:
    other = sign_in("forecasts.view", "forecasts.edit")
    rows = ada.get(f"/planning/cycles/{opened.id}/rows").text

    assert goods.acme.name in rows
    assert goods.bolt.name not in rows
    assert other.get(f"/planning/cycles/{opened.id}").status_code == 404
    assert sign_in().get("/planning/cycles").status_code == 403
    assert ada.post(f"/planning/cycles/{opened.id}/closures").status_code == 403


def test_the_matrix_is_filled_from_sales(
    session: Session, team: Team, cycle: Cycle, goods: Goods
) -> None:
    row_of(cycle, team.bob, goods.bolt, goods.rug)
    recent = months_after(FIRST, -3) + DAY
    long_ago = months_after(FIRST, -20) + DAY
    sales(
        (recent, "ACME", "LAMP", 5),
        (recent, "BOLT", "RUG", 2),
        (long_ago, "ACME", "RUG", 9),
    )
    matched(session, goods)

    nobody = services.fill_matrix(cycle.id, months=12)
    filled = services.fill_matrix(cycle.id, months=12, others_id=team.ada.id)

    assert nobody == (0, 1)
    assert filled == (1, 0)
    found = select(ScopeRow.customer_id, ScopeRow.user_id).where(ScopeRow.cycle_id == cycle.id)
    assert {*map(tuple, session.execute(found))} == {
        (goods.bolt.id, team.bob.id),
        (goods.acme.id, team.ada.id),
    }


def test_opening_freezes_what_was_sold(
    session: Session, team: Team, cycle: Cycle, goods: Goods
) -> None:
    row = row_of(cycle, team.ada, goods.acme, goods.lamp)
    sales(
        (months_after(FIRST, -12) + DAY, "ACME", "LAMP", 5),
        (months_after(FIRST, -3) + DAY, "ACME", "LAMP", 7),
        (months_after(FIRST, -1), "ACME", "LAMP", 100),  # of the month that is not over
    )
    matched(session, goods)

    services.open_cycle(cycle.id)
    session.refresh(row)

    assert len(row.history) == 48
    assert row.history[-2] == 7
    assert sum(row.history) == 12
    naive = session.scalars(select(Snapshot.quantities)).one()
    assert naive[0] == 5
    with pytest.raises(CycleNotDraft):
        services.assign_row(row.id, user_id=team.bob.id)
    with pytest.raises(CycleNotDraft):
        services.delete_cycle(cycle.id)


def test_nothing_to_forecast_is_not_opened(cycle: Cycle) -> None:
    with pytest.raises(DomainError, match="fill the matrix first"):
        services.open_cycle(cycle.id)


def test_the_next_cycle_copies_the_matrix_and_shows_what_the_last_said(
    session: Session, team: Team, opened: Cycle
) -> None:
    row = session.scalars(select(ScopeRow).where(ScopeRow.user_id == team.ada.id)).one()
    later = months_after(FIRST, 1)
    services.save_cells(opened.id, [edit(row, 40, month=later)], rep_id=None)
    services.close_cycle(opened.id)

    following = made(team, month=later, copies=True, rep_ids=[team.ada.id])
    services.open_cycle(following.id)

    copied = session.scalars(select(ScopeRow).where(ScopeRow.cycle_id == following.id)).one()
    assert (copied.user_id, copied.product_id) == (row.user_id, row.product_id)
    assert copied.previous == [Decimal(40), None]
    consensus = select(func.count()).where(Snapshot.stage == "consensus")
    assert session.scalar(consensus) == 2


def test_a_rep_with_rows_stays(team: Team, cycle: Cycle, goods: Goods) -> None:
    row_of(cycle, team.bob, goods.bolt, goods.rug)

    with pytest.raises(Invalid, match="Bob still has rows"):
        services.update_cycle(cycle.id, version=None, rep_ids=[team.ada.id])


def test_an_open_cycle_keeps_its_months_and_a_closed_one_takes_nothing(
    pat: FlaskClient, opened: Cycle
) -> None:
    page = pat.get(f"/planning/cycles/{opened.id}/edit").text
    with pytest.raises(CycleNotDraft):
        services.update_cycle(opened.id, version=None, months=6)
    later = opened.due_on + DAY
    services.update_cycle(opened.id, version=None, due_on=later)

    assert 'name="months"' not in page
    assert pat.post(f"/planning/cycles/{opened.id}/closures").status_code == 303
    assert opened.due_on == later
    with pytest.raises(CycleNotOpen):
        services.close_cycle(opened.id)


def test_programs_plan_too(
    session: Session, pat: FlaskClient, team: Team, goods: Goods
) -> None:
    pat.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token(team)}"
    body = {"month": f"{FIRST}", "months": 3, "due_on": f"{FIRST}", "threshold": 20}
    cycle: Any = pat.post(
        "/api/v1/sop/cycles", json={**body, "rep_ids": [team.ada.id], "note": "New"}
    ).json
    at = f"/api/v1/sop/cycles/{cycle['id']}"
    row = {"user_id": team.ada.id, "customer_id": goods.acme.id, "product_id": goods.lamp.id}
    added: Any = pat.post(f"{at}/rows", json=row).json
    again = pat.post(f"{at}/rows", json=row)
    nobody = pat.post(f"{at}/rows", json={**row, "customer_id": 10**9})
    filled = pat.post(f"{at}/rows/fill", json={"months": 6})
    opened: Any = pat.post(f"{at}/open").json
    started = pat.post(f"{at}/baselines")
    told: Any = pat.get(f"/api/v1/forecasts?cycle={cycle['id']}&customer=acme").json
    closed: Any = pat.post(f"{at}/close").json

    assert cycle["status"] == "draft"
    assert again.status_code == 409
    assert nobody.status_code == 422
    assert filled.json == {"added": 0, "left_out": 0}
    assert opened["status"] == "open"
    assert started.status_code == 202
    assert told["items"][0]["id"] == added["id"]
    assert [one["quantity"] for one in told["items"][0]["months"]] == [None] * 3
    assert closed["status"] == "closed"
    assert pat.delete(at).status_code == 409


def token(team: Team) -> str:
    return create_token(team.planner, name="robot")
