"""Some external records into one of our tables: an import whose file is the mirror."""

from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text

from app.core.db import transaction
from app.imports.rows import ParsedFile
from app.imports.staging import Staging
from app.integrations.hub.models import Connection
from app.integrations.inbound.models import RecordLink
from app.integrations.inbound.targets import IncomingRecord
from app.integrations.sync.mirror import Rejection

if TYPE_CHECKING:
    from app.integrations.inbound.catalog import CatalogTarget, Match

LINK = text("""
INSERT INTO record_link (connection_id, kind, external_id, record_id, state, reason)
SELECT :connection_id, :kind, made.external_id, made.record_id, 'linked', 'Made from it'
FROM unnest(CAST(:external_ids AS text[]), CAST(:record_ids AS bigint[]))
    AS made (external_id, record_id)
ON CONFLICT (connection_id, kind, external_id) DO UPDATE
SET record_id = excluded.record_id, state = excluded.state, reason = excluded.reason
""")
Rows = list[tuple[IncomingRecord, str, bool]]  # what, our key, whether it is new here


def load_records(
    connection: Connection, target: "CatalogTarget", incoming: Sequence[IncomingRecord]
) -> list[Rejection]:
    """Update what is linked, link what is surely ours, ask about doubts, make the rest.

    Gives the records that do not fit, with the reason.
    """
    if not incoming:
        return []
    links = _links(connection.id, target.kind, [one.external_id for one in incoming])
    _match(
        connection.id, target, [one for one in incoming if one.external_id not in links], links
    )
    _forget_doubts(connection.id, target.kind, incoming, links)
    linked = {
        one.external_id: record_id
        for one in incoming
        if (record_id := _linked_to(links.get(one.external_id)))
    }
    keys = _keys_of(target, linked.values())
    old: Rows = [
        (one, keys[linked[one.external_id]], False)
        for one in incoming
        if linked.get(one.external_id) in keys
    ]
    fresh = [one for one in incoming if not one.is_gone and _is_new(links.get(one.external_id))]
    new: Rows = [(o, k, True) for o, k in zip(fresh, target.new_keys(fresh), strict=True)]
    return _upsert(connection, target, [*old, *new])


def _links(connection_id: int, kind: str, ids: Sequence[str]) -> dict[str, RecordLink]:
    query = select(RecordLink).where(
        RecordLink.connection_id == connection_id,
        RecordLink.kind == kind,
        RecordLink.external_id.in_(ids),
    )
    with transaction() as session:
        fresh = query.execution_options(populate_existing=True)
        return {link.external_id: link for link in session.scalars(fresh)}


def _match(
    connection_id: int,
    target: "CatalogTarget",
    unlinked: Sequence[IncomingRecord],
    links: dict[str, RecordLink],
) -> None:
    """Look for ours among what nobody has linked yet. One of ours stands for one of theirs."""
    there = [one for one in unlinked if not one.is_gone]
    matches: Mapping[str, Match] = target.match(connection_id, there) if there else {}
    taken: set[int] = set()
    with transaction() as session:
        for external_id, match in matches.items():
            is_sure = match.is_sure and match.record_id not in taken
            taken.add(match.record_id)
            link = RecordLink(
                connection_id=connection_id,
                kind=target.kind,
                external_id=external_id,
                record_id=match.record_id,
                state="linked" if is_sure else "doubtful",
                reason=match.reason,
            )
            session.add(link)
            links[external_id] = link
        session.flush()


def _forget_doubts(
    connection_id: int,
    kind: str,
    incoming: Sequence[IncomingRecord],
    links: dict[str, RecordLink],
) -> None:
    """What is gone there needs no decision any more."""
    gone = [o.external_id for o in incoming if o.is_gone and _state(links, o) == "doubtful"]
    if gone:
        with transaction() as session:
            session.execute(
                delete(RecordLink).where(
                    RecordLink.connection_id == connection_id,
                    RecordLink.kind == kind,
                    RecordLink.external_id.in_(gone),
                )
            )


def _state(links: Mapping[str, RecordLink], one: IncomingRecord) -> str:
    link = links.get(one.external_id)
    return link.state if link else ""


def _linked_to(link: RecordLink | None) -> int | None:
    return link.record_id if link is not None and link.state == "linked" else None


def _is_new(link: RecordLink | None) -> bool:
    return link is None or link.state == "separate"


def _keys_of(target: "CatalogTarget", record_ids: Iterable[int]) -> dict[int, str]:
    model: Any = target.model
    query = select(model.id, getattr(model, target.key)).where(model.id.in_(list(record_ids)))
    with transaction() as session:
        return dict(session.execute(query).all())


def _upsert(connection: Connection, target: "CatalogTarget", rows: Rows) -> list[Rejection]:
    """Load the rows as an import does, with one history for all, and link what is new."""
    if not rows:
        return []
    names = [target.key, *target.fields]
    lines = "".join(
        _line([number, key, *_values(connection, target, one, is_new)])
        for number, (one, key, is_new) in enumerate(rows)
    )
    fields = [target.importer.field_named(name) for name in names]
    parsed = ParsedFile(fields, StringIO(lines), StringIO(""), len(rows))
    with transaction() as session:
        choices: dict[str, Any] = {"update": True, "dry_run": False, "options": []}
        staging = Staging(session, target.importer, parsed, **choices)
        target.importer.load(staging)
        table, errors = staging.rows.c, staging.errors.c
        ids = dict(session.execute(select(table.row, table.target_id)).all())
        wrong = session.execute(select(errors.row, errors.error)).all()
        staging.drop()
        _link(connection.id, target.kind, rows, ids)
    return [
        *[_rejection(rows[row][0], why) for row, why in wrong],
        *[
            _rejection(one, f"Taken over, but for: {'; '.join(told)}.")
            for number, (one, _key, _is_new) in enumerate(rows)
            if (told := one.values.get("left_out")) and number not in dict(wrong)
        ],
    ]


def _rejection(one: IncomingRecord, why: str) -> Rejection:
    return Rejection(one.external_id, why, str(one.values)[:500])


def _values(
    connection: Connection,
    target: "CatalogTarget",
    one: IncomingRecord,
    is_new: bool,  # noqa: FBT001
) -> list[Any]:
    """What a row says; None leaves ours as it is. What is gone there only ends its use."""
    if one.is_gone:
        values: dict[str, Any] = {"is_active": False}
    else:
        values = one.values
    return [
        None
        if not is_new and target.precedence(connection.field_precedence, name) == "ours"
        else values.get(name)
        for name in target.fields
    ]


def _line(cells: Sequence[Any]) -> str:
    """A line for COPY: empty is NULL, and an empty text stands in quotes."""
    return ",".join(map(_cell, cells)) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return '"' + str(value).replace('"', '""') + '"'


def _link(connection_id: int, kind: str, rows: Rows, ids: Mapping[int, int | None]) -> None:
    """Remember what was made for whom, in one statement of two long parameters."""
    made = [
        (one.external_id, ids[number])
        for number, (one, _key, is_new) in enumerate(rows)
        if is_new and ids.get(number) is not None
    ]
    if not made:
        return
    external_ids, record_ids = zip(*made, strict=True)
    values = {"connection_id": connection_id, "kind": kind}
    arrays = {"external_ids": [*external_ids], "record_ids": [*record_ids]}
    with transaction() as session:
        session.execute(LINK, values | arrays)
