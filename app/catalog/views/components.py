"""What a product is made of: its components, typed line by line."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from flask import request
from werkzeug import Response

from app.catalog import queries, services
from app.catalog.forms import ComponentRow, ComponentsForm
from app.catalog.models import Product
from app.catalog.product_lines import ProductRow, fill_row, product_rows
from app.catalog.views.product_page import PRODUCT
from app.catalog.views.products import bp
from app.core.pages import Action
from app.core.pages.lines import Column, LineEditor, completed, sent_form, show_lines
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


class ComponentRows(NamedTuple):
    """All rows."""

    rows: Sequence[ProductRow[ComponentRow]]

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
    """Name the products; with `fills`, fill in what is left empty of them."""
    fields: list[ComponentRow] = [row.form for row in form.components]
    return ComponentRows(product_rows(fields, fill=fill_row if fills else None))


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
