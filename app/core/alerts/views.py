"""The page of alerts, and the bar of them that stands on every page."""

from flask import Blueprint, request, url_for
from sqlalchemy import Select, select
from werkzeug import Response

from app.core.alerts.bar import read_lines
from app.core.alerts.dismissing import dismiss_alert, is_dismissible
from app.core.alerts.lists import ALERTS
from app.core.alerts.models import Alert
from app.core.alerts.recipients import heard, hears
from app.core.pages import Action, Resource
from app.core.permissions import SIGNED_IN
from app.core.web import render, wants_fragment

bp = Blueprint("alerts", __name__, url_prefix="/alerts")

ALERTS.add_to(bp)
bp.add_app_template_test(is_dismissible, "dismissible")


def _one(alert_id: int) -> Select[Alert]:
    return heard(select(Alert).where(Alert.id == alert_id))


ALERT = Resource(
    name="alert",
    area="alerts",
    query=_one,
    rule="/<int:alert_id>",
    keys={"alert_id": "id"},
    event="alerts:changed",
)
dismiss = Action(
    resource=ALERT,
    name="create_dismissal",
    path="/dismissals",
    title="Dismiss",
    permission=SIGNED_IN,
    act=dismiss_alert,
    done="“{0.title}” is dismissed.",
    to=lambda _alert: url_for("alerts.index"),
    kind="quiet",
)
dismiss.add_to(bp)


@bp.before_request
def draw_bar() -> Response | None:
    """Draw the bar from what is open now: whoever asks for it alone has heard of news."""
    if request.args.get("region") != "bar" or not wants_fragment():
        return None
    lines = [line for line in read_lines() if hears(line.permission, line.role_id)]
    return render("alerts/_bar.html", fragment="lines", lines=lines)
