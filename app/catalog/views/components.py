"""What a product is made of: its components, typed line by line."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from flask import request
from werkzeug import Response

from app.catalog import queries, services
from app.catalog.forms import ComponentRow, ComponentsForm
from app.catalog.models import Product
from app.catalog.services.matching import FoundProducts, ProductMatch, find_products
from app.catalog.views.product_page import PRODUCT
from app.catalog.views.products import bp
from app.core.pages import Action
from app.core.pages.lines import Column, LineEditor, completed, put, sent_form, show_lines
from app.core.permissions import requires

EDITOR = LineEditor(
    rows="components",
    columns=(
        Column("sku", choices="components"),
        Column("quantity", is_number=True),
        Column("substitutes"),
    ),
    hidden=("known",),
    says=("sku", "quantity"),
    quantity="quantity",
    endpoint="products.complete_components",
    figures="catalog/components/_figures.html",
    totals="catalog/components/_totals.html",
)


class Row(NamedTuple):
    """A row as it is shown: its fields, and the product that is meant."""

    fields: ComponentRow
    match: ProductMatch | None
    problem: str

    @property
    def product(self) -> Product | None:
        """The product, if its code is known."""
        return self.match.product if self.match else None

    @property
    def units(self) -> Decimal | None:
        """How much one scan of the code is worth."""
        return self.match.units if self.match else None


class ComponentRows(NamedTuple):
    """All rows."""

    rows: Sequence[Row]

    @property
    def legend(self) -> str:
        """What stands above the lines."""
        return "Components"


@bp.post("/components/lines")
@requires("products.edit")
def complete_components() -> Response:
    """Complete the rows of a form that somebody is typing: nothing is kept."""
    form, numbers = sent_form(EDITOR, ComponentsForm)
    view = _complete(form, fills=True)
    return completed(EDITOR, numbers, view.rows, legend=view.legend, lines_view=view)


def _complete(form: ComponentsForm, *, fills: bool) -> ComponentRows:
    """Name the products; with `fills`, fill in what is left empty of them.

    What is sent to be kept is not filled in: nobody has seen that.
    """
    fields = [row.form for row in form.components]
    named = find_products({row.sku.data for row in fields if row.sku.data})
    rows = []
    for row in fields:
        match = named.matches.get(row.sku.data or "")
        if match and fills and row.known.data != match.product.sku:
            _fill(row, match)
        rows.append(Row(row, match, _problem(row, match, named)))
    return ComponentRows(rows)


def _fill(row: ComponentRow, match: ProductMatch) -> None:
    put(row.sku, match.product.sku)
    put(row.known, match.product.sku)
    if row.quantity.data is None and not any(row.quantity.raw_data or ()):
        put(row.quantity, match.units)


def _problem(row: ComponentRow, match: ProductMatch | None, named: FoundProducts) -> str:
    if not row.sku.data:
        return ""
    if match:
        return "" if match.product.is_active else "Not in use any more"
    if row.sku.data in named.doubtful:
        return "Several products have such a code: choose one"
    return "Unknown product"


def _form(product: Product) -> ComponentsForm:
    if request.method == "POST":
        return sent_form(EDITOR, ComponentsForm)[0]
    rows = [
        {
            "sku": line.sku,
            "known": line.sku,
            "quantity": line.quantity,
            "substitutes": ", ".join(sku for _number, sku in line.substitutes),
        }
        for line in product.components
    ]
    kind = product.kind if rows else request.args.get("kind", "bundle")
    return ComponentsForm(
        None,
        data={
            "version": product.version,
            "kind": kind,
            "build_quantity": product.build_quantity,
            "components": rows,
        },
    )


def _offer(form: ComponentsForm, _product: Product) -> None:
    form.lines_view = _complete(form, fills=form.is_rearranged)


def _page(product: Product, form: ComponentsForm, status: int) -> Response:
    return show_lines(
        "catalog/components/edit.html",
        EDITOR,
        form,
        status=status,
        product=product,
        editing=update.topic(product),
    )


update = Action(
    resource=replace(PRODUCT, query=queries.product_with_components),
    name="update_components",
    path="/components",
    title="Components",
    permission="products.edit",
    make=_form,
    offer=_offer,
    act=services.set_components,
    page=_page,
    is_asked=True,
    done="The components of {0.name} are saved.",
    leaves=True,
)
update.add_to(bp)
