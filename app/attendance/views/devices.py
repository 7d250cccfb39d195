"""Devices that people punch at: the list, the page of one, its token."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, make_response, render_template, url_for
from sqlalchemy import Select
from werkzeug import Response

from app.accounts.myself import by_me
from app.attendance import queries, services
from app.attendance.forms import DeviceForm, NewDeviceForm
from app.attendance.models import DEVICE_KINDS, Device
from app.core.pages import (
    Action,
    Asked,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
)

bp = Blueprint("attendance_devices", __name__, url_prefix="/attendance/devices")

SILENT = timedelta(minutes=10)
NEW = Link(
    label="New device",
    endpoint="attendance_devices.new",
    permission="attendance.enrol",
    kind="primary",
    icon="plus",
)


def _devices(_asked: Asked) -> Select[Any]:
    return queries.devices()


def state_of(device: Device) -> str:
    """Say whether a device is heard."""
    if not device.is_active:
        return "Off"
    if device.kind == "web":
        return "In use"
    if device.state is None:
        return "Never heard"
    return "Silent" if datetime.now(UTC) - device.state.seen_at > SILENT else "In use"


DEVICES = ListPage(
    name="attendance_devices",
    title="Devices",
    subtitle="Where people punch: computers with readers, and kiosks.",
    permission="attendance.enrol",
    query=_devices,
    key=Device.id,
    sort="name",
    href=lambda device: url_for("attendance_devices.show", device_id=device.id),
    columns=(
        Column(
            name="name",
            title="Name",
            sort=queries.DEVICE_SORTS["name"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="kind",
            title="What it is",
            sort=queries.DEVICE_SORTS["kind"],
            value=lambda device: DEVICE_KINDS[device.kind],
            place="meta",
        ),
        Column(name="place", title="Place", place="desk"),
        Column(name="state", title="State", kind="badge", value=state_of, place="status"),
        Column(
            name="queued",
            title="Waiting there",
            kind="number",
            value=lambda device: device.state.queued if device.state else None,
        ),
    ),
    links=(NEW,),
    events=("device:changed",),
    nouns=("device", "devices"),
    nothing=Nothing(
        title="No devices yet.",
        advice="Set one up: it gets a token that can do nothing but punch.",
        link=NEW,
        icon="clock",
    ),
)
DEVICE = Resource(
    name="device",
    area="attendance_devices",
    query=queries.device,
    rule="/<int:device_id>",
    keys={"device_id": "id"},
    event="device:changed",
)


def _show_token(_device: Any, made: services.NewDevice) -> Response:
    page = render_template("attendance/devices/token.html", made=made)
    return make_response(page)


_verb = partial(Action, resource=DEVICE, permission="attendance.enrol")
create = _verb(
    name="create",
    is_new=True,
    title="New device",
    submit="Set up",
    is_page=True,
    form=NewDeviceForm,
    act=by_me(services.create_device),
    reply=_show_token,
)
update = _verb(
    name="update",
    title="Edit",
    heading="Edit {0.name}",
    form=DeviceForm,
    act=services.revise_device,
    done="{0.name} is saved.",
    icon="edit",
)
renew = _verb(
    name="create_token",
    path="/tokens",
    title="New token",
    question="Give {0.name} another token? The one that it has ends at once.",
    confirm="New token",
    act=by_me(services.renew_token),
    reply=_show_token,
    icon="key",
    when=lambda device: device.kind != "web",
)
device_page = RecordPage(
    resource=DEVICE,
    query=queries.device_page,
    permission="attendance.enrol",
    heading="{0.name}",
    subtitle=state_of,
    crumbs=lambda _device: [("Devices", url_for("attendance_devices.index"))],
    buttons=(update, renew),
    body="attendance/devices/_device.html",
    context=lambda device: {"kind": DEVICE_KINDS[device.kind]},
)

DEVICES.add_to(bp)
device_page.add_to(bp)
for action in (create, update, renew):
    action.add_to(bp)
