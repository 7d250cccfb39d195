"""Punches arrive once, whatever happens on their way: by device, boot and sequence.

A batch is one transaction: what is answered is durable, with all that follows from it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.events import AttendanceChanged, CaptureChanged, PunchesRecorded
from app.attendance.models import Capture, Device, Punch, PunchConflict
from app.attendance.reckoning.clock import DeviceNow, Timed, repaired
from app.attendance.reckoning.credentials import (
    CARD,
    FINGER,
    card_number,
    hash_card,
    hash_finger,
    slot_number,
)
from app.attendance.services.deriving import derive_punches, rederive
from app.attendance.services.devices import (
    Heartbeat,
    known_skews,
    note_state,
    reader_ids,
)
from app.attendance.services.enrolling import assign_capture
from app.attendance.services.keys import credential_key
from app.attendance.services.rows import as_json
from app.core.alerts import raise_alert
from app.core.db import retried, transaction
from app.core.events import publish

LIVE = timedelta(minutes=10)  # older punches are news to no kiosk
GREETED = 3  # of a batch: a screen shows one at a time, and nobody stands there for longer
SET_UP_BEFORE = timedelta(days=1)
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
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# What programs are told, where that is another word than ours.
TOLD = {
    "duplicate": "debounced",
    "repeated": "accepted",
    "stray": "accepted",
    "unknown": "unknown_credential",
    "unsure": "unsure_time",
    "revoked": "inactive",
    "void": "accepted",
}


class SentPunch(NamedTuple):
    """A punch as a device sends it."""

    device_seq: int
    boot_id: str
    credential: str
    at: datetime
    kind: str = CARD
    reader: str = ""
    uptime: float | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What it is known by, on its device."""
        return self.boot_id, self.device_seq


@dataclass(slots=True, kw_only=True)
class Answer:
    """What became of a punch; `direction` and the rest are told of those that count."""

    boot_id: str
    device_seq: int
    outcome: str
    punch_id: int | None = None
    reason: str = ""
    direction: str | None = None
    employee: str | None = None
    minutes_today: int | None = None


class Batch(NamedTuple):
    """What is known for all punches of a batch."""

    device: Device
    now: DeviceNow
    key: bytes
    readers: Mapping[str, int]
    skews: Mapping[str, timedelta]


@retried
def take_punches(device: Device, punches: Sequence[SentPunch], beat: Heartbeat) -> list[Answer]:
    """Keep punches, each once, and answer what became of each, in their order."""
    with transaction() as session:
        note_state(session, device, beat)
        batch = _batch(session, device, punches, beat.now)
        answers, rows = _read(batch, punches)
        _capture(session, rows)
        fresh = _insert(session, rows)
        _answer_known(session, device, rows, fresh, answers, punches)
        new_ids = [row["id"] for row in fresh.values()]
        derive_punches(session, new_ids)
        told = session.execute(queries.verdicts_told(new_ids)).all()
        _answer_new(session, told, answers)
        _announce(device, told, beat.now.received_at)
    return [answers[index] for index in range(len(punches))]


def _batch(
    session: Session, device: Device, punches: Sequence[SentPunch], now: DeviceNow
) -> Batch:
    names = {one.reader for one in punches if one.reader}
    boots = {one.boot_id for one in punches}
    return Batch(
        device,
        now,
        credential_key(session),
        reader_ids(session, device, names, now.received_at),
        known_skews(session, device, boots),
    )


def _read(
    batch: Batch, punches: Sequence[SentPunch]
) -> tuple[dict[int, Answer], dict[int, dict[str, Any]]]:
    """Tell what can be kept from what makes no sense, by the place in the batch."""
    answers: dict[int, Answer] = {}
    rows: dict[int, dict[str, Any]] = {}
    for index, sent in enumerate(punches):
        try:
            rows[index] = _row(batch, sent)
        except ValueError as error:
            answers[index] = Answer(
                boot_id=sent.boot_id,
                device_seq=sent.device_seq,
                outcome="rejected",
                reason=str(error),
            )
    return answers, rows


def _row(batch: Batch, sent: SentPunch) -> dict[str, Any]:
    if not FIRST <= sent.at <= LAST:
        raise ValueError("The time is none that a clock of our days can have.")
    credential_hash = _hash(batch, sent)
    timed = _timed(batch, sent)
    offset = sent.at.utcoffset() or timedelta()
    return {
        "device_id": batch.device.id,
        "boot_id": sent.boot_id,
        "device_seq": sent.device_seq,
        "reader_id": batch.readers.get(sent.reader),
        "kind": sent.kind,
        "credential_hash": credential_hash,
        "at": timed.at,
        "device_time": sent.at,
        "device_offset": offset // timedelta(minutes=1),
        "received_at": batch.now.received_at,
        "clock_skew": _seconds(timed.skew),
        "is_unsure": timed.is_unsure,
        "content_hash": _content(sent, credential_hash),
        "capture_id": None,
    }


