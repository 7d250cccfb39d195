"""Pages of planning."""

from app.planning.views import (
    accuracy,
    adjustments,
    cycles,
    grid,
    rows,
    scenarios,
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
    scenarios.bp,
)
