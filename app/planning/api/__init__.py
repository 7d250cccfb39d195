"""Planning for programs."""

from app.planning.api import accuracy, adjustments, cycles, forecasts, matrix

BLUEPRINTS = (cycles.bp, matrix.bp, accuracy.bp, adjustments.bp, forecasts.bp)
