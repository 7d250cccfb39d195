"""Telling open websockets that somebody may hear less than before."""

from sqlalchemy.orm import Session

from app.core.events import publish
from app.realtime.events import AccessChanged


def tell_access_changed(session: Session, user_id: int | None) -> None:
    """Let the websockets of a user, or of everybody, find out what they may still hear.

    What has changed is written first. Callbacks come in the order in which they were asked for,
    and a socket that looks before the mark is another would find what a process remembers.
    """
    session.flush()
    publish(AccessChanged(user_id=user_id))
