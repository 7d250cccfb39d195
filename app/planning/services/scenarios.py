"""Scenarios: copied from what a cycle says, changed by themselves, adopted or discarded."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.actors import current_actor_id
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.planning.errors import CycleNotOpen, ScenarioDecided
from app.planning.models import Adjustment, AdjustmentCell, Cycle, Scenario
from app.planning.months import months_after
from app.planning.services.adjustments import ZERO, adjust_rows
from app.planning.services.freezing import scenario_query, totals_of, totals_query
from app.planning.services.locking import lock_cycle

_COPY = text(
    f"""
    INSERT INTO planning_scenario_row (scenario_id, scope_id, quantities)
    SELECT :scenario_id, t.id, t.quantities FROM ({totals_query().text}) t
    """  # noqa: S608  (our own words)
)


def create_scenario(cycle_id: int, *, name: str, note: str = "") -> Scenario:
    """Copy what a cycle says now, with adjustments, under a name.

    Raises:
        CycleNotOpen: It is a draft, or closed.
        Invalid: The name is empty or taken.
    """
    name = name.strip()
    if not name:
        raise Invalid("name", "Say what it is called.")
    with transaction() as session:
        cycle = lock_cycle(session, cycle_id)
        _refuse_not_open(cycle)
        made = Scenario(
            cycle_id=cycle_id, name=name, note=note.strip(), actor_id=current_actor_id()
        )
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError as error:
            raise Invalid("name", "Another scenario of this cycle is called that.") from error
        session.execute(_COPY, {"cycle_id": cycle_id, "scenario_id": made.id})
    return made


def adjust_scenario(
    scenario_id: int,
    *,
    total: Decimal,
    reason: str,
    month: date | None = None,
    **level: Any,
) -> Adjustment:
    """Let the rows of a level come to a total in a scenario: the cycle stays as it is.

    Levels, and how it is spread, are those of `adjust_consensus`.

    Raises:
        ScenarioDecided: It was adopted or discarded.
        CycleNotOpen: Its cycle is closed.
        Invalid: There are no such rows or months, or the total is no quantity.
    """
    with transaction() as session:
        cycle, scenario = lock_scenario(session, scenario_id)
        said = {
            one.id: one.quantities
            for one in session.execute(scenario_query(), {"scenario_id": scenario.id})
        }
        return adjust_rows(
            *(session, cycle, said),
            total=total,
            reason=reason,
            month=month,
            scenario_id=scenario.id,
            **level,
        )


def adopt_scenario(scenario_id: int) -> Scenario:
    """Let the consensus say what the scenario has changed; the rest stays as it is now.

    It is one adjustment of the consensus, which can be undone. Done twice, it counts once.

    Raises:
        ScenarioDecided: It was discarded.
        CycleNotOpen: Its cycle is closed.
    """
    with transaction() as session:
        cycle, scenario = lock_scenario(session, scenario_id, unless="adopted")
        if scenario.is_open:
            _decide(scenario, "adopted")
            _adjust_consensus(session, cycle, scenario)
    return scenario


def discard_scenario(scenario_id: int) -> Scenario:
    """Let a scenario be changed no more; it stays to be read. Done twice, it counts once.

    Raises:
        ScenarioDecided: It was adopted.
    """
    with transaction() as session:
        scenario = _locked(session, scenario_id)
        if scenario.status == "adopted":
            raise ScenarioDecided(f"“{scenario}” was adopted.")
        if scenario.is_open:
            _decide(scenario, "discarded")
    return scenario


def lock_scenario(
    session: Session, scenario_id: int, *, unless: str = ""
) -> tuple[Cycle, Scenario]:
    """Lock an open cycle and a scenario of it that can still be changed, in this order."""
    found = select(Scenario.cycle_id).where(Scenario.id == scenario_id)
    cycle = lock_cycle(session, session.scalars(found).one())
    scenario = _locked(session, scenario_id)
    if not scenario.is_open and scenario.status != unless:
        raise ScenarioDecided(f"“{scenario}” was {scenario.status}: it stays as it is.")
    _refuse_not_open(cycle)
    return cycle, scenario


def _locked(session: Session, scenario_id: int) -> Scenario:
    one = select(Scenario).where(Scenario.id == scenario_id)
    return session.scalars(locked(one, Scenario)).one()


def _refuse_not_open(cycle: Cycle) -> None:
    if not cycle.is_open:
        raise CycleNotOpen(f"{cycle} is not open: its consensus stays as it is.")


def _decide(scenario: Scenario, status: str) -> None:
    scenario.status = status
    scenario.decided_at, scenario.decided_by_id = datetime.now(UTC), current_actor_id()


def _adjust_consensus(session: Session, cycle: Cycle, scenario: Scenario) -> None:
    """Write one adjustment of all that the scenario says otherwise than it was copied."""
    now = totals_of(session, cycle.id)
    cells = [
        {"scope_id": row.id, "month": months_after(cycle.month, place), "difference": change}
        for row in session.execute(scenario_query(), {"scenario_id": scenario.id})
        for place, (said, copied) in enumerate(zip(row.quantities, row.copied, strict=True))
        if said != copied and (change := (said or ZERO) - (now[row.id][place] or ZERO))
    ]
    if not cells:
        return
    before = sum((cell or ZERO for row in now.values() for cell in row), ZERO)
    adjustment = Adjustment(
        cycle_id=cycle.id,
        before=before,
        after=before + sum(cell["difference"] for cell in cells),
        reason=f"Scenario “{scenario.name}”" + (f": {scenario.note}" if scenario.note else ""),
        actor_id=current_actor_id(),
    )
    session.add(adjustment)
    session.flush()
    session.execute(
        insert(AdjustmentCell), [cell | {"adjustment_id": adjustment.id} for cell in cells]
    )
