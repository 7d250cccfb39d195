"""Punches: the list, the page of one, and what is corrected beside it."""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import AssignmentForm, ReasonForm, RetimeForm
from app.attendance.models import PUNCH_KINDS, VERDICTS, Correction, Punch
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Cursor,
    Day,
    ListPage,
    Nothing,
    RecordPage,
    Reference,
    Resource,
    Search,
)
from app.core.web import one_or_404

bp = Blueprint("punches", __name__, url_prefix="/attendance/punches")

CHANGED = "attendance:changed"


def _punches(asked: Asked) -> Select[Any]:
    return queries.punches(
        search=asked["search"],
        outcome=asked["outcome"],
        device_id=asked["device"],
        employee_id=asked["employee"],
        since=asked.begin_of("from"),
        before=asked.end_of("to"),
    )


def _devices() -> list[tuple[int, str]]:
    return [(one.id, one.name) for one in db.session.execute(queries.devices_to_filter())]


def _who(punch: Punch) -> str:
    verdict = punch.verdict
    return verdict.employee.name if verdict and verdict.employee else "Nobody known"


def _outcome(punch: Punch) -> str:
    if punch.verdict is None:
        return ""
    said = punch.verdict.label
    return f"{said}: {punch.verdict.direction}" if punch.verdict.direction else said


def _where(punch: Punch) -> str:
    return f"{punch.device.name}, {punch.reader.name}" if punch.reader else punch.device.name


def _skew(punch: Punch) -> str:
    skew = punch.clock_skew
    return f"{skew:+.0f} s" if skew is not None and abs(skew) >= 1 else ""


PUNCHES = ListPage(
    name="punches",
    title="Punches",
    subtitle="As they came. Nobody changes them; corrections stand beside them.",
    permission="attendance.view",
    query=_punches,
    cursor=Cursor(columns=(Punch.at, Punch.id)),
    href=lambda punch: url_for("punches.show", punch_id=punch.id),
    filters=(
        Search(label="Name, number or department"),
        Choice(
            name="outcome",
            label="What became of it",
            options=VERDICTS,
            everything="All punches",
        ),
        Reference(
            name="device",
            label="Device",
            options=_devices,
            everything="All devices",
            shows=lambda number: dict(_devices()).get(number, ""),
        ),
        Reference(
            name="employee",
            label="Employee",
            shows=lambda number: one_or_404(queries.employee(number)).name,
        ),
        Day(name="from", label="From"),
        Day(name="to", label="Until"),
    ),
    columns=(
        Column(
            name="who", title="Who", value=_who, place="name", is_link=True, is_required=True
        ),
        Column(name="at", title="When", kind="moment", place="meta"),
        Column(
            name="outcome",
            title="What became of it",
            kind="badge",
            value=_outcome,
            place="status",
        ),
        Column(name="where", title="Where", value=_where, place="desk"),
        Column(
            name="kind",
            title="With",
            value=lambda punch: PUNCH_KINDS[punch.kind],
            place="wide desk",
        ),
        Column(name="skew", title="Clock off", value=_skew, place="wide desk"),
        Column(
            name="received_at",
            title="Received",
            kind="moment",
            place="wide desk",
            is_shown=False,
        ),
    ),
    sockets="attendance",
    above="attendance/_news.html",
    events=(CHANGED,),
    nouns=("punch", "punches"),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try other days, or take a filter away.",
        action="Show all punches",
    ),
    nothing=Nothing(
        title="Nobody has punched yet.",
        advice="Set up a device, and give cards to people.",
        icon="clock",
    ),
)
PUNCH = Resource(
    name="punch",
    area="punches",
    query=queries.punch,
    rule="/<int:punch_id>",
    keys={"punch_id": "id"},
    event=CHANGED,
)


def _owner(punch_id: int) -> Any:
    punch = one_or_404(queries.punch(punch_id))
    return punch.verdict.employee if punch.verdict else None


def _is_somebodys(punch: Punch) -> bool:
    return punch.verdict is not None and punch.verdict.employee_id is not None


def _is_open(punch: Punch) -> bool:
    """Tell whether it can be corrected: it is somebody's, and nothing is said of it yet."""
    return _is_somebodys(punch) and punch.verdict.outcome not in ("void", "captured")  # type: ignore[union-attr]


def _retime(punch_id: int, *, at: datetime, reason: str) -> Correction:
    owner = _owner(punch_id)
    moment = at.replace(tzinfo=ZoneInfo(owner.time_zone))
    return services.correct_punch(
        owner.id, kind="retime", punch_id=punch_id, at=moment, reason=reason
    )


def _void(punch_id: int, *, reason: str) -> Correction:
    owner = _owner(punch_id)
    return services.correct_punch(owner.id, kind="void", punch_id=punch_id, reason=reason)


def _begin_retime(form: RetimeForm, punch: Punch) -> None:
    owner = punch.verdict.employee if punch.verdict else None
    zone = ZoneInfo(owner.time_zone) if owner else ZoneInfo("UTC")
    form.at.data = punch.at.astimezone(zone)


_correct = partial(Action, resource=PUNCH, permission="attendance.approve", when=_is_open)
create_retime = _correct(
    name="create_retime",
    path="/retimes",
    title="Another time",
    subtitle="The punch stays as it is; this time counts.",
    submit="Correct",
    form=RetimeForm,
    fill=_begin_retime,
    act=_retime,
    done="It is corrected.",
    icon="clock",
)
create_void = _correct(
    name="create_void",
    path="/voids",
    title="Take out",
    subtitle="The punch stays as it is, and counts no more.",
    submit="Take out",
    form=ReasonForm,
    act=_void,
    done="It counts no more.",
    icon="x",
    is_danger=True,
)
create_assignment = Action(
    resource=PUNCH,
    name="create_assignment",
    path="/assignments",
    permission="attendance.enrol",
    title="Give the card to somebody",
    subtitle="What was punched with it while it was nobody's counts for them.",
    submit="Give",
    form=AssignmentForm,
    fields="attendance/punches/_assignment.html",
    act=services.assign_unknown,
    done="The card is theirs now.",
    icon="user",
    when=lambda punch: (
        punch.kind == "card"
        and punch.verdict is not None
        and punch.verdict.outcome == "unknown"
    ),
)
punch_page = RecordPage(
    resource=PUNCH,
    permission="attendance.view",
    heading=_who,
    subtitle=_outcome,
    crumbs=lambda _punch: [("Punches", url_for("punches.index"))],
    buttons=(create_assignment, create_retime, create_void),
    body="attendance/punches/_punch.html",
    sockets=lambda _punch: "attendance",
    news="attendance-news",
    has_history=False,
    context=lambda punch: {
        "where": _where(punch),
        "kinds": PUNCH_KINDS,
        "corrections": db.session.scalars(
            queries.corrections().where(Correction.punch_id == punch.id)
        ).all(),
    },
)

PUNCHES.add_to(bp)
punch_page.add_to(bp)
for action in (create_retime, create_void, create_assignment):
    action.add_to(bp)
