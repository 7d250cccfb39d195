"""What stands in a report: parts with a table each, and a drawing of it, where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.pages.charts import Chart

Rows = Sequence[Sequence[Any]]  # the head first


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table with what is drawn of it; `parts_of_one` names columns to be read as percent."""

    title: str
    rows: Rows
    chart: Chart | None = None
    note: str = ""
    parts_of_one: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All of a report."""

    title: str
    subtitle: str
    parts: Sequence[Part]
