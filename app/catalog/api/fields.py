"""Fields of the catalogue's schemas: the rules of `app.catalog.rules`, and exact numbers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.catalog.costs import COSTS
from app.catalog.rules import Rule
from app.core.api import PageQuery
from app.core.permissions import may_see
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, plain
from app.core.versions import Versioned


class Text(ma.fields.Str):
    """A text that a rule reads; it refuses with its reason."""

    def __init__(self, rule: Rule, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule = rule

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self.rule(text)
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error


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


def for_new(schema: type[ma.Schema]) -> ma.Schema:
    """Give the schema of a record to be made: it has no version yet."""
    name = f"New{schema.__name__}"
    return type(name, (schema,), {"__doc__": schema.__doc__})(exclude=["version"])


def for_changes(schema: type[ma.Schema]) -> ma.Schema:
    """Give the schema of a change: any of the fields. The lines of a list are whole ones."""
    name = f"Changed{schema.__name__}"
    changed: type[ma.Schema] = type(name, (schema,), {"__doc__": schema.__doc__})
    return changed(partial=tuple(changed._declared_fields))  # noqa: SLF001  (not those within)


def versioned(record: Versioned) -> dict[str, str]:
    """Give the header that says which version of a record this is."""
    return {"ETag": f'"{record.version}"'}
