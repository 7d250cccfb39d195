"""The list of alerts: what is open, and what was put right lately."""

from collections.abc import Sequence

from app.core.alerts import queries
from app.core.alerts.models import Alert
from app.core.alerts.recipients import heard
from app.core.alerts.rules import kinds_shown
from app.core.db import db
from app.core.pages import Asked, Choice, Column, ListPage, Nothing, Segments
from app.core.permissions import SIGNED_IN
from app.core.slices import slices

SHOWN = 100


def _alerts(asked: Asked) -> Sequence[Alert]:
    """Fetch those that the person asking hears of, the open ones first."""
    open_ones, closed = (
        heard(query).where(Alert.kind.in_(kinds_shown()))
        for query in (queries.open_alerts(), queries.alerts_put_right().limit(SHOWN))
    )
    if asked["kind"]:
        open_ones, closed = (q.where(Alert.kind == asked["kind"]) for q in (open_ones, closed))
    wanted = {"open": [open_ones], "closed": [closed]}.get(asked["state"], [open_ones, closed])
    return [alert for query in wanted for alert in db.session.scalars(query)]


def _kinds() -> list[tuple[str, str]]:
    return [(kind.name, kind.label) for kind in slices().alerts.values()]


def _label(alert: Alert) -> str:
    kind = slices().alerts.get(alert.kind)
    return kind.label if kind else alert.kind


ALERTS = ListPage(
    name="alerts",
    title="Alerts",
    subtitle="What somebody has to put right, and what was put right in the last 30 days.",
    permission=SIGNED_IN,
    query=_alerts,
    filters=(
        Segments(name="state", label="State", options={"open": "Open", "closed": "Put right"}),
        Choice(name="kind", label="What it tells", options=_kinds, everything="All alerts"),
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
            value="severity",
            place="status",
        ),
        Column(name="kind", title="Kind", value=_label, place="wide desk", is_shown=False),
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
            cell="alerts/_cells.html:actions",
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
