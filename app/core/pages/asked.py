"""What somebody asks of a list: filters, order and columns, as an address or a view says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.core.pages.filters import Filter

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Filters that could be read, and the order.

    `asked["state"]` is what a filter has read, its `empty` if it is not set. `limit` is how
    many rows are wanted where the query itself has to stop, `before` the mark of the last one
    seen: both only in lists that go on by cursor.
    """

    values: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)  # of the filters that are set
    unread: Sequence[tuple[str, str]] = ()  # label and text of what could not be read
    sort: str = ""
    columns: Sequence[str] = ()  # in their order; none: the usual ones
    zone: str = "UTC"
    about: Mapping[str, Any] = field(default_factory=dict)  # the record in the list's path
    before: tuple[Any, ...] | None = None
    limit: int | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def sorts_by(self, *names: str) -> bool:
        """Tell whether the order is by one of these columns."""
        return self.sort.removeprefix("-") in names

    def begin_of(self, name: str) -> datetime | None:
        """When a day filter's day begins where the person is."""
        return self._midnight(self.values[name])

    def end_of(self, name: str) -> datetime | None:
        """When it has ended."""
        day: date | None = self.values[name]
        return self._midnight(day + ONE_DAY) if day else None

    def _midnight(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), ZoneInfo(self.zone)) if day else None


def read(filters: Sequence[Filter], args: Mapping[str, str], **more: Any) -> Asked:
    """Read the filters out of an address, or out of what a view has kept of one."""
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    unread: list[tuple[str, str]] = []
    for one in filters:
        text = args.get(one.name, "").replace("\0", "").strip()
        values[one.name] = one.empty
        if not text:
            continue
        try:
            values[one.name] = one.read(text)
        except ValueError:
            unread.append((one.label, text))
        else:
            texts[one.name] = text
    return Asked(values=values, texts=texts, unread=unread, **more)
