"""The list of alerts: what is open, and what was put right lately."""

from collections.abc import Sequence

from app.core.alerts import queries
from app.core.alerts.models import Alert
from app.core.db import db
from app.core.pages import Asked, Column, ListPage, Nothing, Segments
from app.core.permissions import SIGNED_IN, catalogue, may

SHOWN = 100


def _alerts(asked: Asked) -> Sequence[Alert]:
    """Fetch those that the person asking is told of, the open ones first."""
    held = _held()
    open_ones = queries.told_to(held, queries.open_alerts())
    closed = queries.told_to(held, queries.alerts_put_right()).limit(SHOWN)
    wanted = {"open": [open_ones], "closed": [closed]}.get(asked["state"], [open_ones, closed])
    return [alert for query in wanted for alert in db.session.scalars(query)]


def _held() -> list[str]:
    names = [f"{area}.{verb}" for area, verbs in catalogue().items() for verb in verbs]
    return [name for name in names if may(name)]


ALERTS = ListPage(
    name="alerts",
    title="Alerts",
    subtitle="What somebody has to put right, and what was put right in the last 30 days.",
    permission=SIGNED_IN,
    query=_alerts,
    filters=(
        Segments(name="state", label="State", options={"open": "Open", "closed": "Put right"}),
    ),
    columns=(
        Column(
            name="title",
            title="Alert",
            kind="cell",
            cell="alerts/_cells.html:title",
            place="name wrap",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="alerts/_cells.html:state",
            value="kind",
            place="status",
        ),
        Column(name="text", title="Text", place="wide desk", is_shown=False),
        Column(name="created_at", title="Since", kind="moment", is_short=False),
        Column(
            name="closed_at",
            title="Put right",
            kind="moment",
            is_short=False,
        ),
        Column(
            name="occurrences",
            title="Seen",
            kind="cell",
            cell="alerts/_cells.html:seen",
        ),
        Column(
            name="actions",
            title="Actions",
            kind="cell",
            cell="alerts/_cells.html:open_it",
            place="action",
            is_unseen=True,
            is_exported=False,
        ),
    ),
    events=("alerts:changed",),
    nothing=Nothing(
        title="Nothing is wrong.",
        advice="What needs you will stand here and at the top of every page.",
        icon="check",
    ),
)
