"""The list of all changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select

from app.core.audit.models import AuditEntry
from app.core.audit.queries import audit_entries
from app.core.audit.reading import ReadEntry, read
from app.core.audit.recorder import Audited
from app.core.db import Model
from app.core.pages import (
    Asked,
    Choice,
    Column,
    Cursor,
    Day,
    ListPage,
    Nothing,
    Search,
    Text,
)
from app.core.slices import slices
from app.core.web import local_time

NAMES = {"user_account": "User"}


def _changes(asked: Asked) -> Select[Any]:
    return audit_entries(
        search=asked["search"],
        record_type=asked["type"],
        actor=asked["person"],
        since=asked.begin_of("from"),
        before=asked.end_of("to"),
    )


def _types() -> list[tuple[str, str]]:
    """Every kind of record whose changes are kept, and what people call it."""
    mappers = [m for m in Model.registry.mappers if issubclass(m.class_, Audited)]
    # Besides tables, what slices tell of without having changed a row: sign-ins.
    told = slices().records.keys() - slices().documents.keys()
    tables = sorted({str(mapper.local_table) for mapper in mappers} | told)
    return [(table, _type_name(table)) for table in tables]


def _type_name(table: str) -> str:
    return NAMES.get(table, table.replace("_", " ").capitalize())


def _what(entry: ReadEntry) -> str:
    return f"{_type_name(entry.record_type)} {entry.action}"


def _told(entry: ReadEntry) -> str:
    """Write the changes for a file."""
    told = {name: [_text(one) for one in both] for name, both in entry.told.items()}
    return "; ".join(f"{name}: {old} → {new}" for name, (old, new) in told.items())


def _text(value: Any) -> str:
    return local_time(value) if isinstance(value, datetime) else str(value)


CHANGES = ListPage(
    name="audit",
    title="Audit",
    subtitle="Who changed what, and when. Nothing here can be changed.",
    permission="audit.view",
    query=_changes,
    prepare=read,
    cursor=Cursor(columns=(AuditEntry.id,)),
    css="tight",
    filters=(
        Search(label="Name of the record"),
        Choice(
            name="type",
            label="Kind of record",
            options=_types,
            everything="All kinds",
            shows=_type_name,
        ),
        Text(name="person", label="Person or address", chip="By {}"),
        Day(name="from", label="From"),
        Day(name="to", label="Until"),
    ),
    columns=(
        Column(
            name="record",
            title="Record",
            kind="cell",
            cell="audit/_cells.html:record",
            value=lambda entry: entry.label or str(entry.record_id),
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="kind", title="Kind", kind="badge", value=_what, place="status"),
        Column(
            name="change",
            title="Change",
            kind="cell",
            cell="audit/_cells.html:change",
            value=_told,
            place="wrap",
        ),
        Column(
            name="actor",
            title="By",
            kind="cell",
            cell="audit/_cells.html:actor",
            place="meta",
        ),
        Column(name="address", title="Address", place="wide desk", is_shown=False),
        Column(name="id", title="When", kind="moment", value="created_at"),
    ),
    nothing=Nothing(
        title="No changes found.",
        advice="Search for something else, or take a filter away.",
        icon="history",
    ),
    unmatched=Nothing(
        title="No changes found.",
        advice="Search for something else, or take a filter away.",
        action="Show all changes",
        icon="history",
    ),
)
