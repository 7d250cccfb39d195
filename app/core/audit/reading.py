"""How entries are read by people: ids as names, moments in their zone, states as labels."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, DateTime, select

from app.core.audit.models import AuditEntry
from app.core.audit.recorder import Audited
from app.core.db import Model, db

Names = Mapping[tuple[str, str], str]  # what a record of a table is called, by its id


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry whose `told` has what people know: names, labels, and moments as such."""

    entry: AuditEntry
    names: Names

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)

    @property
    def told(self) -> dict[str, list[Any]]:
        """The changes as the person asking may see them."""
        return {
            name: [self._read(name, value) for value in both]
            for name, both in self.entry.told.items()
        }

    def _read(self, name: str, value: Any) -> Any:
        kind = _kinds().get(self.entry.record_type)
        if kind is None or not value:
            return value
        if label := kind.value_labels.get(name, {}).get(value):
            return label
        column = _column(kind, name)
        if column is not None and isinstance(column.type, DateTime):
            return _moment(value)
        if table := _refers_to(column):
            return self.names.get((table, value), value)
        return value


def read(entries: Iterable[AuditEntry]) -> Sequence[ReadEntry]:
    """Make entries readable, with one query for each kind of record that they name."""
    found = list(entries)
    names = _names(found)
    return [ReadEntry(entry, names) for entry in found]


def _names(entries: Iterable[AuditEntry]) -> Names:
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        kind = _kinds().get(entry.record_type)
        for name, both in entry.changes.items() if kind else ():
            if table := _refers_to(_column(kind, name)):
                wanted[table] |= {int(one) for one in both if str(one or "").isdecimal()}
    return {
        (table, str(record.id)): str(record)
        for table, ids in wanted.items()
        if ids
        for record in _records(_kinds()[table], ids)
    }


def _records(kind: type[Any], ids: Collection[int]) -> Iterable[Any]:
    return db.session.scalars(select(kind).where(kind.id.in_(ids)))


@cache
def _kinds() -> dict[str, type[Any]]:
    """What is audited, by table: those have a name for people."""
    return {
        str(mapper.local_table): mapper.class_
        for mapper in Model.registry.mappers
        if issubclass(mapper.class_, Audited)
    }


def _column(kind: type[Any] | None, name: str) -> Column[Any] | None:
    return kind.__table__.columns.get(name) if kind else None


def _refers_to(column: Column[Any] | None) -> str:
    """Name the audited table that a column refers to, if it does."""
    for key in column.foreign_keys if column is not None else ():
        table = key.target_fullname.partition(".")[0]
        if table in _kinds():
            return table
    return ""


def _moment(value: str) -> Any:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value
