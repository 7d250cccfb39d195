"""What the rules of documents refuse."""

from app.core.errors import DomainError, Invalid


class NotAllowed(DomainError):
    """A document in this state does not take that step."""


class InvalidQuantity(Invalid):
    """More of a line was chosen than there is; `line_id` is which."""

    def __init__(self, line_id: int, reason: str) -> None:
        super().__init__("quantities", reason)
        self.line_id = line_id
