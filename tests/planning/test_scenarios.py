"""Scenarios: a copy that is changed by itself, compared, and adopted or discarded."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.core.errors import Invalid
from app.planning import queries, services
from app.planning.errors import CycleNotOpen, ScenarioDecided
from app.planning.models import Adjustment, Cycle, Scenario, ScopeRow
from app.planning.services.comparing import compare
from app.planning.services.consensus import consensus_of
from tests.planning.conftest import Goods, Team, edit
from tests.planning.factories import FIRST
from tests.planning.test_adjustments import SECOND, told


@pytest.fixture
def rows(opened: Cycle, team: Team, session: Session, goods: Goods) -> dict[str, ScopeRow]:
    """Acme takes 30 lamps at 2, and 10 in the second month; Bolt takes 60 rugs at 5."""
    goods.lamp.price, goods.rug.price = Decimal(2), Decimal(5)
    found = {row.user_id: row for row in session.scalars(select(ScopeRow))}
    lamps, rugs = found[team.ada.id], found[team.bob.id]
    said = [edit(lamps, 30), edit(lamps, 10, month=SECOND), edit(rugs, 60)]
    services.save_cells(opened.id, said, rep_id=None)
    return {"lamps": lamps, "rugs": rugs}


@pytest.fixture
def copied(opened: Cycle, rows: dict[str, ScopeRow]) -> Scenario:
    return services.create_scenario(opened.id, name="Fair", note="If we exhibit")


def loaded(session: Session, scenario: Scenario) -> Scenario:
    session.expire_all()
    return session.scalars(queries.scenarios().where(Scenario.id == scenario.id)).one()


def test_a_copy_is_changed_without_changing_the_cycle(
    session: Session, opened: Cycle, copied: Scenario, goods: Goods
) -> None:
    before = told(session, opened)
    services.adjust_scenario(
        copied.id, total=Decimal(90), month=FIRST, reason="Fair", product_id=goods.lamp.id
    )

    assert told(session, opened) == before
    comparison = compare(loaded(session, copied), level="product")
    lamp, rug = comparison.rows
    assert lamp.key == "LAMP"
    assert [*map(int, (lamp.total.base["quantity"], lamp.total.said["quantity"]))] == [40, 100]
    assert lamp.total.difference("value") == 120
    assert lamp.months[FIRST].difference("quantity") == 60
    assert lamp.months[SECOND].difference("quantity") == 0
    assert rug.total.difference("quantity") == 0
    assert comparison.total.part("quantity") == Decimal("0.6")


def test_what_is_adjusted_in_the_cycle_is_not_in_the_copy(
    session: Session, opened: Cycle, copied: Scenario
) -> None:
    services.adjust_consensus(opened.id, total=Decimal(180), month=FIRST, reason="More")

    comparison = compare(loaded(session, copied), level="month")
    first = comparison.rows[0].total
    assert [*map(int, (first.base["quantity"], first.said["quantity"]))] == [180, 90]


def test_adopting_it_says_in_the_cycle_what_was_changed_and_nothing_else(
    session: Session, opened: Cycle, copied: Scenario, goods: Goods, rows: dict[str, ScopeRow]
) -> None:
    services.adjust_scenario(
        copied.id, total=Decimal(90), month=FIRST, reason="Fair", product_id=goods.lamp.id
    )
    later = [edit(rows["lamps"], 50, version=1), edit(rows["rugs"], 70, version=1)]
    services.save_cells(opened.id, later, rep_id=None)

    services.adopt_scenario(copied.id)
    services.adopt_scenario(copied.id)

    said = told(session, opened)
    assert said[goods.lamp.id][:2] == [90, 10]
    assert said[goods.rug.id][0] == 70  # written since, and not changed in the scenario
    made = session.scalars(select(Adjustment).where(Adjustment.scenario_id.is_(None))).one()
    assert [*map(int, (made.before, made.after))] == [130, 170]
    assert made.reason == "Scenario “Fair”: If we exhibit"
    services.undo_adjustment(made.id)
    assert told(session, opened)[goods.lamp.id][0] == 50


def test_what_is_decided_is_changed_no_more(session: Session, copied: Scenario) -> None:
    made = services.adjust_scenario(copied.id, total=Decimal(9), reason="R")
    services.discard_scenario(copied.id)
    services.discard_scenario(copied.id)

    with pytest.raises(ScenarioDecided):
        services.adjust_scenario(copied.id, total=Decimal(1), reason="R")
    with pytest.raises(ScenarioDecided):
        services.adopt_scenario(copied.id)
    with pytest.raises(ScenarioDecided):
        services.undo_adjustment(made.id)


def test_a_closed_cycle_neither_copies_nor_adopts(opened: Cycle, copied: Scenario) -> None:
    services.close_cycle(opened.id)

    with pytest.raises(CycleNotOpen):
        services.create_scenario(opened.id, name="Late")
    with pytest.raises(CycleNotOpen):
        services.adopt_scenario(copied.id)
    services.discard_scenario(copied.id)


def test_two_of_a_cycle_have_two_names(opened: Cycle, copied: Scenario) -> None:
    for name in ("Fair", " "):
        with pytest.raises(Invalid):
            services.create_scenario(opened.id, name=name)


def test_undoing_a_change_of_a_scenario_brings_back_what_was_copied(
    session: Session, copied: Scenario
) -> None:
    made = services.adjust_scenario(copied.id, total=Decimal(900), reason="R")
    services.undo_adjustment(made.id)

    assert compare(loaded(session, copied)).total.difference("quantity") == 0


def test_what_has_no_price_is_counted_and_not_taken_for_nothing(
    session: Session, copied: Scenario, goods: Goods
) -> None:
    goods.rug.price = Decimal(0)
    session.flush()

    comparison = compare(loaded(session, copied))

    assert comparison.unpriced == 1
    assert comparison.total.base["value"] == 80


def test_its_page_compares_and_gives_a_file(
    pat: FlaskClient, opened: Cycle, copied: Scenario, goods: Goods
) -> None:
    sent = {"total": "90", "month": FIRST.isoformat(), "reason": "Stand 7", "product_id": ""}
    at = f"/planning/scenarios/{copied.id}"
    asked = pat.post(f"{at}/adjustments", data=sent)
    assert asked.status_code == 303, asked.text

    page = pat.get(f"{at}?rows=customer&measure=value")
    part = pat.get(f"{at}?rows=country", headers={"HX-Request": "true"})
    file = pat.get(f"{at}?rows=product&file=xlsx")

    assert "Stand 7" in page.text
    assert "ACME" in page.text
    assert "<html" not in part.text
    cells = [*load_workbook(BytesIO(file.data)).worksheets[0].values]
    assert cells[0][:5] == (
        *("Product", "Name", "Quantity, cycle", "Quantity, scenario"),
        "Quantity, difference",
    )
    assert cells[-1][0] == "All"
    assert pat.get(f"{at}?file=exe").status_code == 404


def test_it_is_copied_adopted_and_discarded_by_planners_alone(
    pat: FlaskClient, ada: FlaskClient, opened: Cycle, rows: dict[str, ScopeRow]
) -> None:
    at = f"/planning/cycles/{opened.id}/scenarios"
    assert ada.post(at, data={"name": "Mine"}).status_code == 403
    assert pat.post(at, data={"name": ""}).status_code == 422
    made = pat.post(at, data={"name": "Fair", "note": "x"})
    assert made.status_code == 303
    here = made.headers["Location"]

    assert ada.get(here).status_code == 403
    for verb in ("adoptions", "discards", "adjustments"):
        assert ada.post(f"{here}/{verb}").status_code == 403
    assert pat.post(f"{here}/adoptions").status_code == 303
    assert pat.post(f"{here}/discards").status_code == 409
    assert "Adopted" in pat.get(f"/planning/cycles/{opened.id}").text


def test_programs_copy_adjust_compare_and_adopt(
    pat: FlaskClient, team: Team, opened: Cycle, rows: dict[str, ScopeRow]
) -> None:
    pat.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(team.planner, name='r')}"
    made: Any = pat.post(f"/api/v1/sop/cycles/{opened.id}/scenarios", json={"name": "Fair"})
    at = f"/api/v1/sop/scenarios/{made.json['id']}"
    changed: Any = pat.post(f"{at}/adjustments", json={"total": "120", "reason": "R"})

    compared: Any = pat.get(f"{at}/comparison?group_by=rep").json
    adopted: Any = pat.post(f"{at}/adopt")

    assert made.status_code == 201
    assert changed.json["scenario_id"] == made.json["id"]
    assert compared["total"]["quantity_difference"] == "20"
    assert {row["label"] for row in compared["rows"]} == {"Ada", "Bob"}
    assert adopted.json["status"] == "adopted"
    assert pat.post(f"{at}/discard").status_code == 409
    assert pat.get(f"/api/v1/sop/cycles/{opened.id}/scenarios").json["total"] == 1  # type: ignore[index]
    assert pat.get(f"{at}/adjustments").json["total"] == 1  # type: ignore[index]
    assert sum(cell or 0 for row in consensus_of(opened) for cell in row.quantities) == 120
