"""Measures of labels as programs write them: millimetres, as decimal strings."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.core.quantities import plain

DECIMALS = 2


class Millimetres(ma.fields.Decimal):
    """A length with at most two decimals, from `least` to `most`."""

    def __init__(self, *, least: int = 0, most: int, **more: Any) -> None:
        within = ma.validate.Range(Decimal(least), Decimal(most))
        super().__init__(as_string=True, validate=within, **more)

    def _serialize(self, value: Decimal | None, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None else plain(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any
    ) -> Any:
        length = super()._deserialize(value, attr, data, **more)
        if length != round(length, DECIMALS):
            raise ma.ValidationError(f"At most {DECIMALS} decimals.")
        return length
