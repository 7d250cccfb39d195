"""What can be imported and exported: the slices above define it, each in its `slice.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, Text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.core.permissions import may, may_see
from app.core.slices import slices
from app.imports.parsers import Parser

if TYPE_CHECKING:
    from app.imports.staging import Staging


# The option by which codes are taken as they stand.
OWN_CODES = "own_codes"
ASK_OWN_CODES = {
    OWN_CODES: "Take codes as they are, even if they look damaged or like a wrong GTIN"
}


class Counts(NamedTuple):
    """What became of the rows that were good."""

    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One of our fields, and what other programs call it.

    `parse_own` reads it where somebody has said that codes are meant as they stand. Of amounts
    with `is_money` the sign of a currency is read too; with `is_percent` 19% is a number.
    Of dates with `has_time` the time is read too. One that `is_fixable` may be said once for
    all rows. One that `is_summed` is held to what a row of totals says. Seeing it may take a
    `permission` of its own: others neither import nor export it.
    """

    name: str
    label: str
    parse: Parser
    type: TypeEngine[Any] = field(default_factory=Text)
    aliases: Sequence[str] = ()
    # A name that means it only where another column is there too: of Shopify's orders, "Name".
    beside: Mapping[str, str] = field(default_factory=dict)
    is_number: bool = False
    is_money: bool = False
    is_percent: bool = False
    is_date: bool = False
    has_time: bool = False
    is_fixable: bool = False
    is_summed: bool = False
    parse_own: Parser | None = None
    hint: str = ""
    permission: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether the person asking may see it."""
        return may_see(self.permission)


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Records of one kind, matched by the key fields.

    `load` writes the staged rows, or only counts them in a dry run. `export` gives the
    records with one column per field, in the order of the fields; its argument are the
    filters of the list. `options` are yes-or-no questions: name -> label. `scratch` are
    columns of the staged rows that `load` needs besides the fields. `group` is the field by
    which several rows are one record: a wrong row tells which one it belongs to. With
    `has_totals` a row that is called a total, and lacks a key field, is no record. `undo` takes
    back what one import has written. `brought` gives a label and the address of what an import
    brought, by its result.
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
    group: str = ""
    has_totals: bool = False
    undo: Callable[[Session, int], int] | None = None
    brought: Callable[[Mapping[str, Any]], tuple[str, str] | None] = lambda _result: None

    @property
    def open_fields(self) -> list[Field]:
        """The fields that the person asking may see."""
        return [field for field in self.fields if field.is_open]

    @property
    def closed_fields(self) -> list[Field]:
        """The fields that the person asking may not see."""
        return [field for field in self.fields if not field.is_open]

    def file_permission(self, names: Collection[str]) -> str:
        """Give what somebody needs to get a file of others that holds these fields."""
        strict = [field.permission for field in self.fields if field.name in names]
        return next(filter(None, strict), self.permission)

    @property
    def fixable(self) -> list[Field]:
        """The fields that may be said once for all rows."""
        return [field for field in self.open_fields if field.is_fixable]

    def field_named(self, name: str) -> Field:
        """Give one of the fields."""
        return next(field for field in self.fields if field.name == name)

    def label_of(self, name: str) -> str:
        """What people call a field; nothing if it is none of ours."""
        return next((field.label for field in self.fields if field.name == name), "")


def importers() -> Mapping[str, Importer]:
    """Everything that can be imported, by kind."""
    return slices().importers


def open_importers() -> dict[str, Importer]:
    """What the person asking may import; it may be nothing."""
    return {kind: one for kind, one in importers().items() if may(one.permission)}


def may_import() -> bool:
    """Tell whether there is anything that the person asking may import."""
    return bool(open_importers())
