"""Who is acting, for rows that remember it: the person asking, or the one a job works for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from flask import g, has_request_context, request
from flask_login import current_user

SYSTEM = "system"


class Actor(NamedTuple):
    """Who did something, and from where."""

    id: int | None
    name: str
    address: str | None


_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Work in somebody's name, outside of a request: a job, a command."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def current_actor() -> Actor:
    """Give whoever is acting; the system itself if nobody is."""
    if acting := _acting.get():
        return acting
    if has_request_context():
        signed_in = current_user.is_authenticated
        name, number = (current_user.name, current_user.id) if signed_in else (SYSTEM, None)
        return Actor(number, name, request.remote_addr)
    return Actor(None, SYSTEM, None)


def ask_anew() -> None:
    """Find out again who asks: a websocket stays open longer than what it was opened with."""
    g.pop("_login_user", None)  # Flask-Login's; it loads the person when next asked


def current_actor_id() -> int | None:
    """Give the id of whoever is acting."""
    return current_actor().id
