"""What the rules of stock refuse."""

from app.core.errors import DomainError


class InsufficientStock(DomainError):
    """More was to leave, or to be reserved, than is available."""


class SerialOnHand(DomainError):
    """A piece cannot come that is here already, by its serial number."""


class LotUnfit(DomainError):
    """A lot is blocked or has expired, or is in a state already that it should be put into."""


class BalanceChanged(DomainError):
    """Stock has moved since it was counted: that line must be counted again."""


class CannotReverse(DomainError):
    """A posting has been undone already, or is itself an undo."""


class ReservationEnded(DomainError):
    """A reservation has been released or fulfilled already."""


class LocationInUse(DomainError):
    """A location that holds something cannot be taken out of use."""


class LedgerDiffers(Exception):
    """Balances do not follow from the ledger: a defect, not a refusal."""

    has_alert = True
