"""What calls about connections take and give."""

import marshmallow as ma

from app.core.api import PageQuery, Sort
from app.integrations.hub.models import STATES
from app.integrations.inbound import decisions
from app.integrations.inbound.catalog import OURS, THEIRS
from app.integrations.inbound.models import RecordLink
from app.integrations.outbox.models import OUTBOX_STATES, OutboxMessage
from app.integrations.sync.models.runs import MODES, RUN_STATES

MOST = 500  # records that one call decides about


class SignInFieldSchema(ma.Schema):
    """Something that is typed to get in."""

    name = ma.fields.Str()
    label = ma.fields.Str()
    is_secret = ma.fields.Bool()
    is_required = ma.fields.Bool()
    help = ma.fields.Str()


class SignInMethodSchema(ma.Schema):
    """One way into a system that takes credentials."""

    name = ma.fields.Str()
    label = ma.fields.Str()
    help = ma.fields.Str()
    fields_ = ma.fields.List(ma.fields.Nested(SignInFieldSchema), data_key="fields")


class SystemStreamSchema(ma.Schema):
    """Records of one kind that are read."""

    kind = ma.fields.Str()
    label = ma.fields.Str()


class SystemSchema(ma.Schema):
    """An outside system that can be connected."""

    name = ma.fields.Str()
    label = ma.fields.Str()
    about = ma.fields.Str()
    streams = ma.fields.List(ma.fields.Nested(SystemStreamSchema))
    takes_writes = ma.fields.Bool()
    signs_in = ma.fields.Bool(
        metadata={"description": "A person signs in there, in a browser; else credentials do"}
    )
    methods = ma.fields.List(
        ma.fields.Nested(SignInMethodSchema),
        metadata={"description": "Empty if a person signs in"},
    )


class ConnectionSchema(ma.Schema):
    """One account at an outside system. Nothing secret is ever shown."""

    id = ma.fields.Int()
    system = ma.fields.Str()
    account = ma.fields.Str(metadata={"description": "As the system numbers it"})
    name = ma.fields.Str()
    environment = ma.fields.Str(metadata={"description": "Or the way in"})
    address = ma.fields.Str()
    status = ma.fields.Str(validate=ma.validate.OneOf([*STATES, "paused"]))
    problem = ma.fields.Str(allow_none=True)
    problem_at = ma.fields.DateTime(allow_none=True)
    connected_at = ma.fields.DateTime()
    paused_at = ma.fields.DateTime(allow_none=True)
    disconnected_at = ma.fields.DateTime(allow_none=True)
    last_synced_at = ma.fields.DateTime(allow_none=True)
    sign_in_ends_at = ma.fields.DateTime(
        attribute="hard_expires_at",
        allow_none=True,
        metadata={"description": "When a person has to sign in again whatever happens"},
    )


class ConnectionStateSchema(ConnectionSchema):
    """A connection with what it holds, and how much waits for somebody."""

    mirrored = ma.fields.Dict(
        keys=ma.fields.Str(), values=ma.fields.Int(), metadata={"description": "By kind"}
    )
    matches = ma.fields.Int(metadata={"description": "Doubtful ones"})
    rejected = ma.fields.Int()
    outbox_waiting = ma.fields.Int()
    outbox_refused = ma.fields.Int()


class ConnectionCredentialsSchema(ma.Schema):
    """What lets us in: it is kept sealed, and never shown."""

    system = ma.fields.Str(required=True)
    address = ma.fields.Str(required=True, validate=ma.validate.Length(max=500))
    method = ma.fields.Str(required=True)
    credentials = ma.fields.Dict(
        keys=ma.fields.Str(),
        values=ma.fields.Str(),
        required=True,
        metadata={"description": "By the names of the method's fields"},
    )


class ConnectionCheckSchema(ma.Schema):
    """What a trial has shown about one thing."""

    label = ma.fields.Str()
    said = ma.fields.Str()
    is_bad = ma.fields.Bool()


class NewSyncSchema(ma.Schema):
    """What is to be read."""

    mode = ma.fields.Str(
        load_default="changes", validate=ma.validate.OneOf(["changes", "full"])
    )


