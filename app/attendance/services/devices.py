"""Devices and their readers: made, watched, asked for something."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.models import ApiToken, User
from app.accounts.services import issue_device_token
from app.attendance import queries
from app.attendance.errors import NoDevice, NotAllowed
from app.attendance.models import (
    Device,
    DeviceBoot,
    DeviceCommand,
    DeviceState,
    Reader,
)
from app.attendance.permissions import PUNCH
from app.attendance.reckoning.clock import TOLERATED, DeviceNow
from app.attendance.rules import parse_zone
from app.core.alerts import close_alert, keep_alert
from app.core.checks import Rule, checked, named_when_taken, needed
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists
from app.core.settings import setting
from app.core.texts import parse_line

POLL, POLL_SOON = 30, 2  # seconds between heartbeats; the latter while somebody waits
WEB = "Web and phone"
RULES: dict[str, Rule] = {
    "name": needed(parse_line),
    "place": parse_line,
    "time_zone": parse_zone,
}


class NewDevice(NamedTuple):
    """A device and the secret of its token, which is nowhere kept."""

    device: Device
    secret: str


class ReaderState(NamedTuple):
    """What a device says of one of its readers."""

    name: str
    kind: str = ""
    is_present: bool = True
    refused_frames: int = 0


class Heartbeat(NamedTuple):
    """What a device says of itself; nothing is left in its spool of before `watermark`."""

    now: DeviceNow
    watermark: datetime | None = None
    queued: int = 0
    program: str = ""
    readers: Sequence[ReaderState] = ()


@named_when_taken
def create_device(*, by: User, name: str, kind: str, **values: Any) -> NewDevice:
    """Add a device, with a token that can do nothing but punch.

    Raises:
        AlreadyExists: Another one has the name.
        Invalid: A value does not fit, or whoever asks may not punch for a device.
    """
    with transaction() as session:
        kept = checked({"name": name, **values}, RULES)
        device = Device(kind=kind, **kept)
        _refuse_taken(session, device)
        issued = issue_device_token(by, name=f"Device {kept['name']}"[:100], scope=PUNCH)
        device.token_id = issued.token.id
        session.add(device)
    return NewDevice(device, issued.secret)


@named_when_taken
def revise_device(device_id: int, *, version: int | None, **changes: Any) -> Device:
    """Change a device as it was in `version`.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another one has the name.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        device = session.scalars(locked(queries.device(device_id), Device)).one()
        with session.no_autoflush:
            device.revise(version=version, **kept)
            _refuse_taken(session, device)
    return device


def renew_token(device_id: int, *, by: User) -> NewDevice:
    """Give a device another token; the one before ends at once."""
    with transaction() as session:
        device = session.scalars(locked(queries.device(device_id), Device)).one()
        if device.kind == "web":
            raise NotAllowed(f"{device.name} needs no token: people are signed in there.")
        _revoke(session, device)
        issued = issue_device_token(by, name=f"Device {device.name}"[:100], scope=PUNCH)
        device.token_id = issued.token.id
    return NewDevice(device, issued.secret)


def _revoke(session: Session, device: Device) -> None:
    ended = update(ApiToken).where(ApiToken.id == device.token_id)
    session.execute(ended.values(revoked_at=func.coalesce(ApiToken.revoked_at, func.now())))


def device_of_token(token_id: int | None) -> Device:
    """Give the device that a token belongs to.

    Raises:
        NoDevice: It belongs to none, or the device is switched off.
    """
    with transaction() as session:
        device = session.scalars(queries.device_with_token(token_id)).one_or_none()
    if device is None or not device.is_active:
        raise NoDevice("This token belongs to no device that is switched on.")
    return device


def web_device(session: Session) -> Device:
    """Give the device that punches from web and phone are noted under."""
    made = insert(Device).values(name=WEB, kind="web").on_conflict_do_nothing()
    found = select(Device).where(Device.kind == "web")
    device = session.scalars(found).one_or_none()
    if device is None:
        session.execute(made)
        device = session.scalars(found).one()
    return device


def note_heartbeat(device: Device, beat: Heartbeat) -> Sequence[DeviceCommand]:
    """Note what a device says of itself, and give what it is asked to do."""
    with transaction() as session:
        note_state(session, device, beat)
        for reader in beat.readers:
            _note_reader(session, device, reader, beat.now.received_at)
        _expire(session, device, beat.now.received_at)
        return session.scalars(queries.pending_commands(device.id)).all()


def note_state(session: Session, device: Device, beat: Heartbeat) -> None:
    """Note what a device says of its clock and its spool, in the caller's unit of work."""
    now, skew = beat.now, beat.now.skew
    seconds = None if skew is None else Decimal(str(round(skew.total_seconds(), 3)))
    row = insert(DeviceState).values(
        device_id=device.id,
        seen_at=now.received_at,
        watermark=_true_time(beat.watermark, skew),
        skew=seconds,
        queued=beat.queued,
        program=beat.program,
    )
    given = row.excluded
    renewed = {
        "seen_at": given.seen_at,
        "watermark": func.greatest(DeviceState.watermark, given.watermark),
        "skew": func.coalesce(given.skew, DeviceState.skew),
        "queued": given.queued,
        "program": func.coalesce(func.nullif(given.program, ""), DeviceState.program),
    }
    session.execute(row.on_conflict_do_update(index_elements=["device_id"], set_=renewed))
    if seconds is not None:
        _note_boot(session, device, now, seconds)
        _watch_clock(device, skew or timedelta())


