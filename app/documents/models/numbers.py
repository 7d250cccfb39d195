"""How a kind of document is numbered."""

from typing import NamedTuple


class Numbering(NamedTuple):
    """The numbers of a kind of document: SO-000045 is the 45th of its sequence."""

    prefix: str
    sequence: str  # in PostgreSQL: it never gives a number twice, and may leave gaps
    width: int = 6

    def write(self, number: int) -> str:
        """Write a number as it stands on paper."""
        return f"{self.prefix}{number:0{self.width}}"
