"""Returns to vendors: the list, the page of one, its paper, and what is done about it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response as Answer
from flask import url_for
from sqlalchemy import Select

from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordLink,
    RecordPage,
    Search,
)
from app.core.permissions import requires
from app.core.web import one_or_404
from app.purchasing.prices import COSTS
from app.vendor_returns import printing, queries, services
from app.vendor_returns.forms import CreditForm
from app.vendor_returns.models import STATES, VendorReturn
from app.vendor_returns.views.blueprint import CHANGED, EDIT, RETURN, SEND, VIEW, bp

NEW = Link(
    label="New return",
    endpoint="vendor_returns.new",
    permission=EDIT,
    kind="primary",
    icon="plus",
)


def _returns(asked: Asked) -> Select[Any]:
    return queries.returns(search=asked["search"], status=asked["status"])


LIST = ListPage(
    name="vendor_returns",
    title="Returns to vendors",
    subtitle="What goes back, and the credit that it is to bring.",
    permission=VIEW,
    query=_returns,
    key=VendorReturn.id,
    sort="-number",
    href=lambda found: url_for("vendor_returns.show", return_id=found.id),
    filters=(
        Search(label="Number, vendor, their number or SKU"),
        Choice(name="status", label="State", options=STATES.labels, everything="All returns"),
    ),
    columns=(
        Column(
            name="number",
            title="Number",
            kind="code",
            sort=queries.SORTS["number"],
            is_link=True,
            is_required=True,
        ),
        Column(name="vendor", title="Vendor", value="vendor.name", place="name"),
        Column(name="cause", title="Why", value="cause_label", place="meta"),
        Column(name="their_reference", title="Their number", kind="code", place="wide desk"),
        Column(name="created_at", title="Written", kind="moment", place="wide desk"),
        Column(
            name="expected_credit",
            title="Credit expected",
            kind="money",
            unit="currency",
            place="figure",
            permission=COSTS,
        ),
        Column(
            name="granted_credit",
            title="Credited",
            kind="money",
            unit="currency",
            place="wide desk",
            permission=COSTS,
        ),
        Column(
            name="status",
            title="State",
            kind="cell",
            cell="vendor_returns/_cells.html:state",
            export=lambda found: found.state.label,
            place="status",
        ),
    ),
    links=(NEW,),
    events=(CHANGED,),
    nouns=("return", "returns"),
    unmatched=Nothing(title="Nothing matches.", advice="Try another state.", action="Show all"),
    nothing=Nothing(
        title="Nothing has gone back yet.",
        advice="Write a return, or press Return to vendor on the page of a receipt.",
        link=NEW,
        icon="undo",
    ),
)


@bp.get("/<int:return_id>/paper")
@requires(VIEW)
def paper(return_id: int) -> Answer:
    """Print what goes with the goods, as PDF."""
    found = one_or_404(queries.vendor_return(return_id))
    answer = Answer(printing.return_slip(found), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="return-{found.number}.pdf"'
    return answer


_step = partial(Action, resource=RETURN)
send = _step(
    name="send",
    path="/dispatch",
    title="Send back",
    question="Have the goods of {0.number} left? They leave the books now.",
    confirm="Send back",
    permission=SEND,
    act=services.send_return,
    done="{0.number} has left.",
    icon="truck",
    kind="primary",
    when=lambda found: found.status == "draft",
)
credit = _step(
    name="create_credit",
    path="/credit",
    title="Note credit",
    heading="Credit for {0.number}",
    permission=COSTS,
    form=CreditForm,
    fill=lambda form, found: setattr(form.amount, "data", found.expected_credit),
    act=services.credit_return,
    done="The credit is noted.",
    advice="Without tax, in the currency of the return. Zero, if they refuse.",
    icon="check",
    kind="primary",
    when=lambda found: found.status == "sent",
)
undo = _step(
    name="undo_dispatch",
    path="/dispatch/reversal",
    title="Undo",
    question="Undo that {0.number} has left? The goods lie again where they lay.",
    confirm="Undo",
    permission=SEND,
    act=services.undo_sending,
    done="{0.number} is a draft again.",
    icon="undo",
    kind="quiet danger",
    when=lambda found: found.status == "sent" and not found.is_direct,
)
reopen = _step(
    name="reopen",
    path="/credit/reversal",
    title="Take credit back",
    question="Was the credit for {0.number} noted wrongly? It is expected again.",
    confirm="Take back",
    permission=COSTS,
    act=services.reopen_return,
    done="The credit for {0.number} is expected again.",
    icon="undo",
    kind="quiet danger",
    when=lambda found: found.status == "credited",
)
cancel = _step(
    name="cancel",
    path="/cancellation",
    title="Cancel",
    question="Cancel {0.number}? Nothing of it has left yet.",
    confirm="Cancel return",
    permission=EDIT,
    act=services.cancel_return,
    done="{0.number} is cancelled.",
    icon="x",
    kind="quiet danger",
    when=lambda found: found.status == "draft",
)


def _context(found: VendorReturn) -> Mapping[str, Any]:
    movements = queries.movements_of(found)
    return {"movements": db.session.scalars(movements).all() if found.posting_id else []}


return_page = RecordPage(
    resource=RETURN,
    permission=VIEW,
    heading="Return {0.number}",
    subtitle="{0.vendor.name}",
    crumbs=lambda _found: [("Returns to vendors", url_for("vendor_returns.index"))],
    buttons=(
        send,
        credit,
        RecordLink(
            label="Return slip",
            href=lambda found: url_for("vendor_returns.paper", return_id=found.id),
            permission=VIEW,
            icon="print",
        ),
        undo,
        reopen,
        cancel,
    ),
    has_row=True,
    body="vendor_returns/_return.html",
    context=_context,
    labels={
        "their_reference": "Their number",
        "expected_credit": "Credit expected",
        "granted_credit": "Credited",
        "vendor_id": "Vendor",
        "warehouse_id": "Out of",
    },
)

LIST.add_to(bp)
return_page.add_to(bp)
for action in (send, credit, undo, reopen, cancel):
    action.add_to(bp)
