"""What the rules of documents refuse."""

from app.core.errors import DomainError


class NotAllowed(DomainError):
    """A document in this state does not take that step."""
