"""What to tell people of rows that cannot be imported: equal reasons once, and what to do."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from app.imports.definition import Importer
from app.imports.staging import Staging

MOST_GROUPS = 50
SHOWN_ROWS = 5

# Part of a reason -> what to change when it is why every row fails.
ADVICE = {
    "decimal separator": "Choose the decimal separator under “How the file is read”.",
    "before the decimals": "Choose the other decimal separator under “How the file is read”.",
    "order day and month stand": "Choose the order of dates under “How the file is read”.",
    "choose which counts": "Choose which figures count under “How the file is read”.",
    "currency sign": "Choose the column that says the currency.",
    "is missing": "Choose the column that holds the field “{field}”, or another header row.",
    "needs a name": "Choose the column that holds the name.",
    "check digit": "Choose another column for “{field}”, or take codes as they are.",
    "spreadsheet": "Format the column “{field}” as text, or take codes as they are.",
    "column as text": "Format the column “{field}” as text, or take codes as they are.",
    "is a formula": "Save the file with what comes of its formulas, not with these.",
    "more cells than": "Choose what parts the cells under “How the file is read”.",
    "yes or no": "Choose another column for “{field}”, or none.",
    "no country": "Choose another column for “{field}”, or none.",
    "barcode of ours": "Import the products first, or choose another column for the SKU.",
    "no product": "Import the products first, or choose another column for the SKU.",
    "No customer": "Import the customers first, or choose another column for the customer.",
    "no vendor": "Import the vendors first, or choose another column for the supplier.",
}
OTHERWISE = "Choose another column for “{field}”, another header row, or how the file is read."


def grouped_errors(staging: Staging) -> list[dict[str, Any]]:
    """Count equal reasons: field, reason, how many rows, the first of them and their value."""
    wrong = staging.errors.c
    rows, values = (
        func.array_agg(aggregate_order_by(column, wrong.row), type_=ARRAY(column.type))
        for column in (wrong.row, wrong.value)
    )
    # A reason that names a row or the value itself is counted with others of its kind.
    bare = func.replace(wrong.error, wrong.value, "…")
    kind = func.regexp_replace(bare, "[0-9]+", "…", "g").label("kind")
    query = (
        select(
            wrong.field,
            func.min(wrong.error).label("error"),
            func.count(wrong.row.distinct()).label("count"),
            rows[1:SHOWN_ROWS].label("rows"),
            values[1:SHOWN_ROWS].label("values"),
        )
        .group_by(wrong.field, kind)
        .order_by(func.count(wrong.row.distinct()).desc(), wrong.field, kind)
        .limit(MOST_GROUPS)
    )
    return [dict(row) for row in staging.session.execute(query).mappings()]


def advice(importer: Importer, groups: Sequence[dict[str, Any]]) -> str:
    """Say what to change when no row could be read, by the reason that most have."""
    if not groups:
        return ""
    first = groups[0]
    advised = (said for part, said in ADVICE.items() if part in first["error"])
    return next(advised, OTHERWISE).format(field=importer.label_of(first["field"]))
