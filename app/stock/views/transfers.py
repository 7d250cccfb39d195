"""Several products are moved at once: lines of product, from, to and quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Blueprint, url_for
from werkzeug import Response

from app.catalog.product_lines import ProductRow, fill_row, pieces_of, product_rows
from app.catalog.services.matching import ProductMatch
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


@dataclass(frozen=True, kw_only=True)
class Row(ProductRow[TransferRow]):
    """A row as it is shown, with what lies where."""

    lying: Sequence[Lying]


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
    fields: list[TransferRow] = [row.form for row in form.lines]
    found = product_rows(fields, fill=None, takes_inactive=True)
    lies = _lying([one.match for one in found])
    rows, before = [], None
    for one in found:
        lying = lies.get(one.product.id, []) if one.product else []
        if one.match and fills and one.fields.known.data != one.match.product.sku:
            _fill(one.fields, one.match, lying, before)
        rows.append(Row(**vars(one), lying=lying))
        before = one.fields
    return TransferRows(rows, pieces_of(rows))


def _lying(matches: Sequence[ProductMatch | None]) -> Mapping[int, list[Lying]]:
    ids = {match.product.id for match in matches if match}
    found: dict[int, list[Lying]] = {}
    if ids and may("stock.view"):
        for one in db.session.scalars(queries.balances_of_all(ids)):
            place = Lying(one.location.code, one.available)
            found.setdefault(one.product_id, []).append(place)
    return found


def _fill(
    row: TransferRow,
    match: ProductMatch,
    lying: Sequence[Lying],
    before: TransferRow | None,
) -> None:
    """What somebody has typed stays: only the place of another product is not this one's."""
    is_other = bool(row.known.data)
    places = {place.code for place in lying}
    fill_row(row, match)
    if is_other or not row.source.data:
        put(row.source, places.pop() if len(places) == 1 else "")
    if not row.destination.data and before is not None:
        put(row.destination, before.destination.data or "")


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
