"""Selects over devices, their readers, and whoever waits for a card there."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.attendance.models import Capture, Device, DeviceCommand, DeviceState, Reader

DEVICE_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "name": func.lower(Device.name),
    "kind": Device.kind,
}


def devices() -> Select[Device]:
    """All devices, with what they said last."""
    return select(Device).options(joinedload(Device.state))


def device(device_id: int) -> Select[Device]:
    """One device."""
    return select(Device).where(Device.id == device_id)


def device_page(device_id: int) -> Select[Device]:
    """One device with its readers and what it said last."""
    return device(device_id).options(joinedload(Device.state), selectinload(Device.readers))


def device_with_token(token_id: int | None) -> Select[Device]:
    """The device that a token belongs to."""
    return select(Device).where(Device.token_id == token_id)


def readers() -> Select[Reader]:
    """Readers of devices that are in use, by device and name."""
    return (
        select(Reader)
        .join(Device)
        .where(Device.is_active)
        .options(joinedload(Reader.device))
        .order_by(func.lower(Device.name), Reader.name)
    )


def reader(reader_id: int) -> Select[Reader]:
    """One reader, with its device."""
    return select(Reader).where(Reader.id == reader_id).options(joinedload(Reader.device))


def pending_commands(device_id: int) -> Select[DeviceCommand]:
    """What a device is asked to do, the oldest first."""
    return (
        select(DeviceCommand)
        .where(DeviceCommand.device_id == device_id, DeviceCommand.state == "pending")
        .options(joinedload(DeviceCommand.reader))
        .order_by(DeviceCommand.id)
    )


def command(device_id: int, command_id: int) -> Select[DeviceCommand]:
    """One command of a device."""
    return select(DeviceCommand).where(
        DeviceCommand.device_id == device_id, DeviceCommand.id == command_id
    )


def waiting_captures(device_id: int, now: datetime) -> Select[int]:
    """Whether somebody waits at one of the readers of a device."""
    return (
        select(Capture.id)
        .join(Reader)
        .where(
            Reader.device_id == device_id,
            Capture.state == "waiting",
            Capture.expires_at > now,
        )
    )


def captures_to_serve(reader_ids: Collection[int]) -> Select[Capture]:
    """Those that wait for a card at some readers, the first first; they are locked."""
    return (
        select(Capture)
        .where(
            Capture.reader_id.in_(reader_ids),
            Capture.state == "waiting",
            Capture.kind == "card",
        )
        .order_by(Capture.id)
        .with_for_update()
    )


def capture(capture_id: int) -> Select[Capture]:
    """One of those that wait, with its reader."""
    return (
        select(Capture)
        .where(Capture.id == capture_id)
        .options(
            joinedload(Capture.reader).joinedload(Reader.device), joinedload(Capture.employee)
        )
    )


def least_watermark() -> Select[datetime]:
    """Up to when all devices that are in use, and were ever heard, have told everything."""
    return (
        select(func.min(func.coalesce(DeviceState.watermark, DeviceState.seen_at)))
        .join(Device)
        .where(Device.is_active, Device.kind != "web")
    )
