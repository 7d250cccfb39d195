"""The way back from QuickBooks' sign-in, and the pages of invoices."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug import Response

from app.core.db import db
from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import one_or_404, render
from app.integrations.errors import SignInRefused
from app.integrations.models import ExternalRecord
from app.integrations.quickbooks import queries
from app.integrations.quickbooks.connector import QuickBooks
from app.integrations.quickbooks.models import Invoice
from app.integrations.services.connecting import finish_sign_in
from app.integrations.views.pages import callback_address

STATES = ("open", "overdue", "paid")

callback = Blueprint("quickbooks", __name__)
invoices = Blueprint("invoices", __name__, url_prefix="/invoices")


@callback.get("/callback")
@requires("integrations.manage")
def finish() -> ResponseReturnValue:
    """Come back from QuickBooks, where somebody has let us in or not."""
    if request.args.get("error"):
        flash("QuickBooks was not connected: nobody let us in.", "problem")
        return redirect(url_for("connections.index"), 303)
    connection = finish_sign_in(
        QuickBooks.system,
        user_id=current_user.id,
        state=request.args.get("state", ""),
        code=request.args.get("code", ""),
        account=_realm(request.args.get("realmId", "")),
        redirect_uri=callback_address(QuickBooks.system),
    )
    flash(f"{connection.name} is connected. The first sync has begun.")
    return redirect(url_for("connections.show", connection_id=connection.id), 303)


def _realm(text: str) -> str:
    """The number of a company: it becomes part of addresses, so it is only digits."""
    if not (text.isascii() and text.isdecimal()):
        raise SignInRefused("The answer names no company.")
    return text


@invoices.get("")
@requires("invoices.view")
def index() -> Response:
    """List invoices; a search from htmx receives only the results."""
    state = request.args.get("state", "")
    filters = {
        "search": request.args.get("search", "").strip().replace("\0", ""),
        "state": state if state in STATES else "",
        "from": request.args.get("from", ""),
        "to": request.args.get("to", ""),
    }
    query = queries.invoices(
        search=filters["search"],
        state=filters["state"],
        since=_day(filters["from"]),
        until=_day(filters["to"]),
        today=_today(),
    )
    page = paginate(query, sorts=queries.SORTS, default="-date", filters=filters)
    return render(
        "invoices/index.html", fragment="results", page=page, filters=filters, today=_today()
    )


@invoices.get("/<int:invoice_id>")
@requires("invoices.view")
def show(invoice_id: int) -> Response:
    """Show one invoice with its lines, as the books have them."""
    invoice = one_or_404(queries.invoice(invoice_id))
    payload = _payload(invoice)
    return render(
        "invoices/show.html",
        fragment="record",
        invoice=invoice,
        state=invoice.state_on(_today()),
        lines=_lines(invoice, payload),
        bill_to=_address(payload.get("BillAddr")),
        ship_to=_address(payload.get("ShipAddr")),
    )


class Line(NamedTuple):
    """A line as it is shown."""

    item: str
    product_id: int | None
    description: str
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal | None


def _payload(invoice: Invoice) -> Mapping[str, Any]:
    found = db.session.scalar(
        select(ExternalRecord.payload).where(
            ExternalRecord.connection_id == invoice.connection_id,
            ExternalRecord.kind == "invoice",
            ExternalRecord.external_id == invoice.external_id,
        )
    )
    return found if isinstance(found, dict) else {}


def _lines(invoice: Invoice, payload: Mapping[str, Any]) -> list[Line]:
    given = payload.get("Line")
    shown = [
        line
        for line in (given if isinstance(given, list) else [])
        if isinstance(line, dict) and line.get("DetailType") != "SubTotalLineDetail"
    ]
    details = [_part(line, "SalesItemLineDetail") for line in shown]
    refs = [str(_part(detail, "ItemRef").get("value") or "") for detail in details]
    query = queries.linked(invoice.connection_id, "item", refs)
    known: dict[str, int | None] = dict(db.session.execute(query).all())
    return [
        Line(
            item=str(_part(detail, "ItemRef").get("name") or ""),
            product_id=known.get(ref),
            description=str(line.get("Description") or ""),
            quantity=_number(detail.get("Qty")),
            price=_number(detail.get("UnitPrice")),
            amount=_number(line.get("Amount")),
        )
        for line, detail, ref in zip(shown, details, refs, strict=True)
    ]


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _address(address: Any) -> str:
    if not isinstance(address, dict):
        return ""
    names = (
        "Line1",
        "Line2",
        "Line3",
        "City",
        "CountrySubDivisionCode",
        "PostalCode",
        "Country",
    )
    return ", ".join(str(address[name]) for name in names if address.get(name))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _today() -> date:
    return datetime.now(UTC).date()
