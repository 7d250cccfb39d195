"""Pages of planning."""

from app.planning.views import (
    accuracy,
    adjustments,
    cycles,
    grid,
    rows,
    spreadsheets,
    submissions,
)

PAGES = (
    cycles.bp,
    rows.bp,
    submissions.bp,
    grid.bp,
    spreadsheets.bp,
    accuracy.bp,
    adjustments.bp,
)
