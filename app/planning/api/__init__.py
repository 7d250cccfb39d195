"""Planning for programs."""

from app.planning.api import accuracy, adjustments, cycles, forecasts, matrix, scenarios

BLUEPRINTS = (
    cycles.bp,
    matrix.bp,
    accuracy.bp,
    adjustments.bp,
    scenarios.bp,
    forecasts.bp,
)
