"""What an open socket may hear: asked when it opens, and again when that may have changed."""

import time
from collections.abc import Mapping

from flask import current_app
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.core.actors import ask_anew
from app.core.db import db
from app.core.events import LOOK_AGAIN, Fragment
from app.core.permissions import may
from app.core.slices import slices
from app.realtime.events import AccessChanged

LONGEST_TOPIC = 60
# Sessions also end by themselves, and a message may be lost with Redis: seconds between looks.
LOOKS = 20.0
EVERYBODY = "access:"


class Access:
    """Who listens at a socket, and to what."""

    def __init__(self, asked: str) -> None:
        self._asked = asked
        self._next_look = time.monotonic() + LOOKS
        self.user_id: int = current_user.id
        self.topics = allowed(asked)
        self.is_open = True
        self.is_unsure = False  # the database did not say: the page is to come back

    @property
    def channels(self) -> set[str]:
        """The topics, and what tells that one has to look again."""
        return self.topics | {EVERYBODY, f"{EVERYBODY}{self.user_id}"}

    @property
    def is_due(self) -> bool:
        """Tell whether it is time to look again, though nobody has said so."""
        return time.monotonic() >= self._next_look

    def look(self) -> None:
        """Find out what may be heard now; nothing, if the session is over."""
        self._next_look = time.monotonic() + LOOKS
        ask_anew()
        try:
            self.is_open = current_user.is_authenticated and current_user.id == self.user_id
            self.topics = allowed(self._asked) if self.is_open else set()
        except SQLAlchemyError:  # also where no connection is free
            self.is_open, self.is_unsure, self.topics = False, True, set()
        finally:
            db.session.remove()  # this lasts for hours: keep no database connection


def allowed(asked: str) -> set[str]:
    """Keep the topics that the person may listen to.

    A topic may have an instance, `product:7`; the part before the colon decides. `me` is what
    concerns the person alone.
    """
    topics = {"user:" + str(current_user.id)} if "me" in asked.split(",") else set()
    edited: Mapping[str, str] = current_app.extensions.get("edited", {})
    for topic in asked.split(","):
        kind = topic.partition(":")[0]
        permission = slices().topics.get(kind) or edited.get(kind)
        if permission is not None and may(permission) and len(topic) <= LONGEST_TOPIC:
            topics.add(topic)
    return topics


def look_again(event: AccessChanged) -> Fragment:
    """Let the sockets of a person, or of everybody, find out what they may hear now."""
    return Fragment(f"{EVERYBODY}{event.user_id or ''}", LOOK_AGAIN)
