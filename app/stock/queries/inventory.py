"""How much there is of each product, and what runs low."""

from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    union_all,
)

from app.catalog import queries as catalog
from app.catalog.models import BUNDLE, Product, Vendor
from app.stock.incoming import incoming_of_product, incoming_sums
from app.stock.models import Balance, Location
from app.stock.queries import reorder

STATUSES = ("low", "out")
# Of what a picker did not find nothing, until it is counted; of a lot that is blocked or has
# expired nothing at all.
AVAILABLE: ColumnElement[Decimal] = case(
    (Balance.is_doubted | Balance.is_withheld, 0), else_=Balance.on_hand - Balance.reserved
)
OF_PRODUCT = (
    Product.id,
    Product.sku,
    Product.name,
    Product.unit,
    Product.reorder_point,
    Product.reorder_quantity,
    Product.version,
)


class Figures(NamedTuple):
    """Columns of the sums over a product's balances."""

    on_hand: ColumnElement[Decimal]
    reserved: ColumnElement[Decimal]
    available: ColumnElement[Decimal]  # what may still be reserved
    incoming: ColumnElement[Decimal]  # what is on order, and has not come

    @property
    def is_low(self) -> ColumnElement[bool]:
        """Whether the reorder rule calls for more."""
        return reorder.is_low(self.available, self.incoming)

    @property
    def status(self) -> ColumnElement[str]:
        """`out` when nothing is available, else `low` or `ok`."""
        return case((self.available <= 0, "out"), (self.is_low, "low"), else_="ok")

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """What a row of the inventory holds beside its product."""
        return (
            self.on_hand.label("on_hand"),
            self.reserved.label("reserved"),
            self.available.label("available"),
            self.incoming.label("incoming"),
            self.status.label("status"),
        )


def inventory(
    *,
    q: str = "",
    path: str = "",
    status: str = "",
    is_sorted_by_figure: bool = False,
    is_active: bool | None = True,
) -> Select[*tuple[Any, ...]]:
    """Products, each with its figures: the columns of OF_PRODUCT and of `Figures`.

    `is_active` None takes all of them. `path` is that of a location: only what lies there, or
    below it, counts. See `_with_figures` for `is_sorted_by_figure`.
    """
    query: Select[Any] = catalog.products(search=q, is_active=is_active)
    query = query.where(Product.kind != BUNDLE)  # it is sold, and its components are kept
    query, figures = _with_figures(query, path=path, at_once=is_sorted_by_figure)
    if status == "out":
        query = query.where(figures.available <= 0)
    elif status == "low":
        query = query.where(figures.is_low)
    return query.with_only_columns(*OF_PRODUCT, *figures.columns, maintain_column_froms=True)


def low_stock(
    *, q: str = "", supplier_id: int | None = None, is_sorted_by_figure: bool = False
) -> Select[*tuple[Any, ...]]:
    """Products to be bought: available and incoming do not exceed the reorder point.

    Adds `supplier_id`, `supplier` and `suggested_quantity`; `reorder` has the rule.
    """
    query: Select[Any] = catalog.products(search=q, is_active=True, supplier_id=supplier_id)
    query, figures = _with_figures(query, path="", at_once=is_sorted_by_figure)
    query = query.outerjoin(Vendor, Vendor.id == Product.supplier_id)
    query = query.where(figures.is_low, Product.kind != BUNDLE)
    return query.with_only_columns(
        *OF_PRODUCT,
        Product.supplier_id,
        Vendor.name.label("supplier"),
        *figures.columns,
        reorder.suggested_quantity(figures.available, figures.incoming).label(
            "suggested_quantity"
        ),
        maintain_column_froms=True,
    )


def totals(product_ids: catalog.Ids) -> Select[int, Decimal, Decimal, Decimal]:
    """What is on hand, reserved and available of products; one without balances is missing."""
    return (
        select(
            Balance.product_id,
            func.sum(Balance.on_hand),
            func.sum(Balance.reserved),
            func.sum(AVAILABLE),
        )
        .where(catalog.among(Balance.product_id, product_ids))
        .group_by(Balance.product_id)
    )


