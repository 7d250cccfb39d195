"""The page of alerts: what is open, and what was put right lately."""

from flask import Blueprint, request
from werkzeug import Response

from app.core.alerts import queries
from app.core.alerts.bar import read_lines
from app.core.db import db
from app.core.permissions import SIGNED_IN, catalogue, may, requires
from app.core.web import render, wants_fragment

bp = Blueprint("alerts", __name__, url_prefix="/alerts")

SHOWN = 100


@bp.get("")
@requires(SIGNED_IN)
def index() -> Response:
    """List the alerts that the person asking is told of."""
    if request.args.get("region") == "bar" and wants_fragment():
        return _bar()
    held = _held()
    closed = queries.told_to(held, queries.alerts_put_right()).limit(SHOWN)
    return render(
        "alerts/index.html",
        fragment="results",
        open_ones=db.session.scalars(queries.told_to(held, queries.open_alerts())).all(),
        closed_ones=db.session.scalars(closed).all(),
    )


def _bar() -> Response:
    """Draw the bar from what is open now: whoever asks for it alone has heard of news."""
    lines = [line for line in read_lines() if may(line.permission)]
    return render("alerts/_bar.html", fragment="lines", lines=lines)


def _held() -> list[str]:
    names = [f"{area}.{verb}" for area, verbs in catalogue().items() for verb in verbs]
    return [name for name in names if may(name)]
