"""Punches as devices send them: what can be kept of each, and when it was."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.attendance.models import Device
from app.attendance.reckoning.clock import DeviceNow, Timed, repaired
from app.attendance.reckoning.credentials import (
    CARD,
    FINGER,
    card_number,
    hash_card,
    hash_finger,
    slot_number,
)
from app.attendance.services.devices import known_skews, reader_ids
from app.attendance.services.keys import credential_key

SET_UP_BEFORE = timedelta(days=1)
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


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


class Batch(NamedTuple):
    """What is known for all punches of a batch."""

    device: Device
    now: DeviceNow
    key: bytes
    readers: Mapping[str, int]
    skews: Mapping[str, timedelta]


def batch_of(
    session: Session, device: Device, punches: Sequence[SentPunch], now: DeviceNow
) -> Batch:
    """Read what is known for all punches of a batch."""
    names = {one.reader for one in punches if one.reader}
    boots = {one.boot_id for one in punches}
    return Batch(
        device,
        now,
        credential_key(session),
        reader_ids(session, device, names, now.received_at),
        known_skews(session, device, boots),
    )


def read_rows(
    batch: Batch, punches: Sequence[SentPunch]
) -> tuple[dict[int, dict[str, Any]], dict[int, str]]:
    """Give what can be kept, and why the rest makes no sense, by the place in the batch."""
    rows: dict[int, dict[str, Any]] = {}
    refused: dict[int, str] = {}
    for index, sent in enumerate(punches):
        try:
            rows[index] = _row(batch, sent)
        except ValueError as error:
            refused[index] = str(error)
    return rows, refused


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
