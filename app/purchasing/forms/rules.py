"""The form of a rule of reorder."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.catalog.models import Product
from app.core.db import db
from app.core.errors import Invalid
from app.core.forms import Form, Named, RecordField, VersionField
from app.core.quantities import QUANTITY_DECIMALS
from app.purchasing import queries, services
from app.purchasing.forms.orders import number
from app.purchasing.services.rules import LONGEST_DAYS


def _find_product(code: str) -> int:
    match = services.find_parts(None, [code], is_typed=True).matches.get(code)
    if match is None:
        raise Invalid("product", f"{code} is no SKU or barcode of ours.")
    return match.product.id


def _named(product_id: int) -> Named | None:
    product = db.session.get(Product, product_id)
    return Named(product.sku, product.name) if product else None


class ReorderRuleForm(Form):
    """When and how much of a product is bought for a warehouse."""

    called: ClassVar[Mapping[str, str]] = {"product": "product_id"}
    version = VersionField(validators=[Optional()])
    product = RecordField(
        "Product", [InputRequired("Which product?")], find=_find_product, named=_named
    )
    warehouse_id = SelectField("Warehouse", coerce=int)
    reorder_point = number("Reorder point", decimals=QUANTITY_DECIMALS)
    safety_stock = number(
        "Safety stock",
        decimals=QUANTITY_DECIMALS,
        description="Comes on top of the reorder point.",
    )
    reorder_quantity = number("Reorder quantity", decimals=QUANTITY_DECIMALS)
    maximum_stock = number("Maximum stock", decimals=QUANTITY_DECIMALS)
    lead_time_days = IntegerField(
        "Lead time in days", [Optional(), NumberRange(0, LONGEST_DAYS)]
    )

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, by the names of the service."""
        return {self.called.get(name, name): value for name, value in super().values.items()}

    def offer_warehouses(self) -> None:
        """Offer every warehouse."""
        found = db.session.scalars(queries.warehouses())
        self.warehouse_id.choices = [(place.id, place.label) for place in found]
