"""My time: one's own week, punches from the web, and what one asks for."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from flask import abort, request, url_for
from flask_login import current_user
from werkzeug import Response

from app.attendance import queries, services
from app.attendance.forms import AdditionForm, MyAbsenceForm
from app.attendance.models import (
    DIRECTIONS,
    REQUEST_STATES,
    SWAP_STATES,
    Absence,
    Correction,
    ShiftSwap,
)
from app.attendance.permissions import OWN
from app.attendance.views.accounts import account_context
from app.attendance.views.mine import CHANGED, bp, mine
from app.attendance.views.my_swaps import (
    accept_swap,
    create_swap,
    decline_swap,
    withdraw_swap,
)
from app.attendance.views.requests import days_of, swap_text
from app.attendance.views.timesheets import (
    asked_day,
    behind,
    clock,
    figures_of,
    hours_chart,
)
from app.core.db import db
from app.core.pages import Action, Resource
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import render, respond_saved, zone

WEEK = timedelta(days=6)
SHOWN = 10
INTENTS = ("in", "out", "break", "resume")


@bp.get("")
@requires(OWN)
def show() -> Response:
    """Show one's own week."""
    employee = mine()
    if employee is None:
        return render("attendance/my_time/nobody.html", fragment="record")
    day = asked_day("week") or datetime.now(zone()).date()
    monday = day - timedelta(days=day.weekday())
    sheet = services.timesheet(employee, monday, monday + WEEK)
    return render(
        "attendance/my_time/show.html",
        fragment="record",
        employee=employee,
        sheet=sheet,
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        clock=clock,
        flags=services.FLAGS,
        figures=figures_of(sheet, ("raw", "counted", "expected", "balance", "unapproved")),
        chart=hours_chart(sheet),
        may_punch=setting("attendance_web_punches"),
        open_session=services.my_open_session(employee.id),
        forgotten=services.my_forgotten(employee.id),
        here_zone=ZoneInfo(employee.time_zone),
        absences=_requests(queries.absences(employee_id=employee.id), Absence),
        corrections=_requests(queries.corrections(employee_id=employee.id), Correction),
        states={**SWAP_STATES, **REQUEST_STATES},
        days_of=days_of,
        swap_text=swap_text,
        offered=services.swaps_offered_to(employee.id),
        swaps=_requests(queries.swaps(employee_id=employee.id), ShiftSwap),
        account=services.account_of(employee.id),
        duties=services.duties_of(employee.id)[:SHOWN],
        left=services.allowances_of(employee.id),
        actions=(create_correction, create_absence, create_swap),
        withdraw=withdraw,
        accept_swap=accept_swap,
        decline_swap=decline_swap,
        withdraw_swap=withdraw_swap,
        here=url_for(".show", week=monday),
    )


def _requests(query: Any, kind: Any) -> Any:
    return db.session.scalars(query.order_by(kind.id.desc()).limit(SHOWN)).all()


@bp.get("/account")
@requires(OWN)
def show_account() -> Response:
    """Show one's own time account."""
    employee = mine() or abort(404)
    return render(
        "attendance/my_time/account.html",
        fragment="record",
        employee=employee,
        **account_context(employee.id),
    )


@bp.get("/<day>")
@requires(OWN)
def show_day(day: str) -> Response:
    """Show the punches behind a day of one's own."""
    employee = mine() or abort(404)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    return render(
        "attendance/my_time/day.html",
        fragment="record",
        employee=employee,
        day=on,
        here=url_for(".show_day", day=day),
        clock=clock,
        flags=services.FLAGS,
        **behind(employee, on),
    )


@bp.post("/punches")
@requires(OWN)
def create_punch() -> Response:
    """Punch for oneself."""
    intent = request.form.get("intent", "")
    services.punch_from_web(current_user.id, intent=intent if intent in INTENTS else "")
    said = DIRECTIONS.get(intent, "Punched")
    at = datetime.now(UTC).astimezone(zone())
    return respond_saved(url_for(".show"), f"{said}: {at:%H:%M}.", event=CHANGED)


def _own_absence(absence_id: int) -> Any:
    employee = mine() or abort(404)
    return queries.absence(absence_id).where(Absence.employee_id == employee.id)


ABSENCE = Resource(
    name="absence",
    area="my_time",
    query=_own_absence,
    rule="/absences/<int:absence_id>",
    keys={"absence_id": "id"},
    event=CHANGED,
    listed_at="show",
)


def _no_correction(_correction_id: int) -> NoReturn:
    """One's own corrections have no page: they stand on the week."""
    abort(404)


CORRECTION = Resource(
    name="correction",
    area="my_time",
    query=_no_correction,
    rule="/corrections/<int:correction_id>",
    keys={"correction_id": "id"},
    event=CHANGED,
    listed_at="show",
)


def _correct(*, at: datetime, direction: str, reason: str) -> Correction:
    employee = mine() or abort(404)
    moment = at.replace(tzinfo=ZoneInfo(employee.time_zone))
    return services.request_my_correction(
        current_user.id, at=moment, direction=direction, reason=reason
    )


def _begin_correction(form: AdditionForm, _record: None) -> None:
    """Begin with the session that was forgotten: when was it?"""
    employee = mine() or abort(404)
    forgotten = services.my_forgotten(employee.id)
    if forgotten is not None:
        likely = forgotten.planned_end or forgotten.begin_at
        form.at.data = likely.astimezone(ZoneInfo(employee.time_zone))
        form.direction.data = "out"


def _offer_types(form: MyAbsenceForm, _record: Any) -> None:
    found = db.session.scalars(queries.absence_types(is_active=True))
    form.type_id.choices = [(one.id, one.name) for one in found]


def _ask(**values: Any) -> Absence:
    return services.request_my_absence(current_user.id, **values)


def _withdraw(absence_id: int) -> Absence:
    return services.withdraw_my_absence(current_user.id, absence_id)


_new = partial(
    Action,
    is_new=True,
    permission=OWN,
    to=lambda _record: url_for("my_time.show"),
    leaves=True,
)
create_correction = _new(
    resource=CORRECTION,
    name="create_correction",
    title="Correct a day",
    subtitle="A punch that is missing. It counts once it is approved.",
    submit="Ask for it",
    form=AdditionForm,
    fill=_begin_correction,
    act=_correct,
    done="Asked for: it waits for approval.",
    icon="clock",
)
create_absence = _new(
    resource=ABSENCE,
    name="create_absence",
    title="Ask to be away",
    submit="Ask for it",
    form=MyAbsenceForm,
    offer=_offer_types,
    fields="attendance/absences/_fields.html",
    act=_ask,
    done="Asked for: it waits for approval.",
    icon="leave",
)
withdraw = Action(
    resource=ABSENCE,
    name="create_withdrawal",
    path="/withdrawal",
    permission=OWN,
    title="Withdraw",
    question="Withdraw this request?",
    act=_withdraw,
    done="It is withdrawn.",
    to=lambda _record: url_for("my_time.show"),
    kind="quiet",
    when=lambda one: one.state == "requested",
)
for action in (create_correction, create_absence, withdraw):
    action.add_to(bp)
