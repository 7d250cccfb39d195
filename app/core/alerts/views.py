"""The page of alerts, and the bar of them that stands on every page."""

from flask import Blueprint, request
from werkzeug import Response

from app.core.alerts.bar import read_lines
from app.core.alerts.lists import ALERTS
from app.core.permissions import may
from app.core.web import render, wants_fragment

bp = Blueprint("alerts", __name__, url_prefix="/alerts")

ALERTS.add_to(bp)


@bp.before_request
def draw_bar() -> Response | None:
    """Draw the bar from what is open now: whoever asks for it alone has heard of news."""
    if request.args.get("region") != "bar" or not wants_fragment():
        return None
    lines = [line for line in read_lines() if may(line.permission)]
    return render("alerts/_bar.html", fragment="lines", lines=lines)
