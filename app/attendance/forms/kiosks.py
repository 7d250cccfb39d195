"""What is sent from screens, and what is asked before one hangs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Request, abort
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.attendance.reckoning.clock import DeviceNow
from app.attendance.services import SentPunch
from app.core.forms import Form

MOST = 500
LONGEST_WORD = 100
MOST_SECONDS = 10**10
LARGEST = 2**62
NEEDED = InputRequired("This is needed.")


def _or_empty(text: str | None) -> str:
    return text or ""


class KioskPinForm(Form):
    """A number and a PIN, at a kiosk."""

    number = StringField("Employee number", [NEEDED, Length(max=LONGEST_WORD)])
    pin = PasswordField("PIN", [NEEDED, Length(max=LONGEST_WORD)])


class KioskForm(Form):
    """A screen that becomes a kiosk."""

    name = StringField("Name", [NEEDED, Length(max=80)])
    place = StringField("Place", [Length(max=LONGEST_WORD)], filters=[_or_empty])
    time_zone = StringField("Time zone", [Length(max=LONGEST_WORD)], filters=[_or_empty])


class Sent:
    """What the page of a kiosk sends, with its clock; 422 where that cannot be."""

    def __init__(self, request: Request) -> None:
        body = request.get_json(silent=True)
        if not isinstance(body, Mapping):
            abort(400, "This is no JSON.")
        self.clock = DeviceNow(
            datetime.now(UTC), _word(body, "boot_id"), _moment(body, "now"), _seconds(body)
        )
        self._read(body)

    def _read(self, body: Mapping[str, Any]) -> None:
        raise NotImplementedError


class SentState(Sent):
    """How many cards wait at a kiosk, and up to when none does."""

    def _read(self, body: Mapping[str, Any]) -> None:
        self.watermark = _moment(body, "watermark")
        queued = body.get("queued")
        if type(queued) is not int or not 0 <= queued < LARGEST:
            abort(422, "queued is a number.")
        self.queued = queued


class SentCards(Sent):
    """The cards that a kiosk has kept."""

    def _read(self, body: Mapping[str, Any]) -> None:
        sent = body.get("punches")
        if not isinstance(sent, list) or not 0 < len(sent) <= MOST:
            abort(422, f"From 1 to {MOST} punches at once.")
        self.punches = [_punch(one) for one in sent]


def _punch(one: Any) -> SentPunch:
    seq = one.get("device_seq") if isinstance(one, Mapping) else None
    if type(seq) is not int or not 0 < seq < LARGEST:
        abort(422, "A punch has a number.")
    return SentPunch(
        device_seq=seq,
        boot_id=_word(one, "boot_id"),
        credential=_word(one, "credential"),
        at=_moment(one, "at"),
        uptime=_seconds(one),
    )


def _word(body: Mapping[str, Any], name: str) -> str:
    word = body.get(name)
    if not isinstance(word, str) or not 0 < len(word) <= LONGEST_WORD:
        abort(422, f"{name} is a word.")
    return word


def _moment(body: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_word(body, name))
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        abort(422, f"{name} is a time with its offset.")
    return moment


def _seconds(body: Mapping[str, Any]) -> float:
    seconds = body.get("uptime")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        abort(422, "uptime is a number of seconds.")
    if not 0 <= seconds <= MOST_SECONDS:
        abort(422, "uptime is a number of seconds.")
    return float(seconds)
