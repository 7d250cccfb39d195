"""What devices are told of the punches that they sent: what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Device, PunchConflict
from app.attendance.services.sent_punches import SentPunch
from app.core.alerts import raise_alert

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


def answer_refused(
    refused: Mapping[int, str], punches: Sequence[SentPunch]
) -> dict[int, Answer]:
    """Say why some cannot be kept."""
    return {
        index: Answer(
            boot_id=punches[index].boot_id,
            device_seq=punches[index].device_seq,
            outcome="rejected",
            reason=why,
        )
        for index, why in refused.items()
    }


def answer_known(
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


def answer_new(session: Session, told: Sequence[Any], answers: Mapping[int, Answer]) -> None:
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
