"""What accounts announce."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAsked(Event):
    """Somebody has forgotten their password; 0 is a name that nobody has."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredAgain(Event):
    """Somebody has registered with the e-mail address of a user."""

    user_id: int
