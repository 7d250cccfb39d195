"""Devices and credentials for programs: who punches where, with what."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma

from app.accounts.myself import myself
from app.attendance import queries, services
from app.attendance.models import DEVICE_KINDS, Capture, Credential, Device
from app.attendance.rules import parse_zone
from app.core.api import Blueprint, asked_version, page_of, page_schema, sorted_query
from app.core.checks import needed
from app.core.db import db
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new, versioned
from app.core.texts import parse_line
from app.core.web import one_or_404

devices_bp = Blueprint(
    "attendance_devices_api",
    __name__,
    url_prefix="/api/v1/attendance/devices",
    description="Attendance",
)
bp = Blueprint(
    "credentials_api", __name__, url_prefix="/api/v1/enrollment", description="Enrollment"
)
TAKEN = "The card is somebody's already (credential_taken)"
CAPTURE_STATES = ("waiting", "captured", "cancelled", "failed", "expired")


class ReaderSchema(ma.Schema):
    """A reader on a device."""

    id = ma.fields.Int()
    device_id = ma.fields.Int()
    name = ma.fields.Str()
    kind = ma.fields.Str()
    is_present = ma.fields.Bool()
    refused_frames = ma.fields.Int()
    seen_at = ma.fields.AwareDateTime()


class DeviceSchema(ma.Schema):
    """Something that people punch at."""

    id = ma.fields.Int(dump_only=True)
    name = Text(needed(parse_line), required=True)
    kind = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf([*DEVICE_KINDS]))
    place = Text(parse_line)
    time_zone = Text(parse_zone, metadata={"description": "Empty: that of the person"})
    is_active = ma.fields.Bool()
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class NewDeviceKindSchema(DeviceSchema):
    """A device to be set up."""

    kind = ma.fields.Str(
        required=True, validate=ma.validate.OneOf([k for k in DEVICE_KINDS if k != "web"])
    )


class DeviceWithTokenSchema(ma.Schema):
    """A device and its token, which is told once."""

    device = ma.fields.Nested(DeviceSchema)
    token = ma.fields.Str()


class ReadersSchema(ma.Schema):
    """Readers of devices that are in use."""

    items = ma.fields.List(ma.fields.Nested(ReaderSchema), required=True)


class NewCaptureSchema(ma.Schema):
    """Where a card is to be presented, and for whom, if that is known."""

    reader_id = ma.fields.Int(required=True, strict=True)
    employee_id = ma.fields.Int(strict=True, load_default=None, allow_none=True)
    name = Text(parse_line, load_default="")


class CaptureSchema(ma.Schema):
    """Somebody waits for a card at a reader."""

    id = ma.fields.Int()
    reader_id = ma.fields.Int()
    employee_id = ma.fields.Int(allow_none=True)
    name = ma.fields.Str()
    state = ma.fields.Function(
        lambda capture: services.capture_state(capture, datetime.now(UTC)),
        metadata={"type": "string", "enum": CAPTURE_STATES},
    )
    message = ma.fields.Str(metadata={"description": "Why it is nobody's, if it is not"})
    expires_at = ma.fields.AwareDateTime()


class NewFingerSchema(ma.Schema):
    """Which sensor is to learn whose finger."""

    reader_id = ma.fields.Int(required=True, strict=True)
    employee_id = ma.fields.Int(required=True, strict=True)


class NewCredentialSchema(ma.Schema):
    """A card for somebody: one that was captured, one of an unknown punch, or its number."""

    employee_id = ma.fields.Int(required=True, strict=True)
    capture_id = ma.fields.Int(strict=True)
    punch_id = ma.fields.Int(strict=True)
    card = ma.fields.Str(validate=ma.validate.Length(min=1, max=30))
    name = Text(parse_line, load_default="")

    @ma.validates_schema
    def _one_way(self, body: dict[str, Any], **_rest: Any) -> None:
        if sum(name in body for name in ("capture_id", "punch_id", "card")) != 1:
            raise ma.ValidationError("Give one of capture_id, punch_id and card.", "card")


class EmployeeCredentialSchema(ma.Schema):
    """What somebody punches with. The number of a card is kept nowhere."""

    id = ma.fields.Int()
    employee_id = ma.fields.Int()
    kind = ma.fields.Str()
    name = ma.fields.Str()
    valid_from = ma.fields.AwareDateTime()
    valid_until = ma.fields.AwareDateTime(allow_none=True)
    end_reason = ma.fields.Str()


class EmployeeCredentialsSchema(ma.Schema):
    """What an employee punches with."""

    items = ma.fields.List(ma.fields.Nested(EmployeeCredentialSchema), required=True)


class EndSchema(ma.Schema):
    """Why a card ends, and since when it was lost."""

    reason = ma.fields.Str(
        load_default="revoked", validate=ma.validate.OneOf(["lost", "revoked", "left"])
    )
    at = ma.fields.AwareDateTime(load_default=None)


@devices_bp.get("")
@requires("attendance.enrol")
@devices_bp.arguments(sorted_query(queries.DEVICE_SORTS), location="query")
@devices_bp.response(200, page_schema(DeviceSchema))
def list_devices(query: dict[str, Any]) -> dict[str, Any]:
    """List devices, by `name` or `kind`."""
    return page_of(queries.devices(), query, sorts=queries.DEVICE_SORTS)


@devices_bp.post("")
@requires("attendance.enrol")
@devices_bp.arguments(for_new(NewDeviceKindSchema))
@devices_bp.response(201, DeviceWithTokenSchema)
@devices_bp.alt_response(409, description="The name is taken")
def create_device(body: dict[str, Any]) -> dict[str, Any]:
    """Set up a device; its token is told once, and can do nothing but punch."""
    made = services.create_device(by=myself(), **body)
    return {"device": made.device, "token": made.secret}


@devices_bp.get("/<int:device_id>")
@requires("attendance.enrol")
@devices_bp.response(200, DeviceSchema)
def get_device(device_id: int) -> tuple[Device, int, dict[str, str]]:
    """Show a device."""
    device = one_or_404(queries.device(device_id))
    return device, 200, versioned(device)


@devices_bp.put("/<int:device_id>")
@requires("attendance.enrol")
@idempotent
@devices_bp.arguments(for_changes(DeviceSchema))
@devices_bp.response(200, DeviceSchema)
@devices_bp.alt_response(409, description="A stale version, or a name that is taken")
def update_device(
    changes: dict[str, Any], device_id: int
) -> tuple[Device, int, dict[str, str]]:
    """Change a device, or switch it off."""
    one_or_404(queries.device(device_id))
    version = asked_version(changes)
    device = services.revise_device(device_id, version=version, **changes)
    return device, 200, versioned(device)


@devices_bp.post("/<int:device_id>/token")
@requires("attendance.enrol")
@devices_bp.response(201, DeviceWithTokenSchema)
@devices_bp.alt_response(409, description="It needs none (not_allowed)")
def renew_device_token(device_id: int) -> dict[str, Any]:
    """Give a device another token; the one before ends at once."""
    one_or_404(queries.device(device_id))
    made = services.renew_token(device_id, by=myself())
    return {"device": made.device, "token": made.secret}


@devices_bp.get("/readers")
@requires("attendance.enrol")
@devices_bp.response(200, ReadersSchema)
def list_readers() -> dict[str, Any]:
    """List the readers of devices that are in use."""
    return {"items": db.session.scalars(queries.readers()).all()}


@bp.post("/capture")
@requires("attendance.enrol")
@bp.arguments(NewCaptureSchema)
@bp.response(201, CaptureSchema)
@bp.alt_response(404, description="There is no such reader or employee")
def create_capture(body: dict[str, Any]) -> Capture:
    """Wait for the next card at a reader: for a minute it is enrolled instead of counted."""
    one_or_404(queries.reader(body["reader_id"]))
    if body["employee_id"] is not None:
        one_or_404(queries.employee(body["employee_id"]))
    return services.start_capture(
        body["reader_id"], employee_id=body["employee_id"], name=body["name"]
    )


@bp.get("/captures/<int:capture_id>")
@requires("attendance.enrol")
@bp.response(200, CaptureSchema)
def get_capture(capture_id: int) -> Capture:
    """Say whether the card was presented."""
    return one_or_404(queries.capture(capture_id))


@bp.delete("/captures/<int:capture_id>")
@requires("attendance.enrol")
@bp.response(200, CaptureSchema)
@bp.alt_response(409, description="Nobody waits any more (not_allowed)")
def delete_capture(capture_id: int) -> Capture:
    """Wait no more."""
    one_or_404(queries.capture(capture_id))
    return services.cancel_capture(capture_id)


class PinSchema(ma.Schema):
    """A PIN: 4 to 8 digits."""

    pin = ma.fields.Str(required=True, validate=ma.validate.Length(max=20))


class ConsentSchema(ma.Schema):
    """The ground, where the assessment is kept, and what was offered instead."""

    basis = Text(needed(parse_line), required=True)
    alternative = Text(needed(parse_line), required=True)


@bp.post("/employees/<int:employee_id>/pin")
@requires("attendance.enrol")
@bp.arguments(PinSchema)
@bp.response(204)
def set_pin(body: dict[str, Any], employee_id: int) -> None:
    """Give somebody a PIN, in place of the one before."""
    one_or_404(queries.employee(employee_id))
    services.set_pin(employee_id, **body)


@bp.delete("/employees/<int:employee_id>/pin")
@requires("attendance.enrol")
@bp.response(204)
def delete_pin(employee_id: int) -> None:
    """Take somebody's PIN away."""
    one_or_404(queries.employee(employee_id))
    services.delete_pin(employee_id)


