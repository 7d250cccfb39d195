"""What a scan may be refused for."""

from app.core.errors import DomainError


class WrongScan(DomainError):
    """A scan that does no harm: the red bar says what it was, and what to do instead.

    `scanned` is what was read, `expected` what would have been right, as people call them.
    """

    status = 422

    def __init__(self, reason: str, *, scanned: str = "", expected: str = "") -> None:
        super().__init__(reason)
        self.scanned, self.expected = scanned, expected


class UnknownCode(WrongScan):
    """Nobody knows the code: no product, no location."""

    code = "wrong_scan"  # to programs it is what it always was


class ScanReused(DomainError):
    """The id of a scan belongs to another scan."""
