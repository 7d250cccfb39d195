"""What the rules of purchasing refuse."""

from app.core.errors import DomainError


class UnknownProducts(DomainError):
    """Some lines name nothing that we trade in: nobody could receive them."""


class OverLimit(DomainError):
    """An order comes to more than the role of whoever approves it may."""

    status = 403
