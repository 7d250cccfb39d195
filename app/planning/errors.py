"""What the rules of planning refuse."""

from app.core.errors import DomainError


class CycleNotDraft(DomainError):
    """What is asked can be done only before a cycle is opened."""


class CycleNotOpen(DomainError):
    """Nothing is written in a cycle that is not open."""


class ForecastLocked(DomainError):
    """It is submitted or approved: its rep writes in it again once it is returned."""


class ForecastIncomplete(DomainError):
    """Reasons or quantities are missing."""


class StaleCells(DomainError):
    """Others wrote into the same months meanwhile."""


class ScenarioDecided(DomainError):
    """It was adopted or discarded: it is read, and changed no more."""
