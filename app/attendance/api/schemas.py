"""Shapes of attendance that several calls share."""

import marshmallow as ma

from app.attendance.models import DIRECTIONS, PUNCH_KINDS, VERDICTS

WORD = ma.validate.Length(min=1, max=100)
MOST_PUNCHES = 500
OUTCOMES = (
    *("accepted", "duplicate", "debounced", "unknown_credential", "unsure_time", "inactive"),
    *("captured", "conflict", "rejected"),
)


class SentPunchSchema(ma.Schema):
    """A punch as a device sends it.

    Of a card the decimal number that was read; of a finger the number of its slot, and then
    the reader is needed. `uptime` is in seconds since the device was switched on.
    """

    device_seq = ma.fields.Int(required=True, strict=True, validate=ma.validate.Range(1, 2**62))
    boot_id = ma.fields.Str(
        validate=WORD, metadata={"description": "Of the punch; else that of the batch"}
    )
    reader = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    kind = ma.fields.Str(load_default="card", validate=ma.validate.OneOf(["card", "finger"]))
    credential = ma.fields.Str(required=True, validate=ma.validate.Length(max=100))
    at = ma.fields.AwareDateTime(required=True)
    uptime = ma.fields.Float(validate=ma.validate.Range(0, 10**10))


class SentPunchesSchema(ma.Schema):
    """A batch of punches, or a single one with its fields beside those of the batch.

    `now` and `uptime` are the device's clock at the moment of sending. Nothing is left in the
    spool of before the `watermark`.
    """

    boot_id = ma.fields.Str(required=True, validate=WORD)
    now = ma.fields.AwareDateTime()
    uptime = ma.fields.Float(validate=ma.validate.Range(0, 10**10))
    watermark = ma.fields.AwareDateTime()
    punches = ma.fields.List(
        ma.fields.Nested(SentPunchSchema), validate=ma.validate.Length(min=1)
    )
    device_seq = ma.fields.Int(strict=True, validate=ma.validate.Range(1, 2**62))
    reader = ma.fields.Str(validate=ma.validate.Length(max=100))
    kind = ma.fields.Str(validate=ma.validate.OneOf(["card", "finger"]))
    credential = ma.fields.Str(validate=ma.validate.Length(max=100))
    at = ma.fields.AwareDateTime()

    @ma.validates_schema
    def _one_or_many(self, body: dict[str, object], **_rest: object) -> None:
        single = [n for n in ("device_seq", "credential", "at") if n in body]
        if "punches" in body and single:
            raise ma.ValidationError("Give either punches or one punch.", single[0])
        if "punches" not in body:
            for name in ("device_seq", "credential", "at"):
                if name not in body:
                    raise ma.ValidationError("Missing data for required field.", name)


class PunchAnswerSchema(ma.Schema):
    """What became of a punch. A device may forget all but the rejected ones."""

    boot_id = ma.fields.Str()
    device_seq = ma.fields.Int()
    outcome = ma.fields.Str(validate=ma.validate.OneOf(OUTCOMES))
    punch_id = ma.fields.Int(allow_none=True)
    reason = ma.fields.Str()
    direction = ma.fields.Str(allow_none=True, validate=ma.validate.OneOf(["", *DIRECTIONS]))
    employee = ma.fields.Str(allow_none=True)
    minutes_today = ma.fields.Int(allow_none=True)


class PunchAnswersSchema(ma.Schema):
    """What became of each, in the order sent; all of it is durable."""

    server_time = ma.fields.AwareDateTime()
    items = ma.fields.List(ma.fields.Nested(PunchAnswerSchema))


class ReaderStateSchema(ma.Schema):
    """A reader, as its device sees it."""

    name = ma.fields.Str(required=True, validate=WORD)
    kind = ma.fields.Str(load_default="", validate=ma.validate.Length(max=20))
    is_present = ma.fields.Bool(load_default=True)
    refused_frames = ma.fields.Int(
        strict=True, load_default=0, validate=ma.validate.Range(0, 2**62)
    )


class HeartbeatSchema(ma.Schema):
    """What a device says of itself."""

    boot_id = ma.fields.Str(required=True, validate=WORD)
    now = ma.fields.AwareDateTime(required=True)
    uptime = ma.fields.Float(load_default=None, validate=ma.validate.Range(0, 10**10))
    watermark = ma.fields.AwareDateTime(load_default=None)
    queued = ma.fields.Int(strict=True, load_default=0, validate=ma.validate.Range(0, 2**62))
    version = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    readers = ma.fields.List(
        ma.fields.Nested(ReaderStateSchema),
        load_default=list,
        validate=ma.validate.Length(max=100),
    )