@bp.post("/employees/<int:employee_id>/consent")
@requires("attendance.enrol")
@bp.arguments(ConsentSchema)
@bp.response(204)
@bp.alt_response(409, description="Fingerprints are switched off (not_allowed)")
def give_consent(body: dict[str, Any], employee_id: int) -> None:
    """Write down that somebody agrees to a fingerprint."""
    one_or_404(queries.employee(employee_id))
    services.give_consent(employee_id, **body)


@bp.delete("/employees/<int:employee_id>/consent")
@requires("attendance.enrol")
@bp.response(204)
@bp.alt_response(409, description="There is none (not_allowed)")
def withdraw_consent(employee_id: int) -> None:
    """Let a consent end: the sensors are told to forget the fingers."""
    one_or_404(queries.employee(employee_id))
    services.withdraw_consent(employee_id)


@bp.post("/fingers")
@requires("attendance.enrol")
@bp.arguments(NewFingerSchema)
@bp.response(201, CaptureSchema)
@bp.alt_response(404, description="There is no such reader or employee")
@bp.alt_response(409, description="Switched off, no consent, or no such sensor (not_allowed)")
def create_finger(body: dict[str, Any]) -> Capture:
    """Ask a sensor to learn a finger."""
    one_or_404(queries.reader(body["reader_id"]))
    one_or_404(queries.employee(body["employee_id"]))
    return services.start_finger(body["reader_id"], employee_id=body["employee_id"])


