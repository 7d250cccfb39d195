"""Loads records of several rows from a file, one after the other, each as a whole."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import Row, func, insert, select

from app.core.codes import normal_code
from app.core.db import transaction
from app.core.errors import DomainError, Invalid
from app.imports.definition import Counts
from app.imports.staging import Staging

PART = "Row {} of this order is wrong: an order is taken as a whole, so put that right first."
BESIDE = "A row beside it has no order number and may belong to this order: put it right first."


class Undone(Exception):
    """Takes back what a dry run has written."""


class Refusal(NamedTuple):
    """Why the rows of an order are not taken, and the field that says so."""

    field: str
    reason: str


class OrdersLoad:
    """Makes orders of some kind what the file says. One is taken as a whole or not at all.

    A kind says how the rows of one are written (`load`); it gives "created", "updated" or
    "unchanged". `of_order` are the fields that all rows of one have in common.
    """

    of_order: ClassVar[Sequence[str]]

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.session = staging.session
        self.counts = {"created": 0, "updated": 0, "unchanged": 0}
        self.refused: list[tuple[Sequence[Row[Any]], Refusal]] = []

    def load(self, rows: Sequence[Row[Any]]) -> str:
        """Write one order.

        Raises:
            DomainError: It is not taken; with the field.
        """
        raise NotImplementedError

    def __call__(self) -> Counts:
        """Write the orders; in a dry run, take all of it back."""
        for name, label in {"number": "order number", "sku": "SKU"}.items():
            missing = self.staging.rows.c[name].is_(None)
            self.staging.refuse_where(name, missing, f"The {label} is missing.")
        orders = [*self._orders()]
        try:
            with transaction():
                self._load_all(orders)
                self._undo_dry_run()
        except Undone:
            self.session.expire_all()
        self._tell()
        return Counts(**self.counts)

    def _undo_dry_run(self) -> None:
        if self.staging.dry_run:
            raise Undone

    def _orders(self) -> Iterator[list[Row[Any]]]:
        """The rows of each order, in the order of the file."""
        rows = self.staging.rows.c
        found = self.session.execute(select(self.staging.rows).order_by(rows.row)).all()
        by_number: dict[str, list[Row[Any]]] = {}
        for row in found:
            by_number.setdefault(normal_code(row.number), []).append(row)
        yield from by_number.values()

    def _load_all(self, orders: Sequence[list[Row[Any]]]) -> None:
        wrong, doubtful = self._wrong(), self._doubtful()
        for rows in orders:
            number = normal_code(rows[0].number)
            if number in wrong or doubtful & {row.row for row in rows}:
                reason = PART.format(wrong[number]) if number in wrong else BESIDE
                self.refused.append((rows, Refusal("number", reason)))
                continue
            try:
                with transaction():
                    what = self.load(rows)
            except DomainError as error:
                field = next(iter(error.fields), "number").partition(".")[0]
                self.refused.append((rows, Refusal(field, str(error))))
            else:
                self.counts[what] += len(rows)

    def _wrong(self) -> dict[str, int]:
        """Orders of which a row is wrong, with the first such row."""
        errors = self.staging.errors.c
        first = select(errors.group, func.min(errors.row)).where(errors.group > "")
        rows = self.session.execute(first.group_by(errors.group))
        return {normal_code(number): row for number, row in rows}

    def _doubtful(self) -> set[int]:
        """Rows next to wrong ones without a number: those may belong to either order."""
        rows, errors = self.staging.rows.c, self.staging.errors.c
        good = select(rows.row, rows.number).order_by(rows.row)
        lines = [(row, number) for row, number in self.session.execute(good)]
        unnamed = func.coalesce(errors.group, "") == ""
        bad = select(errors.row).where(unnamed).distinct()
        wrong = [(row, None) for row in self.session.scalars(bad)]
        runs = [
            (number is None, [row for row, _number in run])
            for number, run in groupby(
                sorted([*lines, *wrong], key=itemgetter(0)), key=itemgetter(1)
            )
        ]
        doubtful: set[int] = set()
        for place, (is_wrong, _rows) in enumerate(runs):
            if is_wrong:
                doubtful |= {row for _, rows in runs[:place][-1:] for row in rows[-1:]}
                doubtful |= {row for _, rows in runs[place + 1 :][:1] for row in rows[:1]}
        return doubtful

    def head_of(self, rows: Sequence[Row[Any]]) -> dict[str, Any]:
        """What the rows say of the order: in one row or in all, but not two things."""
        head: dict[str, Any] = {}
        for name in self.of_order:
            said = {value for row in rows if (value := getattr(row, name)) is not None}
            if len(said) > 1:
                raise Invalid(name, "The rows of this order differ here.")
            if said:
                head[name] = said.pop()
        return head

    def _tell(self) -> None:
        """List the rows that were not taken."""
        lines = [
            {
                "row": row.row,
                "field": refusal.field if hasattr(row, refusal.field) else "number",
                "value": str(getattr(row, refusal.field, None) or row.number),
                "error": refusal.reason,
            }
            for rows, refusal in self.refused
            for row in rows
        ]
        if lines:
            self.session.execute(insert(self.staging.errors), lines)
