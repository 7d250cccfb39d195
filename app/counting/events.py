"""What counting announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CountChanged(Event):
    """A count was made, taken, counted, approved or given up."""

    count_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPosted(Event):
    """Lines of a count went into the ledger."""

    count_id: int
    line_ids: list[int]
