"""Objects of one kind in the order in which they were made, each with its text."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.standins.objects import Object


@dataclass(slots=True)
class Row:
    """An object and the text that goes over the wire: Stripe indents it."""

    fields: Object
    raw: bytes


class Table:
    """The objects of one kind."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.places: dict[str, int] = {}

    def put(self, fields: Object) -> Object:
        """Keep an object in place of the one of its id, or after all others."""
        row = Row(fields, json.dumps(fields, indent=2, ensure_ascii=False).encode())
        if (place := self.places.get(fields["id"])) is None:
            self.places[fields["id"]] = len(self.rows)
            self.rows.append(row)
        else:
            self.rows[place] = row
        return fields

    def change(self, key: str, **fields: object) -> Object:
        """Change some fields of an object."""
        return self.put(self[key] | fields)

    def __getitem__(self, key: str) -> Object:
        """Give one by its id. Raises KeyError."""
        return self.rows[self.places[key]].fields

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, key: str) -> bytes:
        """The text of one. Raises KeyError."""
        return self.rows[self.places[key]].raw

    def page(
        self, *, after: str | None, most: int, fits: Callable[[Object], bool],
        among: Sequence[str] | None = None,
    ) -> tuple[list[bytes], bool]:  # fmt: skip
        """The texts of a page, the newest first, and whether there are more. KeyError."""
        places = range(len(self.rows)) if among is None else [self.places[k] for k in among]
        before = len(self.rows) if after is None else self.places[after]
        found: list[bytes] = []
        for place in reversed(places):
            if place >= before or not fits(self.rows[place].fields):
                continue
            if len(found) == most:
                return found, True
            found.append(self.rows[place].raw)
        return found, False
