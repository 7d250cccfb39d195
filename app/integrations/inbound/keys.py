"""The keys of what is made new."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.catalog.models import Product
from app.core.codes import normal_code
from app.core.db import transaction
from app.integrations.inbound.targets import IncomingRecord


def new_skus(prefix: str, incoming: Sequence[IncomingRecord]) -> list[str]:
    """Their SKU, or a number that says where it comes from.

    Two items there may have one SKU; here it is somebody's alone, so the second gets a number.
    """
    wanted = [str(one.values["sku"]) for one in incoming]
    with transaction() as session:
        known = select(func.normal_code(Product.sku))
        same = func.normal_code(Product.sku).in_([*map(normal_code, wanted)])
        taken = set(session.scalars(known.where(same)))
    skus = []
    for one, sku in zip(incoming, wanted, strict=True):
        is_free = sku and normal_code(sku) not in taken
        taken.add(normal_code(sku))
        skus.append(sku if is_free else f"{prefix}-{one.external_id}")
    return skus
