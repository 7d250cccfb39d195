"""Pages of planning."""

from app.planning.views import accuracy, cycles, grid, rows, submissions

PAGES = (cycles.bp, rows.bp, submissions.bp, grid.bp, accuracy.bp)
