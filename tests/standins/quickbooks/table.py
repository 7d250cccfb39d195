"""One entity's objects: each kept as the JSON text that goes over the wire."""

import json
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.standins.objects import Object, encoded
from tests.standins.quickbooks import moments

REMEMBERED = 16  # queries


@dataclass(slots=True, frozen=True)
class Row:
    """An object's text, with the three fields that nearly every request asks for."""

    id: int
    active: bool
    updated: float
    raw: bytes

    @property
    def fields(self) -> Object:
        """The object itself; a new copy each time."""
        fields: Object = json.loads(self.raw)
        return fields


class Table:
    """The objects of one entity by id, with sorted lists of all and of the active ones."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.all: list[int] = []
        self.active: list[int] = []
        self.tombstones: dict[int, float] = {}
        self.next_id = 1
        self.found: dict[Any, list[int]] = {}  # what queries found, until anything changes

    def put(self, fields: Object) -> Row:
        """Keep an object in place of what had its id."""
        number, active = int(fields["Id"]), bool(fields.get("Active", True))
        updated = moments.read(fields["MetaData"]["LastUpdatedTime"])
        row = Row(number, active, updated, encoded(fields))
        self.drop(number)
        self.rows[number] = row
        insort(self.all, number)
        if active:
            insort(self.active, number)
        self.next_id = max(self.next_id, number + 1)
        return row

    def drop(self, number: int) -> None:
        """Forget an object, if there is one."""
        self.found.clear()
        if self.rows.pop(number, None):
            for ids in (self.all, self.active):
                place = bisect_left(ids, number)
                if place < len(ids) and ids[place] == number:
                    del ids[place]

    def remember(self, asked: Any, ids: list[int]) -> None:
        """Keep what a query found: its next page then costs no more than any other."""
        if len(self.found) >= REMEMBERED:
            self.found.clear()
        self.found[asked] = ids

    def ids(self, *, with_inactive: bool) -> list[int]:
        """The ids in order; with or without the inactive ones."""
        return self.all if with_inactive else self.active

    def raws(self, numbers: Iterable[int]) -> list[bytes]:
        """The texts of these objects, in the order asked for."""
        return [self.rows[number].raw for number in numbers]
