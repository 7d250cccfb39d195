"""What the rules of counting refuse."""

from app.core.errors import DomainError


class NotAllowed(DomainError):
    """A count in this state, or in somebody else's hands, does not take that step."""


class ReservationsNotCovered(DomainError):
    """Posting a count would leave fewer goods than are reserved; the reservations are named."""
