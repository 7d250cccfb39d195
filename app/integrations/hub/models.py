"""How we are known to an outside system, and what lets us in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.core.audit import Audited
from app.core.crypto import EncryptedText
from app.core.db import Model
from app.core.versions import Versioned

STATES = ("connected", "reconnect", "disconnected")
EARLY = timedelta(minutes=5)  # tokens are refreshed so long before they expire


class SystemApp(Audited, Versioned, Model):
    """Our registration with an outside system: what its developer pages gave us."""

    __tablename__ = "integration_app"
    unaudited = frozenset({"client_secret", "webhook_secret"})

    system: Mapped[str] = mapped_column(unique=True)
    environment: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[str] = mapped_column(EncryptedText)
    webhook_secret: Mapped[str | None] = mapped_column(EncryptedText)

    def __str__(self) -> str:
        return self.system


class Connection(Audited, Model):
    """One account at an outside system. Its tokens are sealed, and loaded only to be used."""

    __tablename__ = "connection"
    __table_args__ = (
        UniqueConstraint("system", "account"),
        CheckConstraint(f"state IN {STATES}", "state"),
    )  # fmt: skip
    unaudited = frozenset(
        {
            *("access_token", "refresh_token", "expires_at", "refresh_expires_at"),
            *("hard_expires_at", "last_synced_at", "problem", "problem_at", "refreshes"),
        }
    )

    system: Mapped[str]
    account: Mapped[str]  # as the system numbers it
    name: Mapped[str]
    environment: Mapped[str]  # which of theirs; or the way in, where credentials are typed
    address: Mapped[str] = mapped_column(server_default="", default="")  # if each has its own
    state: Mapped[str] = mapped_column(default="connected")
    scopes: Mapped[str] = mapped_column(server_default="", default="")
    access_token: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    # Or the credentials themselves as JSON, where a person has typed them.
    refresh_token: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    expires_at: Mapped[datetime | None]
    refresh_expires_at: Mapped[datetime | None]
    hard_expires_at: Mapped[datetime | None]
    refreshes: Mapped[int] = mapped_column(server_default="0", default=0)
    connected_at: Mapped[datetime]
    connected_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    disconnected_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]  # since when nothing is asked or told; tokens live on
    last_synced_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    problem_at: Mapped[datetime | None]
    # field -> "theirs" or "ours", where somebody has decided otherwise than the connector
    field_precedence: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", default=dict
    )

    @property
    def is_signed_in(self) -> bool:
        """Tell whether its system lets us in."""
        return self.state == "connected"

    @property
    def is_live(self) -> bool:
        """Tell whether it is synced and told: somebody may have paused it."""
        return self.is_signed_in and self.paused_at is None

    @property
    def status(self) -> str:
        """Its state as people see it."""
        return "paused" if self.is_signed_in and self.paused_at else self.state

    def is_fresh(self, *, refused: str | None = None) -> bool:
        """Tell whether the access token can be used; `refused` was just refused."""
        soon = datetime.now(UTC) + EARLY
        return (
            self.access_token is not None
            and (self.expires_at is None or self.expires_at > soon)
            and (refused is None or self.access_token != refused)
        )

    def trouble(self, problem: str, *, state: str = "") -> None:
        """Remember what went wrong."""
        self.problem, self.problem_at = problem, datetime.now(UTC)
        self.state = state or self.state

    def recover(self) -> None:
        """Forget what went wrong: it works again."""
        self.problem = self.problem_at = None

    def __str__(self) -> str:
        return self.name


class SignInAttempt(Model):
    """Somebody was sent to an outside system to let us in; the answer must fit, once."""

    __tablename__ = "integration_sign_in"

    state_hash: Mapped[str] = mapped_column(unique=True)
    system: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    verifier: Mapped[str | None] = mapped_column(EncryptedText)  # PKCE, where it is offered
    expires_at: Mapped[datetime]
