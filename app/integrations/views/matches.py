"""The list of doubtful matches: theirs beside ours, and what a person says of them."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import abort, request
from sqlalchemy import select

from app.core.db import db
from app.core.pages import Asked, BulkAction, Column, ListPage, Nothing, Segments
from app.integrations.hub.errors import Unreadable
from app.integrations.inbound import decisions, queries
from app.integrations.inbound.catalog import CatalogTarget, catalog_targets
from app.integrations.inbound.models import RecordLink
from app.integrations.views.blueprint import one
from app.integrations.views.lists import EVENTS, LIVE, crumbs

CONTACT, PRODUCT = ("name", "email", "phone", "city"), ("name", "sku", "price")


class Match(NamedTuple):
    """A link that waits, what is there, and the one of ours that it may stand for."""

    link: RecordLink
    theirs: Sequence[Any]
    ours: Sequence[Any]
    record: tuple[str, int]  # ours, as `record_url` takes it

    @property
    def name(self) -> str:
        """What they call it."""
        return str(self.theirs[0]) if self.theirs else self.link.external_id


def _matches(asked: Asked) -> Any:
    connection = one(asked.about["connection_id"])
    if not catalog_targets(connection.system):
        abort(404)  # its records are matched with none of ours
    return queries.matches(connection.id, asked["kind"])


def _side_by_side(rows: Sequence[Any]) -> list[Match]:
    """Fetch ours of a page, with one query for each kind."""
    if not rows:
        return []
    connection = one(rows[0].RecordLink.connection_id)
    known = {target.kind: target for target in catalog_targets(connection.system)}
    ours = {kind: _ours(target, rows) for kind, target in known.items()}
    return [
        _match(known[link.kind], link, payload, ours[link.kind].get(link.record_id))
        for link, payload in rows
        if link.kind in known
    ]


def _ours(target: CatalogTarget, rows: Sequence[Any]) -> dict[int | None, Any]:
    ids = [row.RecordLink.record_id for row in rows if row.RecordLink.kind == target.kind]
    if not ids:
        return {}
    model: Any = target.model
    found = db.session.scalars(select(model).where(model.id.in_(ids)))
    return {record.id: record for record in found}


def _match(target: CatalogTarget, link: RecordLink, payload: Any, ours: Any) -> Match:
    names = CONTACT if target.key == "code" else PRODUCT
    try:
        theirs = target.read(payload) or {}
    except Unreadable:  # it has changed there; what it says now is rejected with its reason
        theirs = {}
    return Match(
        link,
        [value for name in names if (value := theirs.get(name))],
        [value for name in names if (value := getattr(ours, name, None))],
        (target.model.__tablename__, link.record_id or 0),
    )


def _kinds() -> list[tuple[str, str]]:
    """The kinds of the connection that the address names, with how many wait."""
    connection = one((request.view_args or {})["connection_id"])
    waiting = dict(db.session.execute(queries.doubt_counts(connection.id)).all())
    return [
        (target.kind, f"{target.label} ({waiting.get(target.kind, 0):,})")
        for target in catalog_targets(connection.system)
    ]


def _decision(name: str, label: str, question: str, kind: str = "") -> BulkAction:
    return BulkAction(
        name=name,
        label=label,
        question=question,
        kind=kind,
        permission="integrations.manage",
        act_on_all=partial(decisions.decide_matches, decision=name),
    )


MATCHES = ListPage(
    name="matches",
    title="Which belong together",
    subtitle=(
        "These look like records of ours, but not surely. Nothing is changed until you decide."
    ),
    permission="integrations.manage",
    query=_matches,
    is_joined=True,
    prepare=_side_by_side,
    crumbs=crumbs,
    above=LIVE,
    key=RecordLink.id,
    sort="id",
    filters=(Segments(name="kind", label="Kind", options=_kinds, chip=""),),
    columns=(
        Column(
            name="theirs",
            title="Theirs",
            kind="cell",
            cell="connections/_cells.html:theirs",
            value="name",
            place="name wrap",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="ours",
            title="Ours",
            kind="cell",
            cell="connections/_cells.html:ours",
            value=lambda match: " · ".join(map(str, match.ours)),
            place="wrap",
            label="Ours",
        ),
        Column(name="why", title="Why", value="link.reason", place="wrap", label="Why"),
        Column(
            name="id",
            title="Since",
            kind="moment",
            value="link.created_at",
            sort=RecordLink.id,
            place="meta",
        ),
    ),
    events=EVENTS,
    nouns=("match", "matches"),
    row_id=RecordLink.id,
    row_name=RecordLink.external_id,
    tick=lambda match: (match.link.id, match.name),
    actions=(
        _decision(
            "same", "They are the same", "Say of {count} that they are the same?", "primary"
        ),
        _decision("separate", "Make a new one", "Make new records of ours for {count}?"),
        _decision("ignore", "Leave out", "Leave the records of {count} out for good?"),
    ),
    nothing=Nothing(
        title="Nothing to decide.",
        advice="Every record here has found its place.",
        icon="check",
    ),
    unmatched=Nothing(
        title="Nothing to decide.", advice="Records of other kinds may wait.", icon="check"
    ),
)
