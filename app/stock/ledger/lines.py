"""What may be asked of the ledger: to move goods, or to believe a count."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.core.errors import Invalid
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS, plain
from app.stock.models import REASONS

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """What moves and counts have in common."""

    product_id: int
    reason: str
    note: str = ""
    lot_id: int | None = None
    document_type: str | None = None  # the document behind it: "order", "count", ...
    document_id: int | None = None
    device: str | None = None
    unit_cost: Decimal | None = None
    occurred_at: datetime | None = None  # now, if not said

    def refuse_nonsense(self) -> None:
        """Refuse what no ledger could take, whatever lies where.

        Raises:
            Invalid: The reason is unknown, or the note is too long.
        """
        if self.reason not in REASONS:
            raise Invalid("reason", f"There is no reason called {self.reason}.")
        if len(self.note) > LONGEST_NOTE:
            raise Invalid("note", f"A note has at most {LONGEST_NOTE} characters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(LedgerLine):
    """Goods go from one location to another; `quantity` is in the product's unit."""

    from_location_id: int
    to_location_id: int
    quantity: Decimal
    reverses_id: int | None = None
    # They were reserved for just this: the reservation leaves with the goods.
    is_reserved: bool = False
    # And it goes on there: picked into a tote, they are still for the same.
    stays_reserved: bool = False

    def refuse_nonsense(self) -> None:
        """Refuse what no ledger could take, whatever lies where.

        Raises:
            Invalid: The quantity is not positive or too exact, or nothing would move.
        """
        LedgerLine.refuse_nonsense(self)
        refuse_inexact("quantity", self.quantity)
        if self.quantity <= 0:
            raise Invalid("quantity", "Enter a quantity above zero.")
        if self.from_location_id == self.to_location_id:
            raise Invalid("to", "Choose another location: the goods are there already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(LedgerLine):
    """So much was found at a location; the difference comes from, or goes, `against` another.

    `expected_version` is the balance's when the counting began, 1 if there was none.
    `seen` is what the books said at the moment of counting, where the count is posted only
    later: then the difference to that is posted, and what has moved since stays moved.
    """

    location_id: int
    against_id: int
    counted: Decimal
    reason: str = "counted"
    expected_version: int | None = None
    seen: Decimal | None = None

    @property
    def from_location_id(self) -> int:
        """Where goods leave if fewer were found."""
        return self.location_id

    @property
    def to_location_id(self) -> int:
        """Where they go then, and come from if more were found."""
        return self.against_id

    def refuse_nonsense(self) -> None:
        """Refuse what no ledger could take, whatever lies where.

        Raises:
            Invalid: The number counted is negative or too exact.
        """
        LedgerLine.refuse_nonsense(self)
        refuse_inexact("counted", self.counted)
        if self.counted < 0:
            raise Invalid("counted", "A count is zero or more.")
        if self.location_id == self.against_id:
            raise Invalid("location", "Choose a bin: nothing is counted here.")

    def move(self, quantity: Decimal) -> Move:
        """The movement that makes up for a difference, which is not zero."""
        ends = (self.against_id, self.location_id)
        start, end = ends if quantity > 0 else ends[::-1]
        common = {field.name: getattr(self, field.name) for field in fields(LedgerLine)}
        return Move(
            **common, from_location_id=start, to_location_id=end, quantity=abs(quantity)
        )


def refuse_inexact(field: str, quantity: Decimal) -> None:
    """Refuse what the database would round, or could not hold.

    Raises:
        Invalid: It has too many decimals or digits.
    """
    if not quantity.is_finite() or abs(quantity) >= LARGEST_QUANTITY:
        raise Invalid(field, "This number is too large.")
    if quantity != round(quantity, QUANTITY_DECIMALS):
        raise Invalid(field, f"At most {QUANTITY_DECIMALS} decimals.")


def fingerprint(lines: Iterable[LedgerLine]) -> str:
    """Tell requests apart: equal lines, equal text, however their numbers are written."""
    written = "\n".join(f"{type(line).__name__} {_values(line)}" for line in lines)
    return hashlib.sha256(written.encode()).hexdigest()


def _values(line: LedgerLine) -> list[Any]:
    """What a line says, without what was left at its default."""
    values = []
    for field in fields(line):
        value = getattr(line, field.name)
        if value != field.default:
            values.append(
                (field.name, plain(value) if isinstance(value, Decimal) else str(value))
            )
    return values
