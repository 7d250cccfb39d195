"""The bar below the top of every page: what is open, for whoever has to know."""

import logging
from typing import NamedTuple

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.alerts.queries import open_alerts
from app.core.alerts.recipients import hears
from app.core.alerts.rules import rules
from app.core.cache import cached
from app.core.db import db

log = logging.getLogger(__name__)


class Line(NamedTuple):
    """An open alert, as the bar shows it. It outlives the session that has read it."""

    permission: str
    role_id: int | None
    severity: str
    title: str
    text: str
    href: str


def init_app(app: Flask) -> None:
    """Let every page draw the bar."""
    app.jinja_env.globals["alert_lines"] = alert_lines


def alert_lines() -> list[Line]:
    """Give what the person asking has to know; some seconds old, so pages cost nothing.

    None if they cannot be read: no page fails for its bar.
    """
    try:
        lines = cached("alert lines", read_lines)
    except SQLAlchemyError as error:
        log.warning("The bar of alerts is left out: %s", error)
        return []
    return [line for line in lines if hears(line.permission, line.role_id)]


def read_lines() -> list[Line]:
    """Read what is open just now, for everybody."""
    with db.session.begin_nested():  # if it fails, the page goes on with its own transaction
        found = db.session.scalars(open_alerts()).all()
        shown = rules() if found else {}
    return [
        Line(a.permission, rule.role_id, a.severity, a.title, a.text, a.href)
        for a in found
        if (rule := shown.get(a.kind)) and rule.is_shown
    ]
