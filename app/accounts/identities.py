"""Who asks, as far as every request has to know: found without asking the database.

What a cookie or a token stands for is remembered by each process (`core.memories`). Whatever
changes a user, a role, a session or a token changes the mark as soon as it is durable.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from flask_login import UserMixin
from sqlalchemy import Row, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from app.accounts.models import ApiToken, Permitted, Role, User, UserSession
from app.core.db import after_commit, db
from app.core.memories import Memory

MARK = "opsroom:identities"
WATCHED = (User, Role, UserSession, ApiToken)
TABLES = [one.__table__ for one in WATCHED]
# Told to a statement that only notes the use of a session or a token.
NOTES_USE = {"notes_use": True}


@dataclass(frozen=True, slots=True)
class Presented:
    """The session or the named token that somebody asks with."""

    id: int
    used_at: datetime | None  # as it is written down, to the minute
    ends_at: datetime | None  # None: not by itself


@dataclass(frozen=True, slots=True)
class Identity(Permitted, UserMixin):
    """A person as the request knows them; `myself()` is the record.

    `held` are the permissions of the role, `scopes` those that a token is limited to (none
    means all).
    """

    id: int
    name: str
    role_id: int
    time_zone: str
    held: Collection[str]
    scopes: frozenset[str] = frozenset()
    must_change_password: bool = False
    lacks_second_factor: bool = False
    session: Presented | None = None
    token: Presented | None = None

    @classmethod
    def of(cls, user: User, opened: UserSession | None = None) -> "Identity":
        """Tell what a request has to know of a user, who has just begun a session."""
        return cls(
            user.id,
            user.name,
            user.role_id,
            user.time_zone,
            user.held,
            must_change_password=user.must_change_password,
            lacks_second_factor=user.lacks_second_factor,
            session=_of(opened) if opened else None,
        )

    @property
    def is_over(self) -> bool:
        """Tell whether what they ask with has ended by itself."""
        ends_at = (self.session or self.token or NOTHING).ends_at
        return ends_at is not None and ends_at <= datetime.now(UTC)


NOTHING = Presented(0, None, None)


class Identities(Memory[Identity]):
    """Whom a process remembers, by what they ask with."""

    def __init__(self) -> None:
        super().__init__(MARK)

    def holds(self, known: Identity) -> bool:
        """Tell whether what they ask with has not ended by itself."""
        return not known.is_over


def init_app(app: Flask) -> None:
    """Begin with nobody known, and listen to what changes who may do what."""
    app.extensions["identities"] = Identities()
    if not event.contains(db.session, "after_flush", _flushed):
        event.listen(db.session, "after_flush", _flushed)
        event.listen(db.session, "do_orm_execute", _executes)


def identities() -> Identities:
    """Give what this process remembers."""
    known: Identities = current_app.extensions["identities"]
    return known


def presented(row: Row[*tuple[Any, ...]]) -> Presented:
    """Tell what they ask with, of the same row."""
    return Presented(row.presented_id, row.used_at, row.ends_at)


def person(row: Row[*tuple[Any, ...]], **presented: Any) -> Identity:
    """Make an identity of a row of `queries.PERSON`."""
    return Identity(
        row.id,
        row.name,
        row.role_id,
        row.time_zone,
        frozenset(row.permissions),
        must_change_password=row.must_change_password,
        lacks_second_factor=row.needs_second_factor and row.second_factor_at is None,
        **presented,
    )


def _flushed(session: Session, _flush: UOWTransaction) -> None:
    """What is new is known to nobody yet."""
    if any(isinstance(one, WATCHED) for one in (*session.dirty, *session.deleted)):
        after_commit(_tell)


def _executes(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete) or state.execution_options.get("notes_use"):
        return
    if getattr(state.statement, "table", None) in TABLES:
        after_commit(_tell)


def _tell() -> None:
    identities().change_mark()


def _of(opened: UserSession) -> Presented:
    return Presented(opened.id, opened.seen_at, min(opened.idle_at, opened.expires_at))
