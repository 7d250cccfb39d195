"""What can be imported and exported: the slices above define it, each in its `slice.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, Text
from sqlalchemy.types import TypeEngine

from app.core.permissions import may
from app.core.slices import slices
from app.imports.parsers import Parser

if TYPE_CHECKING:
    from app.imports.staging import Staging


class Counts(NamedTuple):
    """What became of the rows that were good."""

    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One of our fields, and what other programs call it."""

    name: str
    label: str
    parse: Parser
    type: TypeEngine[Any] = field(default_factory=Text)
    aliases: Sequence[str] = ()
    is_number: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Records of one kind, matched by the key fields.

    `load` writes the staged rows, or only counts them in a dry run. `export` gives the
    records with one column per field, in the order of the fields; its argument are the
    filters of the list. `options` are yes-or-no questions: name -> label. `scratch` are
    columns of the staged rows that `load` needs besides the fields.
    """

    kind: str
    label: str
    permission: str
    fields: Sequence[Field]
    key: Sequence[str]
    load: Callable[[Staging], Counts]
    export: Callable[[Mapping[str, str]], Select[Any]] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    scratch: Mapping[str, TypeEngine[Any]] = field(default_factory=dict)

    def field_named(self, name: str) -> Field:
        """Give one of the fields."""
        return next(field for field in self.fields if field.name == name)

    def label_of(self, name: str) -> str:
        """What people call a field; nothing if it is none of ours."""
        return next((field.label for field in self.fields if field.name == name), "")


def importers() -> Mapping[str, Importer]:
    """Everything that can be imported, by kind."""
    return slices().importers


def may_import() -> bool:
    """Tell whether there is anything that the person asking may import."""
    return any(may(importer.permission) for importer in importers().values())
