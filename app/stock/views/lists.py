"""The lists of what there is and of what runs low."""

from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.catalog.choices import vendor_name, vendor_options
from app.catalog.models import Product, Vendor
from app.core.db import db
from app.core.pages import (
    Asked,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    Reference,
    Search,
    Segments,
)
from app.stock import queries
from app.stock.models import Location
from app.stock.views.inventory import bp

EVENTS = ("stock:changed", "product:changed")
SKU = Column(name="sku", title="SKU", kind="code", sort=Product.sku)
PRODUCT = Column(
    name="name",
    title="Product",
    place="name",
    sort=Product.name_key,
    is_link=True,
    is_required=True,
)
UNIT = Column(name="unit", title="Unit", place="wide desk", is_shown=False)
STATUS = Column(
    name="status",
    title="Status",
    kind="cell",
    cell="stock/_cells.html:status",
    live="product-{0.id}-status",
    place="status",
)
REORDER_QUANTITY = Column(
    name="reorder_quantity",
    title="Reorder quantity",
    kind="quantity",
    place="wide desk",
    is_shown=False,
)


def figure(name: str, title: str, **more: Any) -> Column:
    """Give the column of a quantity that open pages follow."""
    live = f"product-{{0.id}}-{name}"
    return Column(name=name, title=title, kind="quantity", unit="unit", live=live, **more)


def _location(code: str) -> Location:
    """Find the location of a filter.

    Raises:
        ValueError: There is none with this code.
    """
    found = db.session.scalar(queries.locations_found(code))
    location = db.session.get(Location, found) if found else None
    if location is None:
        raise ValueError(code)
    return location


def warehouses() -> list[tuple[str, str]]:
    """Give warehouses and zones to choose from, as codes and labels."""
    return [(place.code, place.label) for place in db.session.scalars(queries.parents())]


def _inventory(asked: Asked) -> Select[Any]:
    place = asked["location"]
    return queries.inventory(
        q=asked["search"],
        path=place.path if place else "",
        status=asked["status"],
        is_sorted_by_figure=asked.sorts_by("on_hand", "available"),
    )


def _low(asked: Asked) -> Select[Any]:
    return queries.low_stock(
        q=asked["search"],
        supplier_id=asked["supplier"],
        is_sorted_by_figure=asked.sorts_by("available", "suggested"),
    )


INVENTORY = ListPage(
    name="inventory",
    title="Inventory",
    permission="stock.view",
    query=_inventory,
    key=Product.sku,
    is_joined=True,
    href=lambda level: url_for("stock.show", product_id=level.id),
    sort="sku",
    filters=(
        Search(label="SKU, name or barcode"),
        Choice(
            name="location",
            label="Warehouse",
            options=warehouses,
            everything="All warehouses",
            parse=_location,
            shows=lambda place: place.code,
            chip="Location: {}",
        ),
        Segments(name="status", label="Status", options={"low": "Low", "out": "Out"}),
    ),
    columns=(
        SKU,
        PRODUCT,
        figure("on_hand", "On hand", sort="on_hand", place="desk"),
        figure("reserved", "Reserved", place="wide desk"),
        figure("available", "Available", sort="available", place="figure"),
        Column(
            name="reorder_point",
            title="Reorder point",
            kind="quantity",
            sort=Product.reorder_point,
            place="wide desk",
        ),
        REORDER_QUANTITY,
        UNIT,
        STATUS,
        Column(
            name="actions",
            title="Actions",
            kind="cell",
            cell="stock/_cells.html:adjust",
            place="action",
            is_unseen=True,
            is_exported=False,
            permission="stock.adjust",
        ),
    ),
    is_live=lambda asked: not asked["location"],  # the figures sent are those of all places
    topic="stock",
    links=(Link(label="Low stock", endpoint="stock.low", icon="alert"),),
    events=EVENTS,
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters, another warehouse or another status.",
        action="Show everything",
    ),
    nothing=Nothing(
        title="No products yet.",
        advice="Stock begins with the catalogue: "
        "import what you have, or add the first product.",
        icon="tag",
    ),
    first_steps="stock/_first_steps.html",
)

LOW = ListPage(
    name="low-stock",
    title="Low stock",
    subtitle="Available and incoming do not exceed the reorder point.",
    permission="stock.view",
    query=_low,
    key=Product.sku,
    is_joined=True,
    href=lambda level: url_for("stock.show", product_id=level.id),
    sort="sku",
    filters=(
        Search(label="SKU, name or barcode"),
        Reference(
            name="supplier",
            label="Supplier",
            options=vendor_options,
            everything="All suppliers",
            shows=vendor_name,
            chip="Supplier: {}",
        ),
    ),
    columns=(
        SKU,
        PRODUCT,
        Column(name="supplier", title="Supplier", sort=Vendor.name, place="wide desk"),
        figure("on_hand", "On hand", place="wide desk", is_shown=False),
        figure("reserved", "Reserved", place="wide desk", is_shown=False),
        figure("available", "Available", sort="available", place="meta"),
        Column(name="incoming", title="Incoming", kind="quantity", place="wide desk"),
        Column(name="reorder_point", title="Reorder point", kind="quantity", place="desk"),
        REORDER_QUANTITY,
        Column(
            name="suggested",
            title="Suggested",
            value="suggested_quantity",
            kind="quantity",
            unit="unit",
            sort="suggested_quantity",
            place="figure",
        ),
        UNIT,
        STATUS,
    ),
    links=(
        Link(
            label="Reorder",
            endpoint="reorder.index",
            permission="purchase_orders.view",
            icon="refresh",
        ),
    ),
    tools=(Link(label="Print as PDF", endpoint="stock.low_pdf", kind="quiet", icon="print"),),
    events=EVENTS,
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another supplier.",
        action="Show everything",
    ),
    nothing=Nothing(
        title="Nothing runs low.",
        advice="A product appears here when what is available falls to its reorder point.",
        icon="check",
    ),
)

INVENTORY.add_to(bp)
LOW.add_to(bp, "/low", "low")
