"""The way back from QuickBooks' sign-in, and the pages of invoices."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug import Response

from app.core.db import db
from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import one_or_404, render
from app.integrations.errors import SignInRefused
from app.integrations.models import ExternalRecord
from app.integrations.quickbooks import invoice_reading as reading
from app.integrations.quickbooks import queries
from app.integrations.quickbooks.connector import QuickBooks
from app.integrations.quickbooks.invoice_reading import InvoiceLine
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
    page = paginate(query, Order(queries.SORTS, "-date"), filters=filters)
    return render(
        "invoices/index.html", fragment="results", page=page, filters=filters, today=_today()
    )


@invoices.get("/<int:invoice_id>")
@requires("invoices.view")
def show(invoice_id: int) -> Response:
    """Show one invoice with its lines, as the books have them."""
    invoice = one_or_404(queries.invoice(invoice_id))
    payload = _payload(invoice)
    lines = reading.invoice_lines(payload)
    return render(
        "invoices/show.html",
        fragment="record",
        invoice=invoice,
        state=invoice.state_on(_today()),
        lines=lines,
        products=_products(invoice, lines),
        tax=reading.tax(payload),
        bill_to=reading.address_line(payload.get("BillAddr")),
        ship_to=reading.address_line(payload.get("ShipAddr")),
    )


def _payload(invoice: Invoice) -> Mapping[str, Any]:
    found = db.session.scalar(
        select(ExternalRecord.payload).where(
            ExternalRecord.connection_id == invoice.connection_id,
            ExternalRecord.kind == "invoice",
            ExternalRecord.external_id == invoice.external_id,
        )
    )
    return found if isinstance(found, dict) else {}


def _products(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, int | None]:
    """Which of our products their items stand for: their id and ours."""
    refs = [line.item_ref for line in lines]
    return dict(db.session.execute(queries.linked(invoice.connection_id, "item", refs)).all())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _today() -> date:
    return datetime.now(UTC).date()
