"""What the rules of supply plans refuse."""

from app.core.errors import DomainError


class NoForecast(DomainError):
    """No cycle was opened yet: there is nothing to plan by."""

    status = 422


class CircularComponents(DomainError):
    """Products are made of each other, so nobody can say what they need."""
