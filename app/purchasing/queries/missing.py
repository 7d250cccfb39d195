"""What there is, what comes and what is owed of products, and whose terms they go by."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import CTE, Select, Subquery, func, select

from app.catalog.models import BUNDLE, Product
from app.catalog.queries import among
from app.purchasing.models import NOT_SENT, PurchaseLine, PurchaseOrder
from app.purchasing.queries.terms import terms_of
from app.stock.incoming import incoming
from app.stock.models import Balance
from app.stock.queries.inventory import AVAILABLE
from app.stock.waiting import backorders


def standing_of(product_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """One row for each product in use that may be bought: figures in its own unit, and terms.

    `step` is what quantities are a multiple of, packs and all.
    """
    there, come, drafted = (
        _lying(product_ids),
        _coming(product_ids),
        _drafted(product_ids),
    )
    owed, terms = backorders(product_ids), terms_of(among(Product.id, product_ids))
    return (
        select(
            Product.id.label("product_id"),
            Product.sku,
            Product.name,
            Product.unit,
            func.coalesce(there.c.quantity, 0).label("available"),
            func.coalesce(come.c.quantity, 0).label("incoming"),
            func.coalesce(drafted.c.quantity, 0).label("drafted"),
            func.coalesce(owed.c.quantity, 0).label("backordered"),
            terms.c.vendor_id,
            terms.c.part_id,
            terms.c.minimum_quantity,
            terms.c.step,
        )
        .join(terms, terms.c.product_id == Product.id)
        .outerjoin(there, there.c.product_id == Product.id)
        .outerjoin(come, come.c.product_id == Product.id)
        .outerjoin(drafted, drafted.c.product_id == Product.id)
        .outerjoin(owed, owed.c.product_id == Product.id)
        .where(Product.kind != BUNDLE)
        .order_by(Product.sku)
    )


def _lying(product_ids: Collection[int]) -> CTE:
    return (
        select(Balance.product_id, func.sum(AVAILABLE).label("quantity"))
        .where(among(Balance.product_id, product_ids))
        .group_by(Balance.product_id)
        .cte("there")
    )


def _coming(product_ids: Collection[int]) -> Subquery:
    expected = incoming()
    return (
        select(expected.c.product_id, func.sum(expected.c.quantity).label("quantity"))
        .where(among(expected.c.product_id, product_ids))
        .group_by(expected.c.product_id)
        .subquery("come")
    )


def _drafted(product_ids: Collection[int]) -> CTE:
    ordered = PurchaseLine.units_ordered - PurchaseLine.units_cancelled
    return (
        select(PurchaseLine.product_id, func.sum(ordered).label("quantity"))
        .join(PurchaseLine.order)
        .where(among(PurchaseLine.product_id, product_ids), PurchaseOrder.status.in_(NOT_SENT))
        .where(PurchaseOrder.delivery_address == "")
        .group_by(PurchaseLine.product_id)
        .cte("drafts")
    )
