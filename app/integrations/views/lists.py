"""The lists of one connection: its syncs, what it has rejected, and its outbox."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from app.core.pages import Asked, BulkAction, Column, ListPage, Nothing
from app.integrations.inbound.decisions import retry_rejected, settle_rejected
from app.integrations.outbox import queries as outbox
from app.integrations.outbox.models import OutboxMessage
from app.integrations.outbox.services import dismiss_messages, retry_messages
from app.integrations.sync import queries as sync
from app.integrations.sync.models import RejectedRecord, SyncRun
from app.integrations.views.blueprint import one

LIVE = "connections/_live.html"
EVENTS = ("connection:changed",)
Act = Callable[..., Mapping[str, Any]]


def crumbs(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Lead back to the connection that a list belongs to."""
    connection = one(about["connection_id"])
    here = url_for("connections.show", connection_id=connection.id)
    return [("Connections", url_for("connections.index")), (connection.name, here)]


def _takes_retries(about: Mapping[str, Any]) -> bool:
    return one(about["connection_id"]).is_live


def _runs(asked: Asked) -> Any:
    return sync.runs(one(asked.about["connection_id"]).id)


def _rejected(asked: Asked) -> Any:
    return sync.rejected(one(asked.about["connection_id"]).id)


def _outbox(asked: Asked) -> Any:
    return outbox.outbox(one(asked.about["connection_id"]).id)


def _asked_by(run: SyncRun) -> str:
    return run.actor if run.cause in ("person", "connect") else run.cause.capitalize()


def _record(row: RejectedRecord) -> str:
    kind = row.kind.replace("_", " ").capitalize()
    return f"{kind} {row.external_id or 'without a number'}"


def _said(message: OutboxMessage) -> str:
    number = f"Number {message.external_id}" if message.external_id else ""
    return message.reason or number


def _verb(name: str, label: str, question: str, act: Act, kind: str = "") -> BulkAction:
    return BulkAction(
        name=name,
        label=label,
        question=question,
        kind=kind,
        permission="integrations.sync",
        act_on_all=act,
        is_offered=_takes_retries,
    )


RUNS = ListPage(
    name="syncs",
    title="Syncs",
    permission="integrations.view",
    query=_runs,
    crumbs=crumbs,
    above=LIVE,
    key=SyncRun.id,
    sort="-id",
    href=lambda run: url_for(
        "connections.show_run", connection_id=run.connection_id, sync_id=run.id
    ),
    columns=(
        Column(
            name="mode",
            title="Sync",
            kind="cell",
            cell="connections/_cells.html:mode",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="connections/_cells.html:run_state",
            place="status",
        ),
        Column(
            name="read",
            title="Read",
            kind="cell",
            cell="connections/_cells.html:read",
            value="rows_in",
            place="num",
            label="Read",
        ),
        Column(name="changed", title="Changed", kind="number", value="rows_changed"),
        Column(name="rejected", title="Rejected", kind="number", value="rows_failed"),
        Column(name="gone", title="Gone", kind="number", value="rows_gone", place="wide"),
        Column(name="actor", title="Asked by", value=_asked_by, place="meta"),
        Column(
            name="id",
            title="Started",
            kind="moment",
            value=lambda run: run.started_at or run.created_at,
            sort=SyncRun.id,
            place="meta",
        ),
    ),
    nothing=Nothing(
        title="No syncs yet.", advice="Each one appears here with what it did.", icon="clock"
    ),
)

REJECTED = ListPage(
    name="rejected-records",
    title="Rejected records",
    subtitle="Records that could not be understood. All others went on.",
    permission="integrations.view",
    query=_rejected,
    crumbs=crumbs,
    above=LIVE,
    key=RejectedRecord.id,
    sort="-id",
    columns=(
        Column(
            name="record",
            title="Record",
            value=_record,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="reason", title="Why", place="wrap"),
        Column(
            name="excerpt",
            title="What it says",
            kind="cell",
            cell="connections/_cells.html:excerpt",
            place="wrap",
        ),
        Column(
            name="id",
            title="Since",
            kind="moment",
            value="created_at",
            sort=RejectedRecord.id,
            place="meta",
        ),
    ),
    events=EVENTS,
    nouns=("record", "records"),
    row_id=RejectedRecord.id,
    row_name=RejectedRecord.external_id,
    tick=lambda row: (row.id, f"{row.kind} {row.external_id}"),
    actions=(
        _verb("retry", "Try again", "Ask again for {count}?", retry_rejected, "primary"),
        _verb("settle", "Settled", "Hold {count} for settled by hand?", settle_rejected),
    ),
    nothing=Nothing(
        title="Nothing was rejected.",
        advice="Every record could be understood.",
        icon="check",
    ),
)

OUTBOX = ListPage(
    name="outbox",
    title="Outbox",
    subtitle="What goes back, each thing once. What waits goes out by itself.",
    permission="integrations.view",
    query=_outbox,
    crumbs=crumbs,
    above=LIVE,
    key=OutboxMessage.id,
    sort="-id",
    columns=(
        Column(
            name="label",
            title="What",
            kind="cell",
            cell="connections/_cells.html:message",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="connections/_cells.html:message_state",
            value="state_label",
            label="State",
        ),
        Column(name="said", title="What it said", value=_said, place="wrap"),
        Column(name="attempts", title="Tries", kind="number"),
        Column(
            name="id",
            title="Since",
            kind="moment",
            value="created_at",
            sort=OutboxMessage.id,
            place="meta",
        ),
    ),
    events=EVENTS,
    nouns=("message", "messages"),
    row_id=OutboxMessage.id,
    row_name=OutboxMessage.label,
    tick=lambda message: (message.id, message.label),
    actions=(
        _verb("retry", "Try again", "Send {count} again?", retry_messages, "primary"),
        _verb("dismiss", "Settled", "Hold {count} for settled by hand?", dismiss_messages),
    ),
    nothing=Nothing(
        title="Nothing was to be sent yet.",
        advice="What is to be sent appears here.",
        icon="check",
    ),
)
