"""What is written into cells: each once, none over another's, nothing in what is closed."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.actors import Actor, acting_as
from app.core.errors import InvalidRow
from app.planning import services
from app.planning.errors import CycleNotOpen, ForecastLocked
from app.planning.models import CellChange, Cycle, ForecastCell, ScopeRow, Submission
from app.planning.months import months_after
from tests.planning.conftest import Goods, Team, edit
from tests.planning.factories import FIRST


@pytest.fixture
def row(session: Session, opened: Cycle, team: Team) -> ScopeRow:
    return session.scalars(select(ScopeRow).where(ScopeRow.user_id == team.ada.id)).one()


def test_an_edit_counts_once_however_often_it_is_sent(
    session: Session, opened: Cycle, row: ScopeRow
) -> None:
    wanted = edit(row, 12.5, reason="A fair", source="pasted")

    first = services.save_cells(opened.id, [wanted], rep_id=row.user_id)
    again = services.save_cells(opened.id, [wanted], rep_id=row.user_id)

    assert first.saved == again.saved
    cell = session.scalars(select(ForecastCell)).one()
    assert (cell.quantity, cell.version, cell.reason) == (Decimal("12.5"), 1, "A fair")
    assert session.scalar(select(func.count()).select_from(CellChange)) == 1


def test_only_the_cell_that_somebody_else_changed_is_left(
    opened: Cycle, row: ScopeRow, team: Team
) -> None:
    with acting_as(Actor(team.planner.id, "Pat", None)):
        services.save_cells(opened.id, [edit(row, 7)], rep_id=None)
    later = months_after(FIRST, 1)

    result = services.save_cells(
        opened.id, [edit(row, 9), edit(row, 3, month=later)], rep_id=row.user_id
    )

    assert [one.month for one in result.saved] == [later]
    [conflict] = result.conflicts
    assert (conflict.quantity, conflict.version, conflict.changed_by) == (Decimal(7), 1, "Pat")
    mine = edit(row, 9, version=conflict.version)
    assert services.save_cells(opened.id, [mine], rep_id=row.user_id).conflicts == []


def test_empty_falls_back_and_is_not_zero(
    session: Session, opened: Cycle, row: ScopeRow
) -> None:
    services.save_cells(opened.id, [edit(row, 0)], rep_id=None)
    assert session.scalars(select(ForecastCell.quantity)).one() == 0
    services.save_cells(opened.id, [edit(row, None, version=1)], rep_id=None)

    assert session.scalars(select(ForecastCell.quantity)).one() is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": -1}, "cells.0.quantity"),
        ({"quantity": "0.0001"}, "cells.0.quantity"),
        ({"month": months_after(FIRST, 3)}, "cells.0.month"),
        ({"reason": "a" * 301}, "cells.0.reason"),
    ],
)
def test_what_does_not_fit_is_named(
    opened: Cycle, row: ScopeRow, wrong: dict[str, Any], field: str
) -> None:
    given = {"quantity": 1, **wrong}

    with pytest.raises(InvalidRow) as refused:
        services.save_cells(opened.id, [edit(row, **given)], rep_id=None)
    assert [*refused.value.fields] == [field]


def test_a_closed_cycle_takes_nothing_in_any_way(
    opened: Cycle, row: ScopeRow, pat: FlaskClient
) -> None:
    services.close_cycle(opened.id)

    with pytest.raises(CycleNotOpen):
        services.save_cells(opened.id, [edit(row, 1)], rep_id=None)
    late = {"cells": [sent(row, "5")]}
    answer: Any = pat.post(
        f"/planning/cycles/{opened.id}/grid/cells",
        json=late,
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 409
    assert answer.json["code"] == "cycle_not_open"


def sent(row: ScopeRow, quantity: str, **more: Any) -> dict[str, Any]:
    cell = {"op_id": str(uuid4()), "row_id": row.id, "month": str(FIRST), "version": 0}
    return {**cell, "quantity": quantity, **more}


def test_the_page_gets_all_rows_and_saves_cells(
    ada: FlaskClient, opened: Cycle, row: ScopeRow, goods: Goods
) -> None:
    at = f"/planning/cycles/{opened.id}/grid"
    answer: Any = ada.post(f"{at}/cells", json={"cells": [sent(row, "5", reason="R")]}).json
    told: Any = ada.get(f"{at}/cells").json

    assert answer["saved"][0]["version"] == 1
    assert [one[:4] for one in told["rows"]] == [
        [row.id, goods.acme.id, goods.lamp.id, row.user_id]
    ]
    assert told["rows"][0][9] == [[0, 1, 5, "R", "", "Ada"]]
    assert told["head"]["writable"] == [row.user_id, *told["head"]["writable"][1:]]
    assert told["names"]["products"][str(goods.lamp.id)][0] == "LAMP"
    assert "data-forecast" in ada.get(at).text


def test_a_rep_writes_no_row_of_others(
    session: Session, ada: FlaskClient, opened: Cycle, team: Team
) -> None:
    others = session.scalars(select(ScopeRow).where(ScopeRow.user_id == team.bob.id)).one()
    answer = ada.post(
        f"/planning/cycles/{opened.id}/grid/cells", json={"cells": [sent(others, "5")]}
    )

    assert answer.status_code == 422
    assert session.scalars(select(ForecastCell)).all() == []


def test_what_is_submitted_is_its_reps_no_more(
    session: Session, opened: Cycle, row: ScopeRow
) -> None:
    mine = session.scalars(select(Submission).where(Submission.user_id == row.user_id)).one()
    services.submit_forecast(mine.id, accepts_blanks=True)

    with pytest.raises(ForecastLocked):
        services.save_cells(opened.id, [edit(row, 1)], rep_id=row.user_id)
    assert services.save_cells(opened.id, [edit(row, 1)], rep_id=None).saved


@pytest.mark.committed
def test_of_two_who_write_one_cell_one_is_told(
    app: Flask, opened: Cycle, row: ScopeRow
) -> None:
    def write(quantity: int) -> int:
        with app.app_context():
            result = services.save_cells(opened.id, [edit(row, quantity)], rep_id=None)
            return len(result.conflicts)

    with ThreadPoolExecutor(4) as people:
        conflicts = [*people.map(write, range(1, 5))]

    assert sum(conflicts) == 3