class SyncSchema(ma.Schema):
    """One sync, from its cause to its end."""

    id = ma.fields.Int()
    mode = ma.fields.Str(validate=ma.validate.OneOf([*MODES]))
    cause = ma.fields.Str()
    actor = ma.fields.Str()
    state = ma.fields.Str(
        validate=ma.validate.OneOf(RUN_STATES),
        metadata={"description": "asking: so much has vanished that somebody has to decide"},
    )
    job_id = ma.fields.Int(attribute="job_run_id", allow_none=True)
    created_at = ma.fields.DateTime()
    started_at = ma.fields.DateTime(allow_none=True)
    finished_at = ma.fields.DateTime(allow_none=True)
    expected = ma.fields.Int(allow_none=True)
    read = ma.fields.Int(attribute="rows_in")
    changed = ma.fields.Int(attribute="rows_changed")
    rejected = ma.fields.Int(attribute="rows_failed")
    gone = ma.fields.Int(attribute="rows_gone")
    problem = ma.fields.Str(allow_none=True)
    log = ma.fields.List(ma.fields.Dict())


class MatchSchema(ma.Schema):
    """A record there that may be one of ours."""

    id = ma.fields.Int()
    kind = ma.fields.Str()
    external_id = ma.fields.Str()
    record_id = ma.fields.Int(allow_none=True, metadata={"description": "The one of ours"})
    reason = ma.fields.Str()
    created_at = ma.fields.DateTime()


class RejectedSchema(ma.Schema):
    """A record that could not be taken, and why."""

    id = ma.fields.Int()
    kind = ma.fields.Str()
    external_id = ma.fields.Str()
    stage = ma.fields.Str(metadata={"description": "read, or apply: when ours should follow"})
    reason = ma.fields.Str()
    excerpt = ma.fields.Str()
    created_at = ma.fields.DateTime()


class OutboxSchema(ma.Schema):
    """One thing that is or was to be told."""

    id = ma.fields.Int()
    label = ma.fields.Str()
    subject_type = ma.fields.Str()
    subject_id = ma.fields.Int()
    state = ma.fields.Str(validate=ma.validate.OneOf([*OUTBOX_STATES]))
    attempts = ma.fields.Int()
    due_at = ma.fields.DateTime()
    reason = ma.fields.Str(allow_none=True)
    external_id = ma.fields.Str(allow_none=True)
    sent_at = ma.fields.DateTime(allow_none=True)
    created_at = ma.fields.DateTime()


class ChosenSchema(ma.Schema):
    """Which records are meant, by their ids here."""

    ids = ma.fields.List(
        ma.fields.Int(strict=True), required=True, validate=ma.validate.Length(min=1, max=MOST)
    )


class DecisionSchema(ChosenSchema):
    """What is said of doubtful matches."""

    decision = ma.fields.Str(
        required=True,
        validate=ma.validate.OneOf([*decisions.DECISIONS]),
        metadata={
            "description": "same: it is ours; separate: make a new one; ignore: leave it"
        },
    )


class RefusedSchema(ma.Schema):
    """One that it was not done for, and why."""

    record = ma.fields.Str()
    reason = ma.fields.Str()


class DecidedSchema(ma.Schema):
    """How many it was done for."""

    done = ma.fields.Int()
    refused = ma.fields.Int()
    errors = ma.fields.List(ma.fields.Nested(RefusedSchema))


class PrecedenceSchema(ma.Schema):
    """Per field, whose value stays where both sides have one: `product.price` -> ours."""

    fields_ = ma.fields.Dict(
        data_key="fields",
        keys=ma.fields.Str(),
        values=ma.fields.Str(validate=ma.validate.OneOf([THEIRS, OURS])),
        required=True,
    )


class PrecedenceChangeSchema(PrecedenceSchema):
    """What is not named is as it was, and so is what `was` says it was already."""

    was = ma.fields.Dict(
        keys=ma.fields.Str(),
        values=ma.fields.Str(validate=ma.validate.OneOf([THEIRS, OURS])),
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The fields as they were read: those that are sent as they were "
            "stay as others have set them since"
        },
    )


DOUBTS, MESSAGES = {"id": RecordLink.id}, {"id": OutboxMessage.id}


class OutboxQuery(PageQuery):
    """Filters of the outbox."""

    sort = Sort(MESSAGES, default="-id")
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *OUTBOX_STATES]))


class MatchQuery(PageQuery):
    """Filters of doubtful matches."""

    sort = Sort(DOUBTS)
    kind = ma.fields.Str(load_default="")
