"""The grid as its page reads it: JSON that the database writes, for rows by the thousand."""

import json

from app.catalog.costs import COSTS
from app.core.db import db
from app.core.permissions import may_see
from app.planning import grid_queries
from app.planning.models import METHODS, WRITABLE, Cycle, Submission
from app.planning.months import months_after
from app.planning.services.freezing import place_of
from app.planning.services.pricing import prices


def grid_json(cycle: Cycle, *, rep_id: int | None, writes_all: bool) -> str:
    """Write all that the grid shows: head, names, what planners have adjusted, rows.

    `rep_id` is whose rows, None for all. Who `writes_all` may write what was submitted, too.
    What goods cost is told to who may see it.
    """
    last = place_of(cycle, months_after(cycle.month, -12))
    rows = grid_queries.grid_rows(cycle, last=last, before=last - 12, rep_id=rep_id)
    priced, sees_costs = prices(cycle), may_see(COSTS)
    head = {
        "cycle": str(cycle),
        "status": cycle.status,
        "threshold": cycle.threshold,
        "months": [month.isoformat() for month in cycle.horizon],
        "methods": METHODS,
        "currency": priced.currency,
        "priced": "when it was closed" if priced.is_kept else "of today",
        "writable": _writable(cycle, writes_all=writes_all),
    }
    session = db.session()
    named = grid_queries.grid_names(priced, rep_id=rep_id, sees_costs=sees_costs)
    names = session.scalar(named)
    adjusted = session.scalar(grid_queries.grid_adjusted(cycle, rep_id=rep_id))
    # Read last: what was written until then is among it.
    parts = {"head": json.dumps(head), "names": names, "adjusted": adjusted}
    told = "".join(f'"{name}": {part}, ' for name, part in parts.items())
    return f'{{{told}"rows": {session.scalar(rows)}}}'


def _writable(cycle: Cycle, *, writes_all: bool) -> list[int]:
    """Give the reps whose rows can be written now."""
    if not cycle.is_open:
        return []

    def is_writable(one: Submission) -> bool:
        return writes_all or one.status in WRITABLE

    return [one.user_id for one in cycle.submissions if is_writable(one)]
