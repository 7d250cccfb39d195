"""Fields of the catalogue's schemas: exact numbers, costs, and what all records have."""

from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.catalog.costs import COSTS
from app.core.api import PageQuery
from app.core.permissions import may_see
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, plain


class Number(ma.fields.Decimal):
    """A number of zero or more, as a decimal string, with no more decimals than are kept."""

    def __init__(self, *, decimals: int, **kwargs: Any) -> None:
        super().__init__(as_string=True, validate=self._check, **kwargs)
        self.decimals = decimals

    def _serialize(self, value: Decimal | None, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None else plain(value)

    def _check(self, number: Decimal) -> None:
        if not 0 <= number < LARGEST_QUANTITY:
            raise ma.ValidationError(
                "This must be zero or more, and below ten thousand million."
            )
        if number != round(number, self.decimals):
            raise ma.ValidationError(f"At most {self.decimals} decimals.")


class Cost(Number):
    """What we pay: null for whoever may not see it, and then not to be changed either."""

    def __init__(self, *, is_needed: bool = False, **kwargs: Any) -> None:
        told = {"description": f"Null without the permission {COSTS}; sent back, it stays"}
        super().__init__(decimals=MONEY_DECIMALS, allow_none=True, metadata=told, **kwargs)
        self.is_needed = is_needed  # whoever sees it sends no null

    def _serialize(self, value: Decimal | None, *_rest: Any, **_more: Any) -> str | None:
        return super()._serialize(value) if may_see(COSTS) else None

    def deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        """Read what is sent; whoever may not see costs can only send the null they got."""
        if may_see(COSTS) or value is ma.missing:
            if value is None and self.is_needed:
                raise self.make_error("null")
            return super().deserialize(value, *rest, **more)
        if value is not None:
            raise ma.ValidationError("You are not allowed to see or set costs.")
        return ma.missing


class ListQuery(PageQuery):
    """Filters that all lists of the catalogue share."""

    q = ma.fields.Str(load_default="", metadata={"description": "Words of it, or a code"})
    is_active = ma.fields.Bool(load_default=None)
    updated_since = ma.fields.AwareDateTime(load_default=None)


class RecordSchema(ma.Schema):
    """What all records of the catalogue have; what is not sent in a change stays as it is."""

    id = ma.fields.Int(dump_only=True)
    is_active = ma.fields.Bool()
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)