def _true_time(moment: datetime | None, skew: timedelta | None) -> datetime | None:
    if moment is None or skew is None or abs(skew) <= TOLERATED:
        return moment
    return moment - skew


def _note_boot(session: Session, device: Device, now: DeviceNow, seconds: Decimal) -> None:
    row = insert(DeviceBoot).values(
        device_id=device.id, boot_id=now.boot_id, skew=seconds, measured_at=now.received_at
    )
    values = {"skew": row.excluded.skew, "measured_at": row.excluded.measured_at}
    keys = ["device_id", "boot_id"]
    session.execute(row.on_conflict_do_update(index_elements=keys, set_=values))


def _watch_clock(device: Device, skew: timedelta) -> None:
    """Tell of a clock that is off: punches are put right, but the device needs a look."""
    key = f"attendance:clock:{device.id}"
    if abs(skew) <= TOLERATED:
        close_alert(key)
        return
    way = "ahead" if skew > timedelta() else "behind"
    keep_alert(
        kind="attendance.clock",
        key=key,
        title=f"The clock of {device.name} is {way}",
        text="Its punches are put right by the time since it was switched on. Set its clock.",
        href=f"/attendance/devices/{device.id}",
    )


def _note_reader(
    session: Session, device: Device, said: ReaderState, seen_at: datetime
) -> None:
    row = insert(Reader).values(device_id=device.id, seen_at=seen_at, **said._asdict())
    names = ("seen_at", "kind", "is_present", "refused_frames")
    renewed = {name: row.excluded[name] for name in names}
    keys = ["device_id", "name"]
    session.execute(row.on_conflict_do_update(index_elements=keys, set_=renewed))


def reader_ids(
    session: Session, device: Device, names: set[str], seen_at: datetime
) -> dict[str, int]:
    """Give the ids of readers by their names; one that is new is made known."""
    if not names:
        return {}
    wanted = [
        {"device_id": device.id, "name": name, "seen_at": seen_at} for name in sorted(names)
    ]
    session.execute(insert(Reader).values(wanted).on_conflict_do_nothing())
    found = select(Reader.name, Reader.id).where(
        Reader.device_id == device.id, Reader.name.in_(names)
    )
    return {row.name: row.id for row in session.execute(found)}


def readers_in_use() -> Sequence[Reader]:
    """Give the readers of devices that are in use."""
    with transaction() as session:
        return session.scalars(queries.readers()).all()


def known_skews(session: Session, device: Device, boots: set[str]) -> dict[str, timedelta]:
    """Give how far off the clock was in earlier boots, as far as it was measured."""
    found = select(DeviceBoot.boot_id, DeviceBoot.skew).where(
        DeviceBoot.device_id == device.id, DeviceBoot.boot_id.in_(boots)
    )
    return {boot: timedelta(seconds=float(skew)) for boot, skew in session.execute(found)}


def poll_seconds(session: Session, device: Device) -> int:
    """Say how soon a device is to come again: sooner while somebody waits at a reader."""
    is_awaited = session.scalar(queries.waiting_captures(device.id, datetime.now(UTC)).limit(1))
    return POLL_SOON if is_awaited is not None else POLL


def _expire(session: Session, device: Device, now: datetime) -> None:
    late = update(DeviceCommand).where(
        DeviceCommand.device_id == device.id,
        DeviceCommand.state == "pending",
        DeviceCommand.expires_at < now,
    )
    session.execute(late.values(state="expired"))


def _refuse_taken(session: Session, device: Device) -> None:
    taken = select(Device.id).where(
        func.lower(Device.name) == func.lower(device.name),
        Device.id.is_distinct_from(device.id),
    )
    if session.scalar(taken) is not None:
        raise AlreadyExists("name", f"There is a device called {device.name} already.")


def watch_devices() -> None:
    """Tell of devices that are not heard: what people punch there waits, or is lost."""
    now = datetime.now(UTC)
    least = now - timedelta(minutes=setting("attendance_silent_minutes"))
    with transaction() as session:
        found = queries.devices().where(Device.kind != "web")
        for device in session.scalars(found.execution_options(populate_existing=True)):
            key = f"attendance:silent:{device.id}"
            heard = device.state.seen_at if device.state else None
            is_awaited = device.is_active and device.token_id is not None
            if not is_awaited or heard is None or heard >= least:
                close_alert(key)
                continue
            keep_alert(
                kind="attendance.silent",
                key=key,
                title=f"{device.name} is not heard",
                text=f"It was heard last at {heard:%Y-%m-%d %H:%M} UTC. What people punch "
                "there is kept there until it is heard again.",
                href=f"/attendance/devices/{device.id}",
            )


def end_command(
    device: Device,
    command_id: int,
    *,
    is_done: bool,
    message: str = "",
    finish: Callable[[Session, DeviceCommand], None],
) -> DeviceCommand:
    """Note what became of a command; one that has ended stays as it is.

    `finish` lets follow what the device has done.
    """
    with transaction() as session:
        found = queries.command(device.id, command_id)
        command = session.scalars(locked(found, DeviceCommand)).one()
        if command.state == "pending":
            command.state = "done" if is_done else "failed"
            command.message = message
            finish(session, command)
    return command
