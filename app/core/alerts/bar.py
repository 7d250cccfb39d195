"""The bar below the top of every page: what is open, for whoever has to know."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flask import Flask, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.core.alerts.models import Alert
from app.core.alerts.queries import open_alerts
from app.core.alerts.recipients import hears
from app.core.alerts.rules import Rule, rules
from app.core.cache import cached
from app.core.db import db
from app.core.slices import slices

log = logging.getLogger(__name__)

MOST_OF_A_KIND = 3  # in the bar; more are told by their number


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
    said = [one for one in found if (rule := shown.get(one.kind)) and rule.is_shown]
    return [*_lines(said, shown)]


def _lines(alerts: Sequence[Alert], shown: Mapping[str, Rule]) -> Iterator[Line]:
    """Say many of one kind in one line, where the first of them stands."""
    numbers = Counter((one.kind, one.permission) for one in alerts)
    told = set[tuple[str, str]]()
    for one in alerts:
        same, role_id = (one.kind, one.permission), shown[one.kind].role_id
        words = one.title, one.text, one.href
        if numbers[same] > MOST_OF_A_KIND:
            if same in told:
                continue
            told.add(same)
            title = f"{slices().alerts[one.kind].label} ({numbers[same]:,})"
            words = title, "", url_for("alerts.index", kind=one.kind)
        yield Line(one.permission, role_id, one.severity, *words)
