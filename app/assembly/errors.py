"""What assembly refuses."""

from app.core.errors import DomainError


class MissingComponents(DomainError):
    """There are not enough components; the message says how much of which is missing."""
