"""A line as plain values: what people and programs say of it, and what histories compare."""

from decimal import Decimal
from typing import NamedTuple

from app.core.quantities import plain


class OrderItem(NamedTuple):
    """What a line is about; `id` is the line's, None of a new one."""

    sku: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal  # in percent
    description: str = ""
    product_id: int | None = None
    external_id: str | None = None
    id: int | None = None
    discount: str = ""  # `10%`, or an amount
    is_free: bool = False  # about no product of ours, because somebody has said so
    is_bundle: bool = False  # what leaves for it are its components

    def __str__(self) -> str:
        off = f" less {self.discount}" if self.discount else ""
        return f"{plain(self.quantity)} x {self.sku} at {plain(self.unit_price)}{off}"


class ItemDraft(NamedTuple):
    """What somebody wants; what is None follows from the product, the order or the line.

    The product is named by its id, its SKU or a barcode. With `is_free` somebody has said that
    the line is about no product of ours, a service say: it is charged, and leaves with the
    goods, but nobody reserves or picks it. What a shop calls so has its `external_id`.
    """

    quantity: Decimal
    sku: str = ""
    product_id: int | None = None
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None
    description: str | None = None
    external_id: str | None = None
    id: int | None = None
    is_free: bool | None = None
    discount: str | None = None
