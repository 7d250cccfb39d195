"""Pages of planning."""

from app.planning.views import cycles, grid, rows, submissions

PAGES = (cycles.bp, rows.bp, submissions.bp, grid.bp)
