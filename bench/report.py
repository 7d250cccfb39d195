"""The table."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """One line: what was done, what it has to reach, and what it reached."""

    work: str
    reach: str
    limit: str
    measured: str
    ratio: str
    p50: str
    p95: str
    is_reached: bool

    @property
    def cells(self) -> list[str]:
        """What stands in the columns."""
        return [*map(str, self[:-1]), "reached" if self.is_reached else "NOT REACHED"]


TITLES = ["work", "reach", "limit", "measured", "ratio", "p50", "p95", "verdict"]


def table(rows: list[Row]) -> str:
    """Write the rows as a Markdown table, with the date and the machine above."""
    lines = [TITLES, ["---"] * len(TITLES), *(row.cells for row in rows)]
    drawn = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{_machine()}\n\n{drawn}"


def _machine() -> str:
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    cores = len(os.sched_getaffinity(0))
    return f"{day}, {cores} cores of {_processor()}, Python {platform.python_version()}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
