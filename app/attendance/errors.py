"""What the rules of attendance refuse."""

from app.accounts.services.refusals import TooManyRequests
from app.core.errors import DomainError


class NotAllowed(DomainError):
    """Something in this state does not take that step."""


class NoDevice(DomainError):
    """The token that asks belongs to no device, or the device is switched off."""

    status = 403
    code = "not_allowed"


class CredentialTaken(DomainError):
    """A card or a finger is somebody's already."""


class PeriodLocked(DomainError):
    """The days are locked: they have been paid."""


class WrongPin(DomainError):
    """A number and a PIN do not belong together."""

    status = 422


class TooManyPins(TooManyRequests):
    """There were too many wrong PINs of a person, or at a device."""


class NoKiosk(DomainError):
    """The browser that asks is no kiosk."""

    status = 404

    def __init__(self) -> None:
        super().__init__("This screen is no kiosk. Make it one under Attendance, Who is in.")
