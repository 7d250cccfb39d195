"""Several bins and products are to be counted: lines that people type or scan."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask import url_for
from werkzeug import Response

from app.catalog.models import Product
from app.catalog.services.matching import FoundProducts, find_products
from app.core.db import db
from app.core.errors import InvalidRow
from app.core.pages import Action
from app.core.pages.lines import (
    Column,
    LineEditor,
    completed,
    lines_form,
    sent_form,
    show_lines,
)
from app.core.permissions import requires
from app.counting import services
from app.counting.forms import CountListForm, CountRow
from app.counting.views.count_page import COUNT, said_of
from app.counting.views.counts import bp
from app.stock import queries as stock
from app.stock.models import Location

EDITOR = LineEditor(
    rows="lines",
    columns=(
        Column("code", choices="count-places"),
        Column("product", choices="count-products"),
    ),
    hidden=(),
    says=("code", "product"),
    quantity="",
    endpoint="counts.complete_lines",
    figures="counting/counts/_line_meant.html",
    totals="counting/counts/_lines_meant.html",
)


class Row(NamedTuple):
    """A row as it is shown: what its codes mean, and what is wrong with them."""

    fields: CountRow
    place: Location | None
    product: Product | None
    problem: str

    @property
    def units(self) -> Decimal | None:
        """One, if its code is known: a second scan of it is the same line."""
        return None if self.problem or not self.fields.code.data else Decimal(1)

    @property
    def wanted(self) -> services.WantedCount:
        """What is to be counted."""
        return services.WantedCount(
            self.place.id if self.place else None, self.product.id if self.product else None
        )


class CountRows(NamedTuple):
    """All rows."""

    rows: Sequence[Row]


@bp.post("/lists/lines")
@requires("counting.manage")
def complete_lines() -> Response:
    """Say what the codes mean that somebody is typing: nothing is kept."""
    form, numbers = sent_form(EDITOR, CountListForm)
    view = complete(form)
    return completed(EDITOR, numbers, view.rows, legend="Lines", lines_view=view)


def complete(form: CountListForm) -> CountRows:
    """Find the places and products that the codes of all rows mean."""
    fields = [row.form for row in form.lines]
    codes = {code for row in fields for code in (row.code.data, row.product.data) if code}
    places, products = _places(codes), find_products(codes)
    return CountRows([_row(row, places, products) for row in fields])


def _places(codes: Collection[str]) -> Mapping[str, Location]:
    return dict(db.session.execute(stock.locations_with_codes(codes)).all()) if codes else {}


def _row(row: CountRow, places: Mapping[str, Location], products: FoundProducts) -> Row:
    """A place comes first: a bin may be called like a product, and is what a scanner reads."""
    code, only = row.code.data or "", row.product.data or ""
    place = places.get(code)
    named = only if place else code
    match = products.matches.get(named)
    problem = ""
    if code and not place and named not in products.matches:
        problem = "No bin, zone or product has this code"
    elif only and not place:
        problem = "Say only one product, or the place first"
    elif only and match is None:
        problem = f"Unknown product {only}"
    if named in products.doubtful:
        problem = "Several products have such a code: choose one"
    return Row(row, place, match.product if match else None, problem)


def _form(_task: None) -> CountListForm:
    return lines_form(EDITOR, CountListForm)


def _offer(form: CountListForm, _task: None) -> None:
    form.lines_view = complete(form)


def _create(lines: Sequence[Mapping[str, Any]], note: str) -> services.CreatedCounts:
    rows = complete(CountListForm(None, data={"lines": lines})).rows
    for number, row in enumerate(rows):
        if row.problem:
            raise InvalidRow("lines", number, "code", f"{row.problem}.")
    return services.count_lines([row.wanted for row in rows], note=note)


def _page(_task: None, form: CountListForm, status: int) -> Response:
    return show_lines("counting/counts/new_list.html", EDITOR, form, status=status)


create_list = Action(
    resource=COUNT,
    name="create_list",
    path="/lists",
    title="Count a list",
    permission="counting.manage",
    is_new=True,
    make=_form,
    offer=_offer,
    act=_create,
    page=_page,
    is_asked=True,
    done=said_of,
    to=lambda made: url_for("counts.index", state="unfinished" if made else None),
    leaves=True,
)
create_list.add_to(bp)
