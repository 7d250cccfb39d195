"""Figures of sales that are too many to wait for, as a file by a job."""

from typing import Any

from app.core.jobs import job
from app.core.pages.asked import read
from app.core.pages.large_files import AT_ONCE, LONGEST, counted, keep_table
from app.core.sheets import Format
from app.sales.exploring import Pivot, as_rows, explore
from app.sales.filters import FILTERS, wanted_of


def is_large(pivot: Pivot) -> bool:
    """Tell whether a pivot has more cells than a request should write."""
    return len(pivot.rows) * (len(pivot.columns) + 1) > AT_ONCE


@job(queue="interactive", label="Write figures of sales", timeout=LONGEST, retry_after=(10,))
def write_pivot(*, form: str, args: dict[str, str]) -> dict[str, Any]:
    """Add up sales as somebody asked, and write that as a file."""
    told = as_rows(explore(wanted_of(read(FILTERS, args))))
    rows = len(told) - 1
    file = keep_table(
        counted(told, rows),
        Format(form),
        title="Sales",
        name="sales",
        permission="sales.view",
    )
    return {"rows": rows, "file_url": file.url}
