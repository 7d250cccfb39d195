"""Baselines are made in the worker, some rows at a time, out of what a cycle has frozen."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db, end_transaction, in_transaction, transaction
from app.core.jobs.progress import report_progress
from app.planning.models import Baseline, Cycle, ScopeRow
from app.planning.months import months_after, months_between
from app.planning.reckoning.engine import forecast_all
from app.planning.reckoning.series import Forecast
from app.planning.services.freezing import HISTORY, snapshot_baselines
from app.planning.services.locking import share_open_cycle

AT_ONCE = 1_000  # rows


def make_baselines(cycle_id: int) -> dict[str, Any]:
    """Make the baseline of every row of an open cycle; gives how many, and by which methods.

    One that was closed before stays as it is.

    Raises:
        CycleNotOpen: It was closed meanwhile.
    """
    session = db.session()
    cycle = session.get_one(Cycle, cycle_id, populate_existing=True)
    if not cycle.is_open or cycle.history_first is None:
        return {"rows": 0, "methods": {}}
    rows = select(ScopeRow.id, ScopeRow.history).where(ScopeRow.cycle_id == cycle_id)
    histories = {row.id: row.history for row in session.execute(rows.order_by(ScopeRow.id))}
    # What is forecast begins later than the history ends, where it was opened early.
    skipped = months_between(months_after(cycle.history_first, HISTORY), cycle.month)
    if not in_transaction():  # it takes a while: nothing is to be kept open meanwhile
        end_transaction()
    ids, methods = [*histories], dict[str, int]()
    for begin in range(0, len(ids), AT_ONCE):
        part = {key: [*map(float, histories[key])] for key in ids[begin : begin + AT_ONCE]}
        made = forecast_all(part, months=skipped + cycle.months)
        _keep(cycle_id, made, skipped)
        for one in made.values():
            methods[one.method] = methods.get(one.method, 0) + 1
        report_progress(begin + len(part), len(ids))
    with transaction() as writing:
        share_open_cycle(writing, cycle_id)
        snapshot_baselines(writing, cycle_id)
    return {"rows": len(ids), "methods": methods}


def _keep(cycle_id: int, made: dict[int, Forecast], skipped: int) -> None:
    values = [_values(key, one, skipped) for key, one in made.items()]
    new = insert(Baseline)
    names = ("method", "reason", "quantities", "low", "high", "wape")
    changed = {name: getattr(new.excluded, name) for name in names}
    changed["created_at"] = func.now()
    with transaction() as session:
        share_open_cycle(session, cycle_id)
        session.execute(
            new.on_conflict_do_update(index_elements=["scope_id"], set_=changed), values
        )


def _values(scope_id: int, one: Forecast, skipped: int) -> dict[str, Any]:
    return {
        "scope_id": scope_id,
        "method": one.method,
        "reason": one.reason,
        "quantities": _exact(one.quantities[skipped:]),
        "low": _exact(one.low[skipped:]),
        "high": _exact(one.high[skipped:]),
        "wape": None if one.wape is None else Decimal(str(round(one.wape, 4))),
    }


def _exact(values: Sequence[float]) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]
