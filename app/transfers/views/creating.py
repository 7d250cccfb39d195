"""A transfer is written: two warehouses, and lines of product and quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from werkzeug import Response

from app.catalog.product_lines import ProductRow, pieces_of, product_rows
from app.core.db import db
from app.core.pages import Action
from app.core.pages.lines import (
    Column,
    LineEditor,
    completed,
    lines_form,
    sent_form,
    show_lines,
)
from app.core.permissions import may, requires
from app.stock import queries as stock_queries
from app.stock.models import Location
from app.transfers import services
from app.transfers.forms import NewRow, NewTransferForm
from app.transfers.views.blueprint import EDIT, TRANSFER, bp

EDITOR = LineEditor(
    rows="items",
    columns=(Column("sku", choices="transferred-products"), Column("quantity", is_number=True)),
    hidden=("known",),
    says=("sku", "quantity"),
    quantity="quantity",
    endpoint="transfer_orders.complete_lines",
    figures="transfers/_line_figures.html",
    totals="transfers/_line_totals.html",
)


@dataclass(frozen=True, kw_only=True)
class Row(ProductRow[NewRow]):
    """A row as it is shown, with what of its product is there."""

    available: Decimal | None


class NewRows(NamedTuple):
    """All rows, and how many pieces they come to."""

    rows: Sequence[Row]
    pieces: Decimal


@bp.post("/lines")
@requires(EDIT)
def complete_lines() -> Response:
    """Complete the rows of a form that somebody is typing: nothing is kept."""
    form, numbers = sent_form(EDITOR, NewTransferForm)
    view = complete(form)
    return completed(EDITOR, numbers, view.rows, legend="Lines", lines_view=view)


def complete(form: NewTransferForm) -> NewRows:
    """Name the products of the rows, and say how much of each there is where they leave."""
    fields: list[NewRow] = [row.form for row in form.items]
    found = product_rows(fields)
    there = _available(form.source_id.data, [one.product.id for one in found if one.product])
    rows = [
        Row(**vars(one), available=there.get(one.product.id) if one.product else None)
        for one in found
    ]
    return NewRows(rows, pieces_of(rows))


def _available(source_id: int | None, product_ids: Sequence[int]) -> Mapping[int, Decimal]:
    """What of products is available in a warehouse, as far as the person may see it."""
    warehouse = db.session.get(Location, source_id) if source_id else None
    if warehouse is None or not product_ids or not may("stock.view"):
        return {}
    found = dict.fromkeys(product_ids, Decimal(0))
    for one in db.session.scalars(stock_queries.balances_of_all(product_ids)):
        if one.location.path.startswith(warehouse.path):
            found[one.product_id] += one.available
    return found


def _form(_transfer: None) -> NewTransferForm:
    return lines_form(EDITOR, NewTransferForm)


def _offer(form: NewTransferForm, _transfer: None) -> None:
    form.lines_view = complete(form)


def _page(_transfer: None, form: NewTransferForm, status: int) -> Response:
    return show_lines("transfers/new.html", EDITOR, form, status=status)


create = Action(
    resource=TRANSFER,
    name="create",
    title="New transfer",
    permission=EDIT,
    is_new=True,
    is_page=True,
    make=_form,
    offer=_offer,
    act=services.create_transfer,
    page=_page,
    is_asked=True,
    done="{0.number} is written. Send it when the goods leave.",
    leaves=True,
    icon="arrows",
)
create.add_to(bp)
