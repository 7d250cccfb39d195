"""One entity's objects: each as the JSON text that goes over the wire, beside its columns."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.standins.magento.criteria import Criteria, matches
from tests.standins.magento.errors import internal
from tests.standins.objects import Object, encoded

REMEMBERED = 16  # searches


@dataclass(slots=True, frozen=True)
class Row:
    """An object's text, with the columns that can be searched and sorted by."""

    key: Any
    columns: dict[str, Any]
    raw: bytes

    @property
    def fields(self) -> Object:
        """The object itself; a new copy each time."""
        fields: Object = json.loads(self.raw)
        return fields


class Table:
    """The objects of one entity by key, in the order in which they were made.

    `names`: searchable column -> field of the object, where the two differ.
    """

    def __init__(
        self, key: str | tuple[str, ...], columns: Sequence[str], **names: str
    ) -> None:
        self.key = key  # the field, or the fields, by which an object is found
        self.columns = {name: names.get(name, name) for name in columns}
        self.rows: dict[Any, Row] = {}
        self.next_id = 1
        self.found: dict[Any, list[Row]] = {}  # what searches found, until anything changes

    def put(self, fields: Object) -> None:
        """Keep an object in place of what had its key."""
        columns = {name: fields.get(field) for name, field in self.columns.items()}
        self.put_text(self.key_of(fields), columns, encoded(fields))

    def put_text(self, key: Any, columns: dict[str, Any], raw: bytes) -> None:
        """Keep an object that is written already."""
        self.rows[key] = Row(key, columns, raw)
        self.found.clear()

    def remove(self, key: Any) -> None:
        """Take an object away. Raises KeyError."""
        del self.rows[key]
        self.found.clear()

    def key_of(self, fields: Object) -> Any:
        """What an object is found by."""
        if isinstance(self.key, str):
            return fields[self.key]
        return tuple(fields[name] for name in self.key)

    def where(self, column: str, value: Any) -> list[Row]:
        """All that have a value in a column."""
        return [row for row in list(self.rows.values()) if row.columns[column] == value]

    def take_id(self) -> int:
        """A number for a new object."""
        self.next_id += 1
        return self.next_id - 1

    def search(self, criteria: Criteria) -> tuple[list[Row], int]:
        """A page, and how many there are; a page past the end is the last one again."""
        found = self.all(criteria)
        size = criteria.page_size or max(len(found), 1)
        last = max(1, -(-len(found) // size))
        start = (min(criteria.page, last) - 1) * size
        return found[start : start + size], len(found)

    def all(self, criteria: Criteria) -> list[Row]:
        """All that fulfil the criteria, sorted; remembered for the next page."""
        asked = criteria[:2]
        found = self.found.get(asked)
        if found is None:
            if len(self.found) >= REMEMBERED:
                self.found.clear()
            rows = [row for row in list(self.rows.values()) if matches(criteria, row.columns)]
            found = self.found[asked] = self.ordered(rows, criteria.orders)
        return found

    def ordered(self, rows: list[Row], orders: Sequence[tuple[str, str]]) -> list[Row]:
        """Sort by several columns; empty ones come first. Raises Refused."""
        for field, direction in reversed(orders):
            if field not in self.columns:
                raise internal()
            rows = sorted(rows, key=partial(place_of, field), reverse=direction == "DESC")
        return rows


def place_of(field: str, row: Row) -> tuple[bool, Any]:
    """Where a row stands when sorted by a column."""
    value = row.columns[field]
    return value is not None, 0 if value is None else value
