"""What the rules of orders refuse."""

from app.core.errors import DomainError


class UnknownProducts(DomainError):
    """Some lines name nothing that we trade in: nobody could reserve or ship them."""
