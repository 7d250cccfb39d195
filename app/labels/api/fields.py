"""Measures of labels as programs write them: millimetres, as decimal strings."""

from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.core.quantities import plain

DECIMALS = 2


class Millimetres(ma.fields.Decimal):
    """A length with at most two decimals, from `least` to `most`."""

    def __init__(self, *, least: int = 0, most: int, **more: Any) -> None:
        super().__init__(as_string=True, validate=self._check, **more)
        self.within = ma.validate.Range(Decimal(least), Decimal(most))

    def _serialize(self, value: Decimal | None, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None else plain(value)

    def _check(self, length: Decimal) -> None:
        self.within(length)
        if length != round(length, DECIMALS):  # of what is too large nobody can tell
            raise ma.ValidationError(f"At most {DECIMALS} decimals.")
