"""Planning for programs."""

from app.planning.api import cycles, forecasts, matrix

BLUEPRINTS = (cycles.bp, matrix.bp, forecasts.bp)
