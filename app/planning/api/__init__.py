"""Planning for programs."""

from app.planning.api import accuracy, cycles, forecasts, matrix

BLUEPRINTS = (cycles.bp, matrix.bp, accuracy.bp, forecasts.bp)
