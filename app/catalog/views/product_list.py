"""The list of products."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import Select, select

from app.catalog import queries, services
from app.catalog.costs import COSTS
from app.catalog.figures import Figures, figures_of
from app.catalog.label_actions import label_action
from app.catalog.models import Product, Vendor
from app.catalog.views.bulk import (
    CategoryForm,
    SupplierForm,
    set_category,
    set_supplier,
)
from app.catalog.views.products import CHANGED, bp
from app.catalog.views.states import STATES, state_filter
from app.core.cache import cached
from app.core.db import db
from app.core.pages import (
    Asked,
    BulkAction,
    Choice,
    Column,
    Kind,
    Link,
    ListPage,
    Nothing,
    Reference,
    Search,
)

SORTS = queries.PRODUCT_SORTS
NEW = Link(
    label="New product",
    endpoint="products.new",
    permission="products.edit",
    kind="primary",
    icon="plus",
)


class Listed(NamedTuple):
    """A product of the list, and how much there is of it."""

    row: Any
    stock: Figures


def _products(asked: Asked) -> Select[Any]:
    found = queries.products(
        search=asked["search"],
        category=asked["category"],
        supplier_id=asked["supplier"],
        is_active=STATES[asked["state"]],
    )
    return queries.in_list(found)


def _with_figures(rows: Sequence[Any]) -> list[Listed]:
    figures = figures_of([row.id for row in rows])
    return [Listed(row, figures[row.id]) for row in rows]


def _categories() -> list[tuple[str, str]]:
    def read() -> list[tuple[str, str]]:
        return [(name, name) for name in db.session.scalars(queries.categories())]

    return cached("product categories", read)


def _vendors() -> list[tuple[int, str]]:
    def read() -> list[tuple[int, str]]:
        return [(row.id, row.name) for row in db.session.execute(queries.vendor_choices())]

    return cached("product vendors", read)


def _vendor_name(vendor_id: int) -> str:
    return str(db.session.get(Vendor, vendor_id) or "")


def figure(name: str, title: str, **more: Any) -> Column:
    """Give the column of a quantity that open pages follow."""
    live = f"product-{{0.row.id}}-{name}"
    return Column(
        name=name, title=title, kind="quantity", value=f"stock.{name}", live=live, **more
    )


def more(name: str, title: str, kind: Kind = "text", **rest: Any) -> Column:
    """Give a column that is shown only to those who choose it, and only then fetched."""
    adds = rest.pop("adds", None) or (getattr(Product, name),)
    return Column(
        name=name,
        title=title,
        kind=kind,
        value=f"row.{name}",
        adds=adds,
        place="wide desk",
        is_shown=False,
        **rest,
    )


SUPPLIER = (
    select(Vendor.name)
    .where(Vendor.id == Product.supplier_id)
    .correlate(Product)
    .scalar_subquery()
    .label("supplier")
)

PRODUCTS = ListPage(
    name="products",
    title="Products",
    permission="products.view",
    query=_products,
    prepare=_with_figures,
    is_joined=True,
    key=SORTS["sku"],
    sort="sku",
    href=lambda listed: url_for("products.show", product_id=listed.row.id),
    filters=(
        Search(label="SKU, name or barcode"),
        Choice(
            name="category",
            label="Category",
            options=_categories,
            everything="All categories",
        ),
        Reference(
            name="supplier",
            label="Supplier",
            options=_vendors,
            everything="All suppliers",
            shows=_vendor_name,
            chip="Supplier: {}",
        ),
        state_filter(),
    ),
    columns=(
        Column(name="sku", title="SKU", kind="code", value="row.sku", sort=SORTS["sku"]),
        Column(
            name="name",
            title="Name",
            value="row.name",
            sort=SORTS["name"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="category",
            title="Category",
            value="row.category",
            sort=SORTS["category"],
            place="wide desk",
        ),
        more("description", "Description"),
        more("supplier", "Supplier", adds=(SUPPLIER,)),
        Column(
            name="price",
            title="Price",
            kind="money",
            value="row.price",
            unit="row.currency",
            sort=SORTS["price"],
            place="meta",
        ),
        more("cost", "Cost", "money", unit="row.currency", permission=COSTS),
        Column(
            name="currency",
            title="Currency",
            value="row.currency",
            place="wide desk",
            is_shown=False,
        ),
        figure("on_hand", "On hand", place="desk"),
        figure("reserved", "Reserved", place="wide desk", is_shown=False),
        figure("available", "Available", place="figure"),
        more("unit", "Unit"),
        more("reorder_point", "Reorder point", "quantity"),
        more("lead_time_days", "Lead time in days"),
        more("updated_at", "Changed", "moment", sort=SORTS["updated_at"]),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="catalog/_cells.html:product_state",
            value="row.is_active",
            export=lambda listed: "" if listed.row.is_active else "Inactive",
            place="status",
        ),
    ),
    topic="stock",
    topic_permission="stock.view",
    importer="products",
    links=(NEW,),
    tools=(
        Link(
            label="Labels for these",
            endpoint="labels.new",
            permission="labels.print",
            values={"subject": "sku", "list": 1},
            kind="quiet",
            icon="barcode",
        ),
    ),
    events=(CHANGED, "stock:changed"),
    nouns=("product", "products"),
    row_id=Product.id,
    row_name=Product.sku,
    tick=lambda listed: (listed.row.id, listed.row.sku),
    actions=(
        label_action("sku", row_id=Product.id, code=Product.sku),
        BulkAction(
            name="category",
            label="Set category",
            permission="products.edit",
            question="Give {count} this category?",
            form=CategoryForm,
            act=set_category,
        ),
        BulkAction(
            name="supplier",
            label="Set supplier",
            permission="products.edit",
            question="Let {count} come from this supplier?",
            form=SupplierForm,
            act=set_supplier,
        ),
        BulkAction(
            name="activate",
            label="Activate",
            permission="products.edit",
            question="Activate {count}?",
            act=services.activate_product,
        ),
        BulkAction(
            name="deactivate",
            label="Deactivate",
            permission="products.edit",
            question="Deactivate {count}?",
            kind="danger",
            act=services.deactivate_product,
        ),
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another filter.",
        action="Show all active products",
    ),
    nothing=Nothing(
        title="No products yet.",
        advice="Add the first one, or import a file.",
        link=NEW,
        icon="tag",
    ),
)

PRODUCTS.add_to(bp)
