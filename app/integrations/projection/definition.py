"""What a connector says of the records that its own become here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app

from app.catalog.models import Customer, Product, Vendor
from app.imports.definition import Importer

Values = dict[str, Any]
Projector = Callable[[int], int]

THEIRS, OURS = "theirs", "ours"


class IncomingRecord(NamedTuple):
    """An external record as it is matched and loaded: our fields by name."""

    external_id: str
    values: Values
    is_gone: bool = False


class Match(NamedTuple):
    """One of ours that an external record may stand for; `is_sure`: nobody need be asked."""

    record_id: int
    is_sure: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Records of one kind become records of one table.

    `read` gives our fields, None if the record becomes nothing here, or raises Unreadable.
    `match` finds candidates for records without a link. `fields` are those that follow: name
    -> who wins where nobody has decided.
    """

    kind: str
    label: str
    model: type[Customer] | type[Vendor] | type[Product]
    key: str
    importer: Importer
    read: Callable[[Mapping[str, Any]], Values | None]
    match: Callable[[int, Sequence[IncomingRecord]], Mapping[str, Match]]
    new_keys: Callable[[Sequence[IncomingRecord]], Sequence[str]]
    fields: Mapping[str, str] = field(default_factory=dict)

    def precedence(self, field_precedence: Mapping[str, str], name: str) -> str:
        """Who wins for a field of a record that both sides have."""
        return field_precedence.get(f"{self.kind}.{name}", self.fields[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What becomes of a system's records, in this order; `other` take a connection."""

    name: str
    targets: Sequence[Target]
    other: Mapping[str, Projector]


def projection(system: str) -> Projection:
    """Give what becomes of a system's records."""
    known: Mapping[str, Projection] = current_app.extensions["projections"]
    return known[system]


def target(system: str, kind: str) -> Target:
    """Give one of them.

    Raises:
        KeyError: Records of this kind become nothing here.
    """
    return {one.kind: one for one in projection(system).targets}[kind]
