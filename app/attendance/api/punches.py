"""Punches: sent by devices, read by programs; and who is at work."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask import abort

from app.accounts.myself import current_token_id
from app.attendance import queries, services
from app.attendance.api.schemas import (
    MOST_PUNCHES,
    CommandResultSchema,
    CommandStateSchema,
    HeartbeatAnswerSchema,
    HeartbeatSchema,
    PinPunchSchema,
    PresentSchema,
    PunchAnswersSchema,
    PunchSchema,
    SentPunchesSchema,
    WorkSessionSchema,
)
from app.attendance.models import VERDICTS, DeviceCommand, Punch
from app.attendance.permissions import PUNCH
from app.attendance.reckoning.clock import DeviceNow
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404

bp = Blueprint(
    "attendance_api", __name__, url_prefix="/api/v1/attendance", description="Attendance"
)

NO_DEVICE = "The token belongs to no device that is switched on (not_allowed)"


class PunchQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.PUNCH_SORTS)
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    outcome = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *VERDICTS]))
    device_id = ma.fields.Int(load_default=None)
    employee_id = ma.fields.Int(load_default=None)
    from_ = ma.fields.AwareDateTime(data_key="from", load_default=None)
    to = ma.fields.AwareDateTime(load_default=None)


class SessionQuery(PageQuery):
    """Filters of the list; both days are included."""

    sort = Sort(queries.SESSION_SORTS)
    employee_id = ma.fields.Int(load_default=None)
    from_ = ma.fields.Date(data_key="from", load_default=None)
    to = ma.fields.Date(load_default=None)
    is_open = ma.fields.Bool(load_default=None)


@bp.post("/punches")
@requires(PUNCH)
@bp.arguments(SentPunchesSchema)
@bp.response(200, PunchAnswersSchema)
@bp.alt_response(403, description=NO_DEVICE)
@bp.alt_response(413, description=f"More than {MOST_PUNCHES} punches: send fewer at once")
def create_punches(body: dict[str, Any]) -> dict[str, Any]:
    """Keep punches of a device, each once, and say what became of each.

    The same again is answered `duplicate` and changes nothing, so a device sends until it is
    answered. It may forget all that is answered but what is `rejected`.
    """
    device = services.device_of_token(current_token_id())
    now = datetime.now(UTC)
    sent = body.get("punches") or [_single(body)]
    if len(sent) > MOST_PUNCHES:
        abort(413, f"At most {MOST_PUNCHES} punches at once.")
    is_batch = "punches" in body
    said = DeviceNow(
        now, body["boot_id"], body.get("now"), body.get("uptime") if is_batch else None
    )
    beat = services.Heartbeat(said, watermark=body.get("watermark"))
    punches = [_sent(one, body["boot_id"]) for one in sent]
    return {"server_time": now, "items": services.take_punches(device, punches, beat)}


def _single(body: dict[str, Any]) -> dict[str, Any]:
    names = ("device_seq", "reader", "kind", "credential", "at", "uptime")
    return {name: body[name] for name in names if name in body}


def _sent(one: dict[str, Any], boot_id: str) -> services.SentPunch:
    return services.SentPunch(
        device_seq=one["device_seq"],
        boot_id=one.get("boot_id", boot_id),
        credential=one["credential"],
        at=one["at"],
        kind=one.get("kind", "card"),
        reader=one.get("reader", ""),
        uptime=one.get("uptime"),
    )


@bp.post("/heartbeats")
@requires(PUNCH)
@bp.arguments(HeartbeatSchema)
@bp.response(200, HeartbeatAnswerSchema)
@bp.alt_response(403, description=NO_DEVICE)
def create_heartbeat(body: dict[str, Any]) -> dict[str, Any]:
    """Say that a device is there, how its clock stands, and up to when all was sent."""
    device = services.device_of_token(current_token_id())
    now = datetime.now(UTC)
    said = DeviceNow(now, body["boot_id"], body["now"], body["uptime"])
    beat = services.Heartbeat(
        said,
        watermark=body["watermark"],
        queued=body["queued"],
        program=body["version"],
        readers=[services.ReaderState(**one) for one in body["readers"]],
    )
    commands = services.note_heartbeat(device, beat)
    skew = said.skew
    return {
        "server_time": now,
        "skew_seconds": None if skew is None else skew.total_seconds(),
        "poll_seconds": services.poll_seconds(db.session(), device),
        "commands": commands,
    }


@bp.post("/commands/<int:command_id>")
@requires(PUNCH)
@bp.arguments(CommandResultSchema)
@bp.response(200, CommandStateSchema)
@bp.alt_response(403, description=NO_DEVICE)
def update_command(body: dict[str, Any], command_id: int) -> DeviceCommand:
    """Say what became of a command; the same again is answered the same."""
    device = services.device_of_token(current_token_id())
    one_or_404(queries.command(device.id, command_id))
    return services.end_command(device, command_id, **body, finish=services.finish_command)


@bp.post("/pin-punches")
@requires(PUNCH)
@bp.arguments(PinPunchSchema)
@bp.response(201, PunchSchema)
@bp.alt_response(403, description=NO_DEVICE)
@bp.alt_response(409, description="The person is not employed today (not_allowed)")
@bp.alt_response(429, description="Too many wrong PINs (too_many_pins)")
def create_pin_punch(body: dict[str, Any]) -> Punch:
    """Punch at a kiosk by employee number and PIN. Only where the kiosk is online."""
    device = services.device_of_token(current_token_id())
    made = services.punch_with_pin(device, **body)
    return one_or_404(queries.punch(made.id))


@bp.get("/punches")
@requires("attendance.view")
@bp.arguments(PunchQuery, location="query")
@bp.response(200, page_schema(PunchSchema))
def list_punches(query: dict[str, Any]) -> dict[str, Any]:
    """List punches, by `id` or `at`, with what became of each."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    since, before = query.pop("from_"), query.pop("to")
    found = queries.punches(search=query.pop("q"), since=since, before=before, **query)
    return page_of(found, paging, sorts=queries.PUNCH_SORTS)


@bp.get("/sessions")
@requires("attendance.view")
@bp.arguments(SessionQuery, location="query")
@bp.response(200, page_schema(WorkSessionSchema))
def list_sessions(query: dict[str, Any]) -> dict[str, Any]:
    """List time at work, by `id`, `begin_at` or `day`."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    first, last = query.pop("from_"), query.pop("to")
    found = queries.sessions(first=first, last=last, **query)
    return page_of(found, paging, sorts=queries.SESSION_SORTS)


@bp.get("/present")
@requires("attendance.view")
@bp.response(200, PresentSchema)
def list_present() -> dict[str, Any]:
    """Say who is at work now; whoever forgot to clock out is not."""
    return {"items": db.session.scalars(queries.present(datetime.now(UTC))).all()}
