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
        if retry_after < 30:  # noqa: PLR2004
            wait = "a moment"
        super().__init__(f"Too many attempts. Please try again in {wait}.")
        self.retry_after = retry_after


class TooManyRequests(DomainError):
    """Too many requests in a minute; `retry_after` says in how many seconds it is over."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests. Please wait a moment and try again.")
        self.retry_after = retry_after


class RefreshRefused(DomainError):
    """A refresh token that is unknown, used, expired or revoked."""

    status = 401

    def __init__(self) -> None:
        super().__init__("This refresh token is no longer valid. Please sign in again.")


class ResetRefused(DomainError):
    """A link for a new password that is unknown, used or too old."""

    status = 422

    def __init__(self) -> None:
        super().__init__("This link is no longer valid. Please ask for a new one.")


class WrongCode(DomainError):
    """A second factor that does not fit, or was used before."""

    status = 401

    def __init__(self) -> None:
        super().__init__("This does not fit. A code works once, and for half a minute.")


class SecondFactorNeeded(DomainError):
    """The password is right, and a code is needed besides."""

    status = 401

    def __init__(self) -> None:
        super().__init__("A code of your authenticator app, or a recovery code, is needed.")


class SecondFactorMustBeSetUp(DomainError):
    """The role wants a second factor, and there is none yet."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Your role takes a second factor. Please set one up in a browser.")


class PasswordMustChange(DomainError):
    """Somebody else has chosen the password: the first thing is a new one."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Please choose a password of your own first.")


class TooManyTokens(DomainError):
    """A person has only so many tokens: those that nobody uses are to go first."""

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} tokens, and there may be no more. Revoke one first.")


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
