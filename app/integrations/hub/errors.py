"""How talking to an outside system can fail."""

from datetime import datetime

from app.core.errors import DomainError


class NotConnected(DomainError):
    """There is no live connection to the system."""


class ReconnectNeeded(DomainError):
    """The system does not let us in any more: a person has to sign in again."""


class SignInRefused(DomainError):
    """An answer to a sign-in does not fit: it is not used."""

    status = 400


class Rejected(DomainError):
    """The system understood the request and refused it, with its own reason."""

    status = 502

    def __init__(self, message: str, *, vendor_code: str = "", trace: str = "") -> None:
        super().__init__(message)
        self.vendor_code = vendor_code
        self.trace = trace


class NotThere(Rejected):
    """What was asked for by its id is not there: that says nothing of any other."""

    status = 404


class NothingToConfirm(DomainError):
    """A sync has not asked anything, or somebody has answered already."""


class AuthExpired(Exception):
    """The access token was refused; another one may do."""


class Unavailable(DomainError):
    """The system does not answer, or not in a way that can be understood. It may later."""

    status = 503


class NotUnderstood(Unavailable):
    """An answer is not what it should be, so nothing follows from it."""


class Throttled(Exception):
    """The system, or our own limiter, asks for patience."""

    def __init__(self, retry_at: datetime, reason: str) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


class NotReady(Throttled):
    """What we have asked for is being made: this one waits, and nobody else need."""


class Unreadable(ValueError):
    """One record is not what it should be; it is rejected."""