@bp.get("/employees/<int:employee_id>/credentials")
@requires("attendance.enrol")
@bp.response(200, EmployeeCredentialsSchema)
def list_credentials(employee_id: int) -> dict[str, Any]:
    """List what an employee punches with, the newest first."""
    one_or_404(queries.employee(employee_id))
    return {"items": db.session.scalars(queries.credentials(employee_id)).all()}


@bp.post("/credentials")
@requires("attendance.enrol")
@sent_as(employee="employee_id")
@bp.arguments(NewCredentialSchema)
@bp.response(201, EmployeeCredentialSchema)
@bp.alt_response(404, description="There is no such employee or punch")
@bp.alt_response(409, description=TAKEN)
def create_credential(body: dict[str, Any]) -> Credential:
    """Give a card to somebody; punches that were made with it while it was nobody's count."""
    one_or_404(queries.employee(body["employee_id"]))
    more = {"employee_id": body["employee_id"], "name": body["name"]}
    if "capture_id" in body:
        one_or_404(queries.capture(body["capture_id"]))
        return services.assign_captured(body["capture_id"], **more)
    if "punch_id" in body:
        one_or_404(queries.punch(body["punch_id"]))
        return services.assign_unknown(body["punch_id"], **more)
    return services.assign_card(body["card"], **more)


@bp.delete("/credentials/<int:credential_id>")
@requires("attendance.enrol")
@bp.arguments(EndSchema, location="query")
@bp.response(200, EmployeeCredentialSchema)
@bp.alt_response(409, description="It has ended already (not_allowed)")
def delete_credential(query: dict[str, Any], credential_id: int) -> Credential:
    """Let a card count no more; `reason` is lost, revoked or left, `at` since when."""
    one_or_404(queries.credential(credential_id))
    return services.end_credential(credential_id, **query)
