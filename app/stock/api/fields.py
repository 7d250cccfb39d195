"""Fields that the calls of the inventory share."""

from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.core.quantities import QUANTITY_DECIMALS, parse_decimal, plain


class Quantity(ma.fields.Decimal):
    """A quantity: a decimal string out; a string or a number in, exactly."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "string", "format": "decimal", **kwargs.pop("metadata", {})}
        super().__init__(as_string=True, metadata=metadata, **kwargs)

    def _serialize(self, value: Decimal | None, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None else plain(value)

    def _deserialize(self, value: Any, *_rest: Any, **_more: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ma.ValidationError("This is not a number.")
        try:
            return parse_decimal(str(value), decimals=QUANTITY_DECIMALS)
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error


class NamesLot(ma.Schema):
    """Goods that are tracked say their lot, or their serial number."""

    lot = ma.fields.Str(
        load_default="",
        validate=ma.validate.Length(max=100),
        metadata={"description": "Lot or serial number of a product that is tracked"},
    )


class NamesNewLot(NamesLot):
    """What comes may be of a lot that is not there yet."""

    expires_on = ma.fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Needed of a new lot of a product that has expiry dates"},
    )


class NamesProduct(ma.Schema):
    """A product is named by its SKU or its id."""

    sku = ma.fields.Str(validate=ma.validate.Length(min=1))
    product_id = ma.fields.Int(strict=True)

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if ("sku" in body) == ("product_id" in body):
            raise ma.ValidationError("Give either the SKU or the product_id.", "sku")
