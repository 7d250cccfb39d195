"""Two people edit one record: the slower one hears of it, and sees both values."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.errors import DomainError
from app.core.quantities import plain


class Conflict(NamedTuple):
    """What a field holds now, and what the slower person wanted it to hold."""

    theirs: str
    yours: str


class StaleVersion(DomainError):
    """Somebody else has changed the record since it was shown."""

    def __init__(self, conflicts: dict[str, Conflict], version: int) -> None:
        super().__init__("Somebody has changed this record meanwhile.")
        self.conflicts = conflicts
        self.version = version

    @property
    def fields(self) -> dict[str, list[str]]:
        """Both values of every field that differs."""
        return {
            name: [f"It is {theirs or 'empty'} now; you sent {yours or 'nothing'}."]
            for name, (theirs, yours) in self.conflicts.items()
        }


class Versioned:
    """Mixin for a record that people edit: `revise` refuses changes to an old version."""

    version: Mapped[int] = mapped_column(default=1, server_default="1", sort_order=2)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), sort_order=2
    )

    def revise(self, *, version: int | None, **changes: Any) -> None:
        """Change fields of the record as it was in `version`; None means whatever it is.

        Raises:
            StaleVersion: It has been changed since, with both values of what differs.
        """
        if version is not None and version != self.version:
            raise StaleVersion(self._conflicts(changes), self.version)
        differing = {n: value for n, value in changes.items() if getattr(self, n) != value}
        for name, value in differing.items():
            setattr(self, name, value)
        if differing:
            self.version += 1

    def _conflicts(self, changes: dict[str, Any]) -> dict[str, Conflict]:
        return {
            name: Conflict(shown(getattr(self, name)), shown(value))
            for name, value in changes.items()
            if getattr(self, name) != value
        }


def shown(value: Any) -> str:
    """Write a value as a person reads it in a history or a conflict."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return shown([part for part in value.values() if part])
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return str(value)
