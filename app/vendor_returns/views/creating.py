"""A return to a vendor is written, from nothing or from what a receipt brought."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from flask import request
from werkzeug import Response

from app.catalog.product_lines import ProductRow, fill_row, pieces_of, product_rows
from app.catalog.services.matching import ProductMatch
from app.core.db import db
from app.core.pages import Action
from app.core.pages.lines import (
    Column,
    LineEditor,
    completed,
    lines_form,
    put,
    sent_form,
    show_lines,
)
from app.core.permissions import requires
from app.purchasing.models import GoodsReceipt
from app.purchasing.prices import may_see_prices
from app.vendor_returns import services
from app.vendor_returns.forms import ReturnForm, ReturnRow
from app.vendor_returns.views.blueprint import EDIT, RETURN, bp

PRICE = Column("unit_price", is_number=True)
EDITOR = LineEditor(
    rows="items",
    columns=(
        Column("sku", choices="returned-products"),
        Column("quantity", is_number=True),
        PRICE,
    ),
    hidden=("known", "receipt_line_id"),
    says=("sku", "quantity"),
    quantity="quantity",
    endpoint="vendor_returns.complete_lines",
    figures="vendor_returns/_line_figures.html",
    totals="vendor_returns/_line_totals.html",
)


class ReturnRows(NamedTuple):
    """All rows, and how many pieces go back."""

    rows: Sequence[ProductRow[ReturnRow]]
    pieces: Decimal


@bp.post("/lines")
@requires(EDIT)
def complete_lines() -> Response:
    """Complete the rows of a form that somebody is typing: nothing is kept."""
    form, numbers = sent_form(EDITOR, ReturnForm)
    view = complete(form)
    return completed(_editor(), numbers, view.rows, legend="Lines", lines_view=view)


def complete(form: ReturnForm) -> ReturnRows:
    """Name the products of the rows."""
    fields: list[ReturnRow] = [row.form for row in form.items]
    rows = product_rows(fields, fill=_fill, takes_inactive=True)
    return ReturnRows(rows, pieces_of(rows))


def _fill(row: ReturnRow, match: ProductMatch) -> None:
    if row.known.data:  # another product: it is not what came by that line
        put(row.receipt_line_id, None)
    fill_row(row, match)


def _editor() -> LineEditor:
    """The columns for the person asking: prices only for who may see what goods cost."""
    if may_see_prices():
        return EDITOR
    return replace(EDITOR, columns=tuple(one for one in EDITOR.columns if one is not PRICE))


def _form(_return: None) -> ReturnForm:
    """Make the form; `?receipt=` is the id of one that brought what goes back."""
    form = lines_form(EDITOR, ReturnForm)
    number = request.args.get("receipt", 0, type=int)
    if request.method != "POST" and 0 < number < 2**63:
        receipt = db.session.get(GoodsReceipt, number)
        if receipt is not None:
            _begin(form, receipt)
    return form


def _begin(form: ReturnForm, receipt: GoodsReceipt) -> None:
    """Begin with what is there of a receipt; what was put aside of it comes first."""
    form.vendor.data = receipt.vendor_id
    found = services.returnable_of(receipt.id)
    for one in [*filter(_is_aside, found)] or found:
        form.items.append_entry(
            {
                "sku": one.line.called,
                "known": one.line.called,
                "receipt_line_id": one.line.id,
                "quantity": one.quantity,
            }
        )
    if any(map(_is_aside, found)):
        form.cause.data = "damaged"


def _is_aside(one: Any) -> bool:
    return bool(one.is_aside)


def _offer(form: ReturnForm, _return: None) -> None:
    form.lines_view = complete(form)


def _page(_return: None, form: ReturnForm, status: int) -> Response:
    return show_lines("vendor_returns/new.html", _editor(), form, status=status)


create = Action(
    resource=RETURN,
    name="create",
    title="New return",
    permission=EDIT,
    is_new=True,
    is_page=True,
    make=_form,
    offer=_offer,
    act=services.create_return,
    page=_page,
    is_asked=True,
    done="{0.number} is written. Send it when the goods leave.",
    leaves=True,
    icon="undo",
)
create.add_to(bp)
