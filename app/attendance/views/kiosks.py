"""Making a screen a kiosk. Whoever does it is signed out there: the screen is everybody's."""

from typing import Any

from flask import Blueprint, redirect, session, url_for
from werkzeug import Response

from app.accounts.myself import become, by_me, current_session, myself
from app.accounts.services import close_session
from app.attendance import queries, services
from app.attendance.forms import KioskForm
from app.attendance.views.kiosk import remember
from app.core.pages import Action, Resource

bp = Blueprint("kiosks", __name__, url_prefix="/attendance/kiosks")

KIOSK = Resource(
    name="kiosk",
    area="kiosks",
    query=queries.device,
    rule="/<int:device_id>",
    keys={"device_id": "id"},
    event="device:changed",
)


def _leave_to_everybody(_kiosk: Any, hung: services.NewDevice) -> Response:
    if present := current_session():
        close_session(myself(), present.id)
    session.clear()
    become(None)
    response = redirect(url_for("kiosk.show"), 303)
    remember(response, hung.secret)
    return response


create = Action(
    resource=KIOSK,
    name="create",
    is_new=True,
    permission="attendance.enrol",
    title="Make this screen a kiosk",
    subtitle="People clock in and out at it without signing in. You are signed out here.",
    submit="Make it a kiosk and sign out",
    form=KioskForm,
    fields="attendance/kiosk/_fields.html",
    is_page=True,
    act=by_me(services.hang_up_kiosk),
    to=lambda _kiosk: url_for("attendance_board.show"),
    reply=_leave_to_everybody,
)
create.add_to(bp)
