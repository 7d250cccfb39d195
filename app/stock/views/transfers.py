"""Several products are moved at once: lines of product, from, to and quantity."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Blueprint, url_for
from werkzeug import Response

from app.catalog.models import Product
from app.catalog.services.matching import FoundProducts, ProductMatch, find_products
from app.core.db import db
from app.core.pages import Action, Resource
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
from app.stock import queries, services
from app.stock.forms import TransferForm, TransferRow
from app.stock.ledger import Posted
from app.stock.views.inventory import CHANGED

bp = Blueprint("transfers", __name__, url_prefix="/transfers")

EDITOR = LineEditor(
    rows="lines",
    columns=(
        Column("sku", choices="transfer-products"),
        Column("source", choices="locations"),
        Column("destination", choices="locations"),
        Column("lot"),
        Column("quantity", is_number=True),
    ),
    hidden=("known",),
    says=("sku", "quantity"),
    quantity="quantity",
    endpoint="transfers.complete_lines",
    figures="stock/transfers/_figures.html",
    totals="stock/transfers/_totals.html",
)
TRANSFERS = Resource(name="transfer", area="transfers", query=lambda: None, event=CHANGED)


class Lying(NamedTuple):
    """How much of a product is available at a place."""

    code: str
    available: Decimal


class Row(NamedTuple):
    """A row as it is shown: its fields, the product that is meant, and what lies where."""

    fields: TransferRow
    match: ProductMatch | None
    problem: str
    lying: Sequence[Lying]

    @property
    def product(self) -> Product | None:
        """The product, if its code is known."""
        return self.match.product if self.match else None

    @property
    def units(self) -> Decimal | None:
        """How much one scan of the code is worth."""
        return self.match.units if self.match else None


class TransferRows(NamedTuple):
    """All rows, and how many pieces they move."""

    rows: Sequence[Row]
    pieces: Decimal


@bp.post("/lines")
@requires("stock.transfer")
def complete_lines() -> Response:
    """Complete the rows of a form that somebody is typing: nothing is kept."""
    form, numbers = sent_form(EDITOR, TransferForm)
    view = complete(form, fills=True)
    return completed(EDITOR, numbers, view.rows, legend="Lines", lines_view=view)


def complete(form: TransferForm, *, fills: bool) -> TransferRows:
    """Name the products; with `fills`, say where each lies and where the line above goes to.

    What is sent to be moved is not filled in: nobody has seen that.
    """
    fields = [row.form for row in form.lines]
    named = find_products({row.sku.data for row in fields if row.sku.data})
    matches = [named.matches.get(row.sku.data or "") for row in fields]
    lies = _lying(matches)
    rows, before = [], None
    for row, match in zip(fields, matches, strict=True):
        lying = lies.get(match.product.id, []) if match else []
        if match and fills and row.known.data != match.product.sku:
            _fill(row, match, lying, before)
        rows.append(Row(row, match, _problem(row, match, named), lying))
        before = row
    pieces = [row.quantity.data for row in fields if row.quantity.data is not None]
    return TransferRows(rows, sum((one for one in pieces if one.is_finite()), Decimal(0)))


def _lying(matches: Sequence[ProductMatch | None]) -> Mapping[int, list[Lying]]:
    ids = {match.product.id for match in matches if match}
    found: dict[int, list[Lying]] = {}
    if ids and may("stock.view"):
        for one in db.session.scalars(queries.balances_of_all(ids)):
            place = Lying(one.location.code, one.available)
            found.setdefault(one.product_id, []).append(place)
    return found


def _problem(row: TransferRow, match: ProductMatch | None, named: FoundProducts) -> str:
    if not row.sku.data or match:
        return ""
    if row.sku.data in named.doubtful:
        return "Several products have such a code: choose one"
    return "Unknown product"


def _fill(
    row: TransferRow,
    match: ProductMatch,
    lying: Sequence[Lying],
    before: TransferRow | None,
) -> None:
    """What somebody has typed stays: only the place of another product is not this one's."""
    is_other = bool(row.known.data)
    places = {place.code for place in lying}
    put(row.sku, match.product.sku)
    put(row.known, match.product.sku)
    if is_other or not row.source.data:
        put(row.source, places.pop() if len(places) == 1 else "")
    if not row.destination.data and before is not None:
        put(row.destination, before.destination.data or "")
    if row.quantity.data is None and not any(row.quantity.raw_data or ()):
        put(row.quantity, match.units)


def _form(_transfer: None) -> TransferForm:
    return lines_form(EDITOR, TransferForm)


def _offer(form: TransferForm, _transfer: None) -> None:
    form.lines_view = complete(form, fills=form.is_rearranged)


def _post(lines: Sequence[Mapping[str, Any]], **values: str) -> Posted:
    said = [
        services.TransferLine(
            row["source"], row["destination"], row["quantity"], sku=row["sku"], lot=row["lot"]
        )
        for row in lines
    ]
    return services.transfer_lines(said, **values)


def _page(_transfer: None, form: TransferForm, status: int) -> Response:
    return show_lines("stock/transfers/new.html", EDITOR, form, status=status)


def _posted(posted: Posted | None) -> str:
    if posted is None:
        return url_for("movements.index")
    return url_for("movements.show", posting_id=posted.id)


def _done(posted: Posted, _posted: Posted) -> str:
    number = len(posted.movement_ids)
    return "1 line is moved." if number == 1 else f"{number} lines are moved."


create = Action(
    resource=TRANSFERS,
    name="create",
    title="Move goods",
    permission="stock.transfer",
    is_new=True,
    is_page=True,
    make=_form,
    offer=_offer,
    act=_post,
    page=_page,
    is_asked=True,
    done=_done,
    to=_posted,
    leaves=True,
    icon="arrows",
)
create.add_to(bp)
