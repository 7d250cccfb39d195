"""Punches arrive once, whatever happens on their way: by device, boot and sequence.

A batch is one transaction: what is answered is durable, with all that follows from it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.events import AttendanceChanged, CaptureChanged, PunchesRecorded
from app.attendance.models import Capture, Device, Punch
from app.attendance.reckoning.credentials import CARD
from app.attendance.services.answering import (
    Answer,
    answer_known,
    answer_new,
    answer_refused,
)
from app.attendance.services.deriving import derive_punches, rederive
from app.attendance.services.devices import Heartbeat, note_state
from app.attendance.services.enrolling import assign_capture
from app.attendance.services.rows import as_json
from app.attendance.services.sent_punches import SentPunch, batch_of, read_rows
from app.core.db import retried, transaction
from app.core.events import publish

LIVE = timedelta(minutes=10)  # older punches are news to no kiosk
GREETED = 3  # of a batch: a screen shows one at a time, and nobody stands there for longer
NAMES = (
    "device_id, boot_id, device_seq, reader_id, kind, credential_hash, at, device_time,"
    " device_offset, received_at, clock_skew, is_unsure, content_hash, capture_id"
)
# In one order: of two batches with the same punches the second waits for the first.
NEW_PUNCHES = f"""
INSERT INTO punch ({NAMES})
SELECT {NAMES} FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(
    device_id bigint, boot_id text, device_seq bigint, reader_id bigint, kind text,
    credential_hash text, at timestamptz, device_time timestamptz, device_offset bigint,
    received_at timestamptz, clock_skew numeric, is_unsure boolean, content_hash text,
    capture_id bigint)
ORDER BY boot_id, device_seq
ON CONFLICT (device_id, boot_id, device_seq) DO NOTHING
RETURNING boot_id, device_seq, id, content_hash
"""  # noqa: S608


@retried
def take_punches(device: Device, punches: Sequence[SentPunch], beat: Heartbeat) -> list[Answer]:
    """Keep punches, each once, and answer what became of each, in their order."""
    with transaction() as session:
        note_state(session, device, beat)
        batch = batch_of(session, device, punches, beat.now)
        rows, refused = read_rows(batch, punches)
        answers = answer_refused(refused, punches)
        _capture(session, rows)
        fresh = _insert(session, rows)
        answer_known(session, device, rows, fresh, answers, punches)
        new_ids = [row["id"] for row in fresh.values()]
        derive_punches(session, new_ids)
        told = session.execute(queries.verdicts_told(new_ids)).all()
        answer_new(session, told, answers)
        _announce(device, told, beat.now.received_at)
    return [answers[index] for index in range(len(punches))]


def _capture(session: Session, rows: Mapping[int, dict[str, Any]]) -> None:
    """Let a card serve whoever waits for one at its reader: the first of the batch does."""
    ids = {row["reader_id"] for row in rows.values() if row["kind"] == CARD} - {None}
    if not ids:
        return
    waiting = session.scalars(queries.captures_to_serve(ids)).all()
    for capture in waiting:
        fit = (
            row
            for row in sorted(rows.values(), key=lambda row: row["at"])
            if row["reader_id"] == capture.reader_id
            and row["kind"] == CARD
            and row["capture_id"] is None
            and capture.created_at <= row["at"] <= capture.expires_at
        )
        if row := next(fit, None):
            row["capture_id"] = capture.id


def _insert(
    session: Session, rows: Mapping[int, dict[str, Any]]
) -> dict[tuple[str, int], dict[str, Any]]:
    """Write punches that are not there yet; give those, by their keys, with their ids."""
    if not rows:
        return {}
    fresh: dict[tuple[str, int], dict[str, Any]] = {}
    by_key = {(row["boot_id"], row["device_seq"]): row for row in [*rows.values()][::-1]}
    made = session.execute(text(NEW_PUNCHES), {"rows": as_json([*rows.values()])})
    for boot, seq, punch_id, content in made:
        row = by_key[boot, seq]
        fresh[boot, seq] = row | {"id": punch_id, "content_hash": content}
        if row["capture_id"] is not None:
            _serve(session, row)
    return fresh


def _serve(session: Session, row: Mapping[str, Any]) -> None:
    served = update(Capture).where(Capture.id == row["capture_id"])
    captured = {"state": "captured", "credential_hash": row["credential_hash"]}
    session.execute(served.values(captured))
    assign_capture(session, row["capture_id"])
    publish(CaptureChanged(capture_id=row["capture_id"]))


def _announce(device: Device, told: Sequence[Any], now: datetime) -> None:
    """Tell kiosks and boards once of a batch: of what is new, or that older sessions differ."""
    fresh = [row.punch_id for row in told if now - row.at <= LIVE]
    if fresh:
        publish(PunchesRecorded(device_id=device.id, punch_ids=fresh[-GREETED:]))
    elif told:
        publish(AttendanceChanged(employees=len({row.employee_id for row in told})))


def punch_by_hand(
    session: Session,
    device: Device,
    employee_id: int,
    *,
    kind: str,
    intent: str = "",
    note: str = "",
) -> Punch:
    """Keep a punch of somebody who is known already: by PIN at a kiosk, or signed in.

    It happens now, by our own clock.
    """
    now = datetime.now(UTC)
    seq = session.scalar(queries.NEXT_WEB_PUNCH)
    punch = Punch(
        device_id=device.id,
        boot_id=kind,
        device_seq=seq,
        kind=kind,
        employee_id=employee_id,
        at=now,
        device_time=now,
        device_offset=0,
        received_at=now,
        clock_skew=None,
        intent=intent,
        note=note,
        content_hash=sha256(f"{kind}:{seq}".encode()).hexdigest(),
    )
    session.add(punch)
    session.flush()
    rederive(session, {employee_id: now})
    _announce(device, session.execute(queries.verdicts_told([punch.id])).all(), now)
    return punch


def find_punch(punch_id: int) -> Punch:
    """Give a punch."""
    with transaction() as session:
        return session.scalars(select(Punch).where(Punch.id == punch_id)).one()