def _timed(batch: Batch, sent: SentPunch) -> Timed:
    return repaired(
        sent.at,
        boot_id=sent.boot_id,
        uptime=sent.uptime,
        device=batch.now,
        known_skew=batch.skews.get(sent.boot_id),
        earliest=batch.device.created_at - SET_UP_BEFORE,
    )


def _hash(batch: Batch, sent: SentPunch) -> str:
    if sent.kind == FINGER:
        if sent.reader not in batch.readers:
            raise ValueError("A finger needs the reader that its slot is in.")
        slot = slot_number(sent.credential)
        return hash_finger(batch.key, batch.readers[sent.reader], slot)
    return hash_card(batch.key, card_number(sent.credential))


def _seconds(skew: timedelta | None) -> Decimal | None:
    if skew is None or abs(skew) > timedelta(days=36_500):
        return None
    return Decimal(str(round(skew.total_seconds(), 3)))


def _content(sent: SentPunch, credential_hash: str) -> str:
    """Hash what a punch says, so that another one under its key is noticed."""
    said = [sent.boot_id, sent.device_seq, sent.kind, sent.reader, credential_hash]
    moment = sent.at.astimezone(UTC).isoformat()
    return sha256(json.dumps([*said, moment]).encode()).hexdigest()


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


def _answer_known(
    session: Session,
    device: Device,
    rows: Mapping[int, dict[str, Any]],
    fresh: Mapping[tuple[str, int], dict[str, Any]],
    answers: dict[int, Answer],
    punches: Sequence[SentPunch],
) -> None:
    """Answer punches whose key was there: the same again, or an alarm."""
    spare = {key: row["content_hash"] for key, row in fresh.items()}
    met: list[tuple[int, dict[str, Any]]] = []
    for index, row in rows.items():
        key = row["boot_id"], row["device_seq"]
        if spare.get(key) == row["content_hash"]:
            del spare[key]
            answers[index] = _answer(row, "accepted", fresh[key]["id"])
        else:
            met.append((index, row))
    known = {
        (boot, seq): (punch_id, content)
        for boot, seq, punch_id, content in session.execute(
            queries.punches_by_key(device.id, [(r["boot_id"], r["device_seq"]) for _, r in met])
        )
    }
    for index, row in met:
        punch_id, content = known[row["boot_id"], row["device_seq"]]
        is_same = content == row["content_hash"]
        answers[index] = _answer(row, "duplicate" if is_same else "conflict", punch_id)
        if not is_same:
            _keep_conflict(session, device, punch_id, row, punches[index].reader)


def _answer(row: Mapping[str, Any], outcome: str, punch_id: int) -> Answer:
    return Answer(
        boot_id=row["boot_id"],
        device_seq=row["device_seq"],
        outcome=outcome,
        punch_id=punch_id,
    )


def _keep_conflict(
    session: Session, device: Device, punch_id: int, row: Mapping[str, Any], reader: str
) -> None:
    """Keep both, and say so: a spool that began anew under an old name loses punches."""
    names = ("content_hash", "kind", "credential_hash", "device_time")
    values = {name: row[name] for name in names}
    kept = insert(PunchConflict).values(punch_id=punch_id, reader=reader, **values)
    session.execute(kept.on_conflict_do_nothing())
    raise_alert(
        kind="attendance.conflict",
        key=f"attendance:conflict:{device.id}",
        title=f"{device.name} sends other punches under numbers that were used",
        text="Both are kept; only the first counts. Was its spool copied or restored?",
        href=f"/attendance/devices/{device.id}",
    )


def _answer_new(session: Session, told: Sequence[Any], answers: Mapping[int, Answer]) -> None:
    """Say what became of the new ones, and how long their people have worked that day."""
    found = {row.punch_id: row for row in told}
    people = {row.employee_id for row in found.values() if row.employee_id is not None}
    worked = {
        (row.employee_id, row.day): row
        for row in session.execute(queries.worked_on(people, _days(found.values())))
    }
    for answer in answers.values():
        row = found.get(answer.punch_id or 0)
        if row is None or answer.outcome != "accepted":
            continue
        answer.outcome = TOLD.get(row.outcome, row.outcome)
        if answer.outcome == "accepted":
            answer.direction, answer.employee = row.direction, row.name
            answer.minutes_today = _minutes(row, worked)


def _days(rows: Any) -> list[Any]:
    return sorted({row.day for row in rows if row.day is not None})


def _minutes(row: Any, worked: Mapping[Any, Any]) -> int:
    """How long was worked on the day of a punch, up to it."""
    found = worked.get((row.employee_id, row.day))
    if found is None:
        return 0
    seconds = found.seconds or 0
    if found.open_since is not None and row.at > found.open_since:
        seconds += (row.at - found.open_since).total_seconds()
    return int(seconds // 60)


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
