"""Schemas of the API that records of all slices share: texts by rule, changes, versions."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.core.checks import Rule
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
