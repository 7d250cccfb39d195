"""Why accounts say no."""

from app.core.errors import DomainError


class WrongPassword(DomainError):
    """The same answer for a wrong password, an unknown name and somebody switched off."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Name and password do not match.")


class StillWaiting(DomainError):
    """Registered, with the right password, but not approved yet."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Your account waits for an administrator to approve it.")


class TooManyAttempts(DomainError):
    """Too many failures; `retry_after` says in how many seconds one more is allowed."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, round(retry_after / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"Too many attempts. Please try again in {wait}.")
        self.retry_after = retry_after


class RefreshRefused(DomainError):
    """A refresh token that is unknown, used, expired or revoked."""

    status = 401

    def __init__(self) -> None:
        super().__init__("This refresh token is no longer valid. Please sign in again.")


class BeyondYourRole(DomainError):
    """Somebody would give away, or overrule, more than they hold themselves."""

    status = 403

    def __init__(self) -> None:
        super().__init__("This takes permissions that you do not have yourself.")


class OwnAccount(DomainError):
    """Nobody locks themselves out, or lifts themselves up."""


class LastAdministrator(DomainError):
    """Afterwards nobody could change users any more."""

    def __init__(self) -> None:
        super().__init__("Somebody must be left who can change users: this is the last one.")


class RoleFixed(DomainError):
    """Roles that every installation has keep their name; `admin` keeps everything."""


class RoleInUse(DomainError):
    """People still have the role."""

    def __init__(self, people: int) -> None:
        who = "1 person has" if people == 1 else f"{people} people have"
        super().__init__(f"{who} this role. Give them another one first.")


class RoleHears(DomainError):
    """Alerts are told to a role alone: without it nobody would hear of them."""


class RegistrationClosed(DomainError):
    """The administrator makes the accounts here."""

    status = 403

    def __init__(self) -> None:
        super().__init__("People cannot register themselves here.")
