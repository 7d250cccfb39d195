"""Fingerprints, where the company allows them: the template stays in the sensor.

They are off by default. Consent is written down with its ground and what was offered
instead; withdrawn, the sensor has to confirm that it has forgotten the finger.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import CaptureChanged
from app.attendance.models import (
    Capture,
    Credential,
    DeviceCommand,
    Employee,
    FingerConsent,
    Reader,
)
from app.attendance.reckoning.credentials import FINGER, hash_finger
from app.attendance.services.enrolling import end_credential
from app.attendance.services.keys import credential_key
from app.core.checks import Rule, checked, needed
from app.core.db import locked, transaction
from app.core.events import publish
from app.core.settings import setting
from app.core.texts import parse_line

FINGER_WAITS = timedelta(minutes=2)
SLOTS = 1000  # that a sensor is asked to use at most
RULES: dict[str, Rule] = {"basis": needed(parse_line), "alternative": needed(parse_line)}


def give_consent(employee_id: int, *, basis: str, alternative: str) -> FingerConsent:
    """Write down that somebody agrees, on which ground, and what was offered instead.

    Raises:
        NotAllowed: Fingerprints are switched off.
        Invalid: The ground or the alternative is missing.
    """
    _ensure_on()
    kept = checked({"basis": basis, "alternative": alternative}, RULES)
    with transaction() as session:
        session.scalars(locked(queries.employee(employee_id), Employee)).one()
        consent = FingerConsent(employee_id=employee_id, **kept)
        session.add(consent)
    return consent


def has_consent(employee_id: int) -> bool:
    """Tell whether somebody has agreed, and not withdrawn it."""
    with transaction() as session:
        return session.scalars(queries.valid_consent(employee_id)).first() is not None


def may_consent(employee_id: int) -> bool:
    """Tell whether a consent can be written down: they are on, and there is none."""
    return bool(setting("attendance_fingerprints")) and not has_consent(employee_id)


def withdraw_consent(employee_id: int) -> None:
    """Let a consent end: fingers count no more, and their sensors are told to forget them.

    Raises:
        NotAllowed: There is none.
    """
    with transaction() as session:
        session.scalars(locked(queries.employee(employee_id), Employee)).one()
        consent = session.scalars(queries.valid_consent(employee_id)).first()
        if consent is None:
            raise NotAllowed("There is no consent to withdraw.")
        consent.revise(version=None, withdrawn_at=datetime.now(UTC))
        fingers = queries.credentials(employee_id).where(
            Credential.kind == FINGER, Credential.is_template_deleted.is_(False)
        )
        for finger in session.scalars(fingers).all():
            if finger.valid_until is None:
                end_credential(finger.id, reason="revoked")
            forget_finger(session, finger)


def start_finger(reader_id: int, *, employee_id: int) -> Capture:
    """Ask a sensor to learn a finger: its device hears of it with its next heartbeat.

    Raises:
        NotAllowed: Fingerprints are switched off, there is no consent, or the reader takes
            no fingers.
    """
    _ensure_on()
    now = datetime.now(UTC)
    with transaction() as session:
        if session.scalars(queries.valid_consent(employee_id)).first() is None:
            raise NotAllowed("Write down the consent first, and what was offered instead.")
        found = queries.reader(reader_id).with_only_columns(Reader)
        reader = session.scalars(locked(found, Reader)).one()
        if not reader.takes_fingers:
            raise NotAllowed(f"{reader.name} reads no fingerprints.")
        capture = Capture(
            reader_id=reader.id,
            employee_id=employee_id,
            kind=FINGER,
            created_at=now,
            expires_at=now + FINGER_WAITS,
        )
        session.add(capture)
        session.flush()
        command = DeviceCommand(
            device_id=reader.device_id,
            reader_id=reader.id,
            command="enroll_finger",
            slot=_free_slot(session, reader),
            capture_id=capture.id,
            expires_at=capture.expires_at,
        )
        session.add(command)
    return capture


def finish_command(session: Session, command: DeviceCommand) -> None:
    """Let follow what a sensor has done: a finger is somebody's, or it is forgotten."""
    is_done = command.state == "done"
    if command.capture_id is not None:
        _finish_capture(session, command, is_done=is_done)
    if command.command == "delete_finger" and is_done:
        forgotten = update(Credential).where(Credential.id == command.credential_id)
        session.execute(forgotten.values(is_template_deleted=True))


def _finish_capture(session: Session, command: DeviceCommand, *, is_done: bool) -> None:
    capture = session.get_one(Capture, command.capture_id)
    if is_done and capture.employee_id is not None:
        key = credential_key(session)
        capture.credential_hash = hash_finger(key, command.reader_id, command.slot)
        capture.state = "captured"
        session.add(
            Credential(
                employee_id=capture.employee_id,
                kind=FINGER,
                name="Finger",
                credential_hash=capture.credential_hash,
                reader_id=command.reader_id,
                slot=command.slot,
                valid_from=datetime.now(UTC),
            )
        )
    else:
        capture.state, capture.message = "failed", command.message
    publish(CaptureChanged(capture_id=capture.id))


def forget_finger(session: Session, finger: Credential) -> None:
    """Ask the sensor to forget a finger, in the caller's unit of work."""
    reader = session.get_one(Reader, finger.reader_id)
    session.add(
        DeviceCommand(
            device_id=reader.device_id,
            reader_id=reader.id,
            command="delete_finger",
            slot=finger.slot,
            credential_id=finger.id,
        )
    )


def _free_slot(session: Session, reader: Reader) -> int:
    """Find a slot that no finger has, and none that its sensor has still to forget."""
    taken = select(Credential.slot).where(
        Credential.reader_id == reader.id, Credential.is_template_deleted.is_(False)
    )
    asked = select(DeviceCommand.slot).where(
        DeviceCommand.reader_id == reader.id, DeviceCommand.state == "pending"
    )
    used = {*session.scalars(taken), *session.scalars(asked)}
    slot = next((one for one in range(1, SLOTS) if one not in used), None)
    if slot is None:
        raise NotAllowed(f"All slots of {reader.name} are used.")
    return slot


def _ensure_on() -> None:
    if not setting("attendance_fingerprints"):
        raise NotAllowed("Fingerprints are switched off.")
