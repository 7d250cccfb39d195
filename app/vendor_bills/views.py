"""Bills and purchase orders of the books: the list, the page of one, and what people say."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.catalog.choices import vendor_name
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordPage,
    Reference,
    Resource,
    Search,
    Segments,
)
from app.purchasing.prices import COSTS
from app.vendor_bills import queries, services
from app.vendor_bills.forms import MatchForm
from app.vendor_bills.models import KINDS, OrderMatch, VendorDocument

bp = Blueprint("vendor_bills", __name__, url_prefix="/vendor-bills")

VIEW, MATCH = "vendor_bills.view", "vendor_bills.match"
CHANGED = "vendor_bills:changed"
DOCUMENT = Resource(
    name="document",
    area="vendor_bills",
    query=queries.document,
    rule="/<int:document_id>",
    keys={"document_id": "id"},
    event=CHANGED,
)
ORDER_MATCH = Resource(
    name="match",
    area="vendor_bills",
    query=queries.order_match,
    rule="/<int:document_id>/matches/<int:order_id>",
    keys={"document_id": "document_id", "order_id": "order_id"},
    event=CHANGED,
)


def _documents(asked: Asked) -> Select[Any]:
    return queries.documents(
        search=asked["search"],
        kind=asked["kind"],
        state=asked["state"],
        vendor_id=asked["vendor"],
    )


def _money(name: str, title: str, **more: Any) -> Column:
    value = f"document.{name}"
    return Column(
        name=name,
        title=title,
        kind="money",
        unit="document.currency",
        value=value,
        permission=COSTS,
        **more,
    )


def _orders(row: services.DocumentState) -> str:
    return ", ".join(order.number for order in row.document.matched_orders)


def _with_states(rows: Sequence[VendorDocument]) -> list[services.DocumentState]:
    return services.states_of(rows)


LIST = ListPage(
    name="vendor_bills",
    title="Vendor bills",
    subtitle="Bills and purchase orders as the books have them, matched with ours.",
    permission=VIEW,
    query=_documents,
    prepare=_with_states,
    key=VendorDocument.id,
    sort="-date",
    href=lambda row: url_for("vendor_bills.show", document_id=row.document.id),
    filters=(
        Search(label="Number, vendor or note"),
        Segments(name="kind", label="Kind", options=KINDS),
        Choice(name="state", label="State", options=queries.STATES, everything="All of them"),
        Reference(name="vendor", label="Vendor", shows=vendor_name, chip="Vendor: {}"),
    ),
    columns=(
        Column(
            name="number",
            title="Number",
            value=lambda row: str(row.document),
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="vendor", title="Vendor", value="document.vendor_name", place="meta wrap"),
        Column(name="orders", title="Our order", kind="code", value=_orders),
        Column(
            name="date",
            title="Date",
            kind="day",
            value="document.document_date",
            sort=queries.SORTS["date"],
        ),
        Column(
            name="due", title="Due", kind="day", value="document.due_date", place="wide desk"
        ),
        _money("total", "Total", place="figure"),
        _money("balance", "To pay", place="wide desk"),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="vendor_bills/_cells.html:state",
            value="label",
            export=lambda row: row.label,
            place="status",
        ),
    ),
    events=(CHANGED,),
    nouns=("document", "documents"),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another filter.", action="Show all"
    ),
    nothing=Nothing(
        title="No bills yet.",
        advice="They come from the books, once these are connected.",
        link=Link(
            label="Connections", endpoint="connections.index", permission="integrations.view"
        ),
        icon="file",
    ),
)


def _match(document_id: int, *, order: str) -> VendorDocument:
    found = services.find_order(order)
    return services.match_document(document_id, order_id=found.id)


match = Action(
    resource=DOCUMENT,
    name="create_match",
    path="/matches",
    title="Match",
    heading="Match {0} with an order",
    permission=MATCH,
    form=MatchForm,
    act=_match,
    done="{0} is matched.",
    icon="link",
    kind="primary",
    when=lambda document: document.is_valid,
)
set_apart = Action(
    resource=DOCUMENT,
    name="set_apart",
    path="/separation",
    title="About no order",
    question="Is {0} about no order of ours? Nobody is asked about it any more.",
    confirm="About no order",
    permission=MATCH,
    act=services.set_apart,
    done="{0} is about no order.",
    icon="x",
    kind="quiet",
    when=lambda document: document.is_valid and not document.is_settled,
)


def _home(found: OrderMatch) -> str:
    return url_for("vendor_bills.show", document_id=found.document_id)


_decide = partial(Action, resource=ORDER_MATCH, permission=MATCH, to=_home)
confirm = _decide(
    name="confirm_match",
    path="/confirmation",
    title="Yes, this order",
    act=services.match_document,
    done="It is matched.",
    icon="check",
    when=lambda found: found.state == "proposed",
)
refuse = _decide(
    name="refuse_match",
    path="/refusal",
    title="Not this order",
    act=services.unmatch_document,
    done="It is not matched to that order.",
    icon="x",
    kind="quiet danger",
    when=lambda found: found.state != "refused",
)


def _context(document: VendorDocument) -> Mapping[str, Any]:
    twins = queries.twins_of(document)
    return {
        "state": services.states_of([document])[0],
        "comparison": services.compare([document.id]).get(document.id),
        "twins": db.session.scalars(twins).all() if document.is_valid else [],
        "decisions": (confirm, refuse),
    }


document_page = RecordPage(
    resource=DOCUMENT,
    permission=VIEW,
    heading="{0}",
    subtitle="{0.vendor_name}",
    crumbs=lambda _document: [("Vendor bills", url_for("vendor_bills.index"))],
    buttons=(match, set_apart),
    has_row=True,
    body="vendor_bills/_document.html",
    context=_context,
    has_history=False,
)

LIST.add_to(bp)
document_page.add_to(bp)
for action in (match, set_apart, confirm, refuse):
    action.add_to(bp)
