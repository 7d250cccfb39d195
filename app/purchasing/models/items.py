"""A line as plain values: what people and programs say of it, and what histories compare."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.core.quantities import plain


class PurchaseItem(NamedTuple):
    """What a line is about; `id` is the line's, None of a new one.

    `quantity` and `unit_price` are in the unit of purchase: `pack_quantity` says how much of
    the product's own unit is in one of them, `purchase_unit` what it is called.
    """

    sku: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal  # in percent
    description: str = ""
    product_id: int | None = None
    part_number: str = ""  # what the vendor calls it
    pack_quantity: Decimal = Decimal(1)
    purchase_unit: str = ""
    expected_on: date | None = None
    id: int | None = None
    is_free: bool = False  # about no product of ours, because somebody has said so

    def __str__(self) -> str:
        unit = self.purchase_unit or "units"
        pack = "" if self.pack_quantity == 1 else f" {unit} of {plain(self.pack_quantity)}"
        day = f", expected {self.expected_on}" if self.expected_on else ""
        price = plain(self.unit_price)
        return f"{plain(self.quantity)}{pack} x {self.sku} at {price}{day}"


class PurchaseDraft(NamedTuple):
    """What somebody wants; what is None follows from the product, its vendor, or the line.

    The product is named by its id, its SKU, a barcode or the vendor's number for it. With
    `is_free` somebody has said that the line is about no product of ours, a service say: it is
    charged and received, and nothing of it comes to stock.
    """

    quantity: Decimal
    sku: str = ""
    product_id: int | None = None
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None
    description: str | None = None
    part_number: str | None = None
    pack_quantity: Decimal | None = None
    purchase_unit: str | None = None
    expected_on: date | None = None
    id: int | None = None
    is_free: bool | None = None