@cache
def totals_with_bundles() -> CompoundSelect[*tuple[Any, ...]]:
    """As `totals`, of `product_ids`; of a bundle, as many as its scarcest component allows.

    It is built once: a list of 50 products asks for it on every page.
    """
    bundles = bundles_of(catalog.IDS).subquery()
    none = literal(0, Balance.on_hand.type)
    return union_all(
        totals(catalog.IDS), select(bundles.c.bundle_id, none, none, bundles.c.available)
    )


def bundles_of(product_ids: catalog.Ids) -> Select[*tuple[Any, ...]]:
    """How many of each bundle there are: whole ones of what is available of its components.

    One row for each: `bundle_id` and `available`.
    """
    parts = catalog.bundle_quantities(product_ids).cte("bundle_parts")
    there = (
        select(Balance.product_id, func.sum(AVAILABLE).label("available"))
        .where(Balance.product_id.in_(select(parts.c.product_id)))
        .group_by(Balance.product_id)
        .subquery("there")
    )
    available = func.coalesce(there.c.available, 0)
    return (
        select(
            parts.c.bundle_id,
            func.min(func.floor(available / parts.c.quantity)).label("available"),
        )
        .outerjoin(there, there.c.product_id == parts.c.product_id)
        .group_by(parts.c.bundle_id)
    )


def bundle_by_warehouse(product_id: int) -> Select[str, Decimal]:
    """In which warehouses a bundle can be made up of what lies there alone, and how often."""
    parts = catalog.bundle_parts([product_id]).order_by(None).subquery("parts")
    root = func.split_part(Location.path, "/", 1)
    there = (
        select(parts.c.product_id, root.label("code"), func.sum(AVAILABLE).label("available"))
        .join(parts, parts.c.product_id == Balance.product_id)
        .join(Location, Location.id == Balance.location_id)
        .group_by(parts.c.product_id, root)
        .subquery("there")
    )
    needed = select(func.count()).select_from(parts).scalar_subquery()
    available = func.min(func.floor(there.c.available / parts.c.quantity))
    return (
        select(there.c.code, available)
        .join(parts, parts.c.product_id == there.c.product_id)
        .group_by(there.c.code)
        .having((func.count() == needed) & (available > 0))
        .order_by(there.c.code)
    )


def _sums(path: str = "") -> Subquery:
    sums = select(
        Balance.product_id,
        func.sum(Balance.on_hand).label("on_hand"),
        func.sum(Balance.reserved).label("reserved"),
        func.sum(AVAILABLE).label("available"),
    ).group_by(Balance.product_id)
    if path:
        below = Location.path.startswith(path, autoescape=True)
        sums = sums.join(Balance.location).where(below, Balance.on_hand > 0)
    return sums.subquery()


def _with_figures(
    query: Select[Any], *, path: str, at_once: bool
) -> tuple[Select[Any], Figures]:
    """Add the figures of each product.

    A list in the order of an index adds up product by product, and stops with its page; one
    that is sorted by a figure, or is about one place, adds up all balances `at_once`.
    """
    if not path and not at_once:
        return query, Figures(
            on_hand=_one(Balance.on_hand),
            reserved=_one(Balance.reserved),
            available=_one(AVAILABLE),
            incoming=incoming_of_product(),
        )
    sums, expected = _sums(path), incoming_sums()
    query = query.join(sums, sums.c.product_id == Product.id, isouter=not path)
    query = query.join(expected, expected.c.product_id == Product.id, isouter=True)
    return query, Figures(
        on_hand=func.coalesce(sums.c.on_hand, 0),
        reserved=func.coalesce(sums.c.reserved, 0),
        available=func.coalesce(sums.c.available, 0),
        incoming=func.coalesce(expected.c.incoming, 0),
    )


def _one(column: Any) -> ColumnElement[Decimal]:
    """The sum of a column for the product of the row."""
    sums = select(func.coalesce(func.sum(column), 0)).where(Balance.product_id == Product.id)
    return sums.correlate(Product).scalar_subquery()
