"""A transfer is written: two warehouses, and lines of product and quantity."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from werkzeug import Response

from app.catalog.models import Product
from app.catalog.services.matching import ProductMatch, find_products
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


class Row(NamedTuple):
    """A row as it is shown: its fields, the product that is meant, and what there is of it."""

    fields: NewRow
    match: ProductMatch | None
    problem: str
    available: Decimal | None

    @property
    def product(self) -> Product | None:
        """The product, if its code is known."""
        return self.match.product if self.match else None

    @property
    def units(self) -> Decimal | None:
        """How much one scan of the code is worth."""
        return self.match.units if self.match else None


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
    fields = [row.form for row in form.items]
    named = find_products({row.sku.data for row in fields if row.sku.data})
    matches = [named.matches.get(row.sku.data or "") for row in fields]
    there = _available(form.source_id.data, [one.product.id for one in matches if one])
    rows = []
    for row, match in zip(fields, matches, strict=True):
        if match and row.known.data != match.product.sku:
            put(row.sku, match.product.sku)
            put(row.known, match.product.sku)
            if row.quantity.data is None and not any(row.quantity.raw_data or ()):
                put(row.quantity, match.units)
        is_doubtful = row.sku.data in named.doubtful
        unknown = "Several products have such a code" if is_doubtful else "Unknown product"
        problem = unknown if row.sku.data and not match else ""
        available = there.get(match.product.id) if match else None
        rows.append(Row(row, match, problem, available))
    pieces = [row.quantity.data for row in fields if row.quantity.data is not None]
    return NewRows(rows, sum((one for one in pieces if one.is_finite()), Decimal(0)))


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
