"""Why an endpoint is not as it should be."""

from app.core.errors import DomainError


class NothingToRetry(DomainError):
    """A delivery that waits, was taken or was dismissed is not told again."""
