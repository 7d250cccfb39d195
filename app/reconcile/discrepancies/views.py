"""Pages of what differs: the list, one of them, and what is compared."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from werkzeug import Response

from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
    Search,
)
from app.core.permissions import requires
from app.core.web import respond_saved
from app.integrations.hub.models import Connection
from app.integrations.marketplaces.queries import marketplace_connections
from app.reconcile import jobs
from app.reconcile.discrepancies import explaining, queries, services
from app.reconcile.discrepancies.forms import ComparisonForm, NoteForm
from app.reconcile.discrepancies.models import STATES, Discrepancy
from app.reconcile.marketplace_columns import ACCOUNT, CONNECTIONS, VIEW

MANAGE = "reconcile.manage"
CHANGED = "discrepancies:changed"
bp = Blueprint("discrepancies", __name__, url_prefix="/discrepancies")


def _discrepancies(asked: Asked) -> Any:
    return queries.discrepancies(
        search=asked["search"], state=asked["state"], connection_id=asked["connection"],
        direction=asked["direction"],
    )  # fmt: skip


def _accounts(_rows: Any) -> Mapping[str, Any]:
    """What is compared, and which accounts no location stands for yet."""
    known = {one.connection_id: one for one in db.session.scalars(queries.comparisons())}
    accounts = db.session.scalars(marketplace_connections()).all()
    return {"accounts": [(one, known.get(one.id)) for one in accounts]}


LIST = ListPage(
    name="discrepancies",
    title="Discrepancies",
    subtitle="Products of which marketplaces have more or less than our books say.",
    permission=VIEW,
    query=_discrepancies,
    key=Discrepancy.id,
    sort="-value",
    events=(CHANGED,),
    href=lambda one: url_for("discrepancies.show", discrepancy_id=one.id),
    above="discrepancies/_accounts.html",
    context=_accounts,
    filters=(
        Search(label="SKU or name"),
        Choice(name="state", label="State", options=STATES, everything="Not reconciled"),
        Choice(name="direction", label="Direction", options=queries.DIRECTIONS),
        ACCOUNT,
    ),
    columns=(
        Column(
            name="sku", title="SKU", kind="code", value="product.sku", place="code",
            is_link=True, is_required=True,
        ),
        Column(name="name", title="Product", value="product.name", place="name wrap"),
        Column(name="account", title="Account", value="connection.name", place="meta"),
        Column(name="ours", title="Our books", kind="quantity", unit="product.unit"),
        Column(name="theirs", title="They have", kind="quantity", unit="product.unit"),
        Column(name="quantity", title="Difference", kind="quantity", place="figure"),
        Column(
            name="value", title="At our price", kind="money", unit="currency",
            sort=Discrepancy.value,
        ),
        Column(name="currency", title="Currency", is_shown=False, place="desk"),
        Column(
            name="state", title="State", value=lambda one: STATES[one.state], place="status"
        ),
        Column(
            name="first_seen", title="Since", kind="moment", value="first_seen_at",
            sort=Discrepancy.first_seen_at, place="meta",
        ),
        Column(
            name="snapshot", title="As of", kind="moment", value="snapshot_at", place="desk"
        ),
        Column(name="note", title="Why", place="desk wide wrap"),
    ),
    nothing=Nothing(
        title="Nothing differs.",
        advice="Say which location stands for a marketplace, and have both compared.",
        link=CONNECTIONS,
        icon="check",
    ),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another filter.", action="Show what differs"
    ),
)  # fmt: skip

DISCREPANCY = Resource(
    name="discrepancy",
    area="discrepancies",
    query=queries.discrepancy,
    rule="/<int:discrepancy_id>",
    keys={"discrepancy_id": "id"},
    event=CHANGED,
)
_do = partial(Action, resource=DISCREPANCY, permission=MANAGE)
explain = _do(
    name="create_explanation",
    path="/explanations",
    title="Explain",
    heading="Explain {0.product.sku}",
    form=NoteForm,
    act=services.explain_discrepancy,
    done="It is explained. It ends once both agree.",
    icon="check",
    kind="primary",
    when=lambda one: one.state == "open",
)
dismiss = _do(
    name="create_dismissal",
    path="/dismissal",
    title="Dismiss",
    heading="Dismiss {0.product.sku}",
    form=NoteForm,
    act=services.dismiss_discrepancy,
    done="It is dismissed, as long as it stays the same.",
    icon="x",
    kind="quiet",
    when=lambda one: one.state in {"open", "explained"},
)
reopen = _do(
    name="create_reopening",
    path="/reopening",
    title="Reopen",
    act=services.reopen_discrepancy,
    done="It is open again.",
    icon="undo",
    kind="quiet",
    when=lambda one: one.state in {"explained", "dismissed"},
)


def _context(one: Discrepancy) -> Mapping[str, Any]:
    comparison = db.session.scalars(queries.comparison_of(one.connection_id)).one_or_none()
    causes = explaining.explain(one, comparison)
    return {
        "causes": causes,
        "explained": explaining.explained(one, causes),
        "comparison": comparison,
        "state": STATES[one.state],
    }


page = RecordPage(
    resource=DISCREPANCY,
    permission=VIEW,
    heading="{0.product.sku}: {0.quantity:+f}",
    subtitle="{0.product.name}",
    crumbs=lambda _one: [("Discrepancies", url_for("discrepancies.index"))],
    buttons=(explain, dismiss, reopen),
    has_row=True,
    body="discrepancies/_discrepancy.html",
    context=_context,
    labels={"note": "Why"},
)

ACCOUNTS = Resource(
    name="connection",
    area="discrepancies",
    query=queries.connection,
    rule="/accounts/<int:connection_id>",
    keys={"connection_id": "id"},
    event=CHANGED,
    shown_at="index",
)


def _begin(form: ComparisonForm, connection: Connection) -> None:
    known = db.session.scalars(queries.comparison_of(connection.id)).one_or_none()
    form.location.data = known.location.code if known else ""
    form.tolerance.data = known.tolerance if known else Decimal(0)


compare_with = Action(
    resource=ACCOUNTS,
    name="create_comparison",
    path="/comparison",
    title="Location",
    heading="What stands for {0.name}",
    advice="What our books say lies there is compared with what the marketplace says.",
    permission=MANAGE,
    form=ComparisonForm,
    fill=_begin,
    act=services.set_comparison,
    done="It is compared with the next search.",
    to=lambda _made: url_for("discrepancies.index"),
)


@bp.post("/searches")
@requires(MANAGE)
def create_search() -> Response:
    """Look for discrepancies now."""
    jobs.find_discrepancies.enqueue()
    said = "They are being compared; what differs appears here."
    return respond_saved(url_for("discrepancies.index"), said, event=CHANGED)


LIST.add_to(bp)
page.add_to(bp)
for action in (explain, dismiss, reopen, compare_with):
    action.add_to(bp)