class CommandSchema(ma.Schema):
    """What a device is to do with one of its sensors."""

    id = ma.fields.Int()
    command = ma.fields.Str()
    reader = ma.fields.Str(attribute="reader.name")
    slot = ma.fields.Int()
    expires_at = ma.fields.AwareDateTime(allow_none=True)


class HeartbeatAnswerSchema(ma.Schema):
    """When to come again, and what is to be done."""

    server_time = ma.fields.AwareDateTime()
    skew_seconds = ma.fields.Float(allow_none=True)
    poll_seconds = ma.fields.Int()
    commands = ma.fields.List(ma.fields.Nested(CommandSchema))


class CommandResultSchema(ma.Schema):
    """What became of a command."""

    is_done = ma.fields.Bool(required=True)
    message = ma.fields.Str(load_default="", validate=ma.validate.Length(max=300))


class CommandStateSchema(ma.Schema):
    """Where a command stands."""

    id = ma.fields.Int()
    state = ma.fields.Str()


class PinPunchSchema(ma.Schema):
    """Who punches at a kiosk; `intent` is empty where the state says what it is."""

    number = ma.fields.Str(required=True, validate=WORD)
    pin = ma.fields.Str(required=True, validate=ma.validate.Length(max=20))
    intent = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *DIRECTIONS]))


class PunchSchema(ma.Schema):
    """A punch as it is kept, and what became of it. What a card's number was nobody knows."""

    id = ma.fields.Int()
    device = ma.fields.Str(attribute="device.name")
    reader = ma.fields.Function(
        lambda punch: punch.reader.name if punch.reader else None,
        metadata={"type": ["string", "null"]},
    )
    boot_id = ma.fields.Str()
    device_seq = ma.fields.Int()
    kind = ma.fields.Str(validate=ma.validate.OneOf([*PUNCH_KINDS]))
    at = ma.fields.AwareDateTime(metadata={"description": "Put right, if the clock was off"})
    device_time = ma.fields.AwareDateTime()
    device_offset = ma.fields.Int(metadata={"description": "Minutes east of UTC"})
    received_at = ma.fields.AwareDateTime()
    clock_skew = ma.fields.Float(allow_none=True, metadata={"description": "Seconds ahead"})
    note = ma.fields.Str()
    outcome = ma.fields.Function(
        lambda punch: punch.verdict.outcome if punch.verdict else None,
        metadata={"type": ["string", "null"], "enum": [*VERDICTS, None]},
    )
    direction = ma.fields.Function(
        lambda punch: punch.verdict.direction if punch.verdict else "",
        metadata={"type": "string"},
    )
    employee_id = ma.fields.Function(
        lambda punch: punch.verdict.employee_id if punch.verdict else None,
        metadata={"type": ["integer", "null"]},
    )


class WorkSessionSchema(ma.Schema):
    """Time at work. `breaks` are pairs of moments; an open one has neither end nor seconds."""

    id = ma.fields.Int()
    employee_id = ma.fields.Int()
    employee = ma.fields.Str(attribute="employee.name")
    employee_number = ma.fields.Str(attribute="employee.number")
    day = ma.fields.Date()
    zone = ma.fields.Str()
    shift_id = ma.fields.Int(allow_none=True)
    planned_begin = ma.fields.AwareDateTime(allow_none=True)
    planned_end = ma.fields.AwareDateTime(allow_none=True)
    begin_at = ma.fields.AwareDateTime()
    end_at = ma.fields.AwareDateTime(allow_none=True)
    breaks = ma.fields.List(ma.fields.List(ma.fields.Str(allow_none=True)))
    break_seconds = ma.fields.Int()
    seconds = ma.fields.Int(allow_none=True, metadata={"description": "Worked"})
    closes_until = ma.fields.AwareDateTime()


class KeptSchema(ma.Schema):
    """All that is kept of somebody: the rows of each kind, the newest first."""

    made_at = ma.fields.AwareDateTime(required=True)
    kept_since = ma.fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Nothing is kept of before; null: nothing is ever forgotten"},
    )
    parts = ma.fields.Dict(
        keys=ma.fields.Str(),
        values=ma.fields.List(ma.fields.Dict(keys=ma.fields.Str())),
        required=True,
    )


class PresentSchema(ma.Schema):
    """Who is at work now."""

    items = ma.fields.List(ma.fields.Nested(WorkSessionSchema), required=True)
