"""What waits for approval, of all kinds in one list; pages of corrections and absences."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for

from app.attendance import queries, services
from app.attendance.forms import AbsenceForm, AnswerForm
from app.attendance.models import (
    CORRECTIONS,
    REQUEST_STATES,
    Absence,
    Correction,
    Overtime,
    ShiftSwap,
)
from app.attendance.views import overtime
from app.attendance.views.timesheets import clock
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Day,
    Link,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
)
from app.core.settings import setting

bp = Blueprint("attendance_requests", __name__, url_prefix="/attendance/requests")
corrections_bp = Blueprint("corrections", __name__, url_prefix="/attendance/corrections")
absences_bp = Blueprint("absences", __name__, url_prefix="/attendance/absences")

CHANGED = "attendance:changed"


class Waiting(NamedTuple):
    """Something that waits, of whatever kind."""

    record: Correction | Absence | Overtime | ShiftSwap
    what: str
    when: str
    href: str
    reason: str = ""


def _waiting(_asked: Asked) -> Sequence[Waiting]:
    return [*_corrections(), *_asked_absences(), *_swaps(), *_overtime()]


def _corrections() -> Iterator[Waiting]:
    found = queries.corrections(state="requested").order_by(Correction.id)
    for one in db.session.scalars(found):
        href = url_for("corrections.show", correction_id=one.id)
        yield Waiting(one, CORRECTIONS[one.kind], _moment_of(one), href, one.reason)


def _moment_of(one: Correction) -> str:
    """Write when the punch is said to have been, by the clock of whoever it is about."""
    if one.at is None:
        return ""
    return f"{one.at.astimezone(ZoneInfo(one.employee.time_zone)):%Y-%m-%d %H:%M}"


def _asked_absences() -> Iterator[Waiting]:
    found = queries.absences(state="requested").order_by(Absence.id)
    for one in db.session.scalars(found):
        href = url_for("absences.show", absence_id=one.id)
        yield Waiting(one, one.type.name, days_of(one), href, one.reason)


def _swaps() -> Iterator[Waiting]:
    found = queries.swaps(state="requested").order_by(ShiftSwap.day, ShiftSwap.id)
    for one in db.session.scalars(found):
        href = url_for("swaps.show", swap_id=one.id)
        yield Waiting(one, swap_text(one), str(one.day), href, one.reason)


def _overtime() -> Iterator[Waiting]:
    if not setting("attendance_overtime_approval"):
        return
    overtime.look()
    found = queries.overtimes(state="requested").order_by(Overtime.day, Overtime.id)
    for one in db.session.scalars(found):
        what = f"Overtime, {clock(one.minutes - one.approved)}"
        href = url_for("overtime.show", overtime_id=one.id)
        yield Waiting(one, what, str(one.day), href)


def swap_text(one: ShiftSwap) -> str:
    """Say what is swapped."""
    taker = one.colleague.name if one.colleague else "a colleague"
    text = f"{one.shift.code} to {taker}"
    if one.return_shift is None:
        return text
    return f"{text}, for {one.return_shift.code} on {one.return_day}"


def days_of(absence: Absence) -> str:
    """Write the days of an absence."""
    first = f"{absence.first_day}{' (half)' if absence.is_first_half else ''}"
    if absence.first_day == absence.last_day:
        return first
    return f"{first} to {absence.last_day}{' (half)' if absence.is_last_half else ''}"


REQUESTS = ListPage(
    name="attendance_requests",
    title="To approve",
    subtitle="Corrections, absences and swaps that somebody has asked for; overtime, where "
    "it has to be approved.",
    permission="attendance.approve",
    query=_waiting,
    href=lambda waiting: waiting.href,
    columns=(
        Column(
            name="who",
            title="Who",
            value="record.employee.name",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="what", title="What", place="meta"),
        Column(name="when", title="When", place="figure"),
        Column(name="reason", title="Reason", place="wrap"),
    ),
    tools=(
        Link(label="Overtime", endpoint="overtime.index", kind="quiet", icon="activity"),
        Link(label="Swaps", endpoint="swaps.index", kind="quiet", icon="arrows"),
    ),
    sockets="attendance",
    above="attendance/_news.html",
    notes="attendance/overtime/_behind.html",
    context=lambda _rows: {"behind": overtime.behind()},
    events=(CHANGED,),
    nouns=("request", "requests"),
    nothing=Nothing(
        title="Nothing waits for approval.",
        advice="What people ask for comes here.",
        icon="check",
    ),
)
CORRECTION = Resource(
    name="correction",
    area="corrections",
    query=queries.correction,
    rule="/<int:correction_id>",
    keys={"correction_id": "id"},
    event=CHANGED,
)
ABSENCE = Resource(
    name="absence",
    area="absences",
    query=queries.absence,
    rule="/<int:absence_id>",
    keys={"absence_id": "id"},
    event=CHANGED,
)


def _waits(record: Any) -> bool:
    return bool(record.state == "requested")


def _decisions(resource: Resource, approve: Any, reject: Any) -> tuple[Action, Action]:
    verb = partial(
        Action,
        resource=resource,
        permission="attendance.approve",
        form=AnswerForm,
        when=_waits,
    )
    return (
        verb(
            name="create_approval",
            path="/approval",
            title="Approve",
            act=approve,
            done="It is approved.",
            kind="primary",
            icon="check",
        ),
        verb(
            name="create_rejection",
            path="/rejection",
            title="Reject",
            act=reject,
            done="It is rejected.",
            icon="x",
            is_danger=True,
        ),
    )


approve_correction, reject_correction = _decisions(
    CORRECTION, services.approve_correction, services.reject_correction
)
approve_absence, reject_absence = _decisions(
    ABSENCE, services.approve_absence, services.reject_absence
)
correction_page = RecordPage(
    resource=CORRECTION,
    permission="attendance.view",
    heading="{0.employee.name}",
    subtitle=lambda one: CORRECTIONS[one.kind],
    crumbs=lambda _one: [("To approve", url_for("attendance_requests.index"))],
    buttons=(approve_correction, reject_correction),
    body="attendance/requests/_correction.html",
    context=lambda one: {
        "states": REQUEST_STATES,
        "kind": CORRECTIONS[one.kind],
        "moment": _moment_of(one),
    },
)


def _absences(asked: Asked) -> Any:
    return queries.absences(state=asked["state"], first=asked["from"], last=asked["to"])


NEW = Link(
    label="Enter an absence",
    endpoint="absences.new",
    permission="attendance.approve",
    kind="primary",
    icon="plus",
)
ABSENCES = ListPage(
    name="absences",
    title="Absences",
    permission="attendance.view",
    query=_absences,
    key=Absence.id,
    sort="-first_day",
    href=lambda one: url_for("absences.show", absence_id=one.id),
    filters=(
        Choice(name="state", label="State", options=REQUEST_STATES, everything="All states"),
        Day(name="from", label="From"),
        Day(name="to", label="Until"),
    ),
    columns=(
        Column(
            name="who",
            title="Who",
            value="employee.name",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="type", title="Type", value="type.name", place="meta"),
        Column(
            name="first_day",
            title="Days",
            value=days_of,
            sort=Absence.first_day,
            place="figure",
        ),
        Column(
            name="state",
            title="State",
            kind="badge",
            value=lambda one: REQUEST_STATES[one.state],
            place="status",
        ),
    ),
    links=(
        Link(
            label="Calendar",
            endpoint="absences.calendar",
            permission="attendance.view",
            icon="calendar",
        ),
        Link(label="Own holidays", endpoint="own_holidays.index", permission="attendance.view"),
        Link(label="Types", endpoint="absence_types.index", permission="attendance.view"),
        NEW,
    ),
    events=(CHANGED,),
    sockets="attendance",
    above="attendance/_news.html",
    nouns=("absence", "absences"),
    unmatched=Nothing(
        title="Nothing matches.", advice="Ask for other days.", action="Show all absences"
    ),
    nothing=Nothing(
        title="Nobody was away yet.",
        advice="Enter an absence, or let people ask for them.",
        link=NEW,
        icon="calendar",
    ),
)


def _offer_types(form: AbsenceForm, _record: Any) -> None:
    found = db.session.scalars(queries.absence_types(is_active=True))
    form.type_id.choices = [(one.id, one.name) for one in found]


create_absence = Action(
    resource=ABSENCE,
    name="create",
    is_new=True,
    permission="attendance.approve",
    title="Enter an absence",
    subtitle="It counts at once.",
    submit="Enter",
    form=AbsenceForm,
    offer=_offer_types,
    fields="attendance/absences/_fields.html",
    act=services.enter_absence,
    done="The absence is entered.",
    to=lambda _absence: url_for("absences.index"),
    leaves=True,
)
withdraw_absence = Action(
    resource=ABSENCE,
    name="create_withdrawal",
    path="/withdrawal",
    permission="attendance.approve",
    title="Take back",
    question="Take this absence back? Its days are to be worked again.",
    act=services.withdraw_absence,
    done="It is taken back.",
    icon="undo",
    when=lambda one: one.state in ("requested", "approved"),
)
absence_page = RecordPage(
    resource=ABSENCE,
    permission="attendance.view",
    heading="{0.employee.name}",
    subtitle="{0.type.name}",
    crumbs=lambda _one: [("Absences", url_for("absences.index"))],
    buttons=(approve_absence, reject_absence, withdraw_absence),
    body="attendance/absences/_absence.html",
    context=lambda one: {"states": REQUEST_STATES, "days": days_of(one)},
)

REQUESTS.add_to(bp)
correction_page.add_to(corrections_bp)
for action in (approve_correction, reject_correction):
    action.add_to(corrections_bp)
ABSENCES.add_to(absences_bp)
absence_page.add_to(absences_bp)
for action in (create_absence, approve_absence, reject_absence, withdraw_absence):
    action.add_to(absences_bp)
