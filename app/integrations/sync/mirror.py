"""Records of an answer into the mirror, in one statement."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from psycopg2.errors import DataError as BadText
from psycopg2.errors import UniqueViolation
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError

from app.core.db import transaction
from app.integrations.hub.connector import Batch, Stream
from app.integrations.hub.containment import is_of_record, reason_of
from app.integrations.hub.decoding import PartlyRead, is_cut
from app.integrations.hub.errors import Unreadable
from app.integrations.sync.models import ExternalRecord, RejectedRecord
from app.integrations.sync.ranges import doubt_empty, place_in, replace_rest
from app.integrations.sync.staging import StagedRecords, row

EXCERPT = 500
EVER = datetime.min.replace(tzinfo=UTC)
UNFIT = "It holds a character that cannot be kept."
READ, APPLY = "read", "apply"  # where a record was rejected

# What is older than what we know came late and changes nothing. The same thing again is not
# written at all, so the next pass costs little and our records need not follow.
UPSERT = text("""
INSERT INTO external_record AS known
    (connection_id, kind, external_id, payload, changed_at)
SELECT connection_id, kind, external_id, payload, changed_at FROM incoming
ON CONFLICT (connection_id, kind, external_id) DO UPDATE
SET payload = excluded.payload, changed_at = excluded.changed_at,
    gone_at = NULL, projected_at = NULL
WHERE (known.payload <> excluded.payload OR known.gone_at IS NOT NULL)
AND coalesce(excluded.changed_at >= known.changed_at, true)
""")


class DeletedKey(NamedTuple):
    """A record that is gone: its id, and since when."""

    external_id: str
    changed_at: datetime | None


class AcceptedRecord(NamedTuple):
    """A record that can be kept: its id, its moment, itself, and its row for COPY."""

    external_id: str
    changed_at: datetime | None
    record: Any
    row: bytes


class Rejection(NamedTuple):
    """A record that cannot be kept, and why."""

    external_id: str
    reason: str
    excerpt: str


class SortedBatch(NamedTuple):
    """The records of a batch, by what becomes of them."""

    kind: str
    kept: list[AcceptedRecord]
    gone: list[DeletedKey]
    refused: list[Rejection]
    range: str | None = None

    @property
    def ids(self) -> list[str]:
        """Every record that is there, whatever we think of it."""
        return [key.external_id for key in self.kept] + [
            one.external_id for one in self.refused if one.external_id
        ]


class BatchResult(NamedTuple):
    """What a batch came to."""

    rows: int
    changed: int
    failed: int
    gone: int
    ids: list[str]
    note: str = ""


def write_batch(
    connection_id: int, found: SortedBatch, *, is_first: bool = False
) -> BatchResult:
    """Keep the records of a batch; the same batch again changes nothing.

    A record that cannot be understood is rejected with the reason; the others are kept.
    `is_first` makes it faster where nothing of the stream has been read before.
    """
    kind = found.kind
    with transaction():
        changed, refused = _accept(connection_id, kind, found.kept, is_new=is_first)
        gone, note = mark_deleted(connection_id, kind, found.gone), ""
        if found.range is not None and found.ids:
            gone += replace_rest(connection_id, kind, found.range, found.ids)
        elif found.range is not None:
            note = doubt_empty(connection_id, kind, found.range)
        refused = [*found.refused, *refused]
        reject_records(connection_id, kind, refused, stage=READ)
        bad = {one.external_id for one in refused}
        named = [one.external_id for one in found.kept]
        named += [one.external_id for one in found.gone]
        good = [external_id for external_id in named if external_id not in bad]
        resolve_rejections(connection_id, kind, good, stage=READ)
    number = len(found.kept) + len(found.gone) + len(found.refused)
    return BatchResult(number, changed, len(refused), gone, found.ids, note)


def sort_batch(stream: Stream, batch: Batch) -> SortedBatch:
    """Tell apart what is there, what is gone and what nobody understands.

    This asks no database, so any thread may do it.
    """
    found = SortedBatch(batch.kind, [], [], [], batch.range)
    for place, record in enumerate(batch.records, start=1):
        key = stream.key if batch.range is None else partial(place_in, batch.range, place)
        try:
            external_id, changed_at = _printable(key(record)), stream.changed_at(record)
            if stream.is_gone(record):
                found.gone.append(DeletedKey(external_id, changed_at))
            else:
                text = _whole(row(external_id, changed_at, record))
                found.kept.append(AcceptedRecord(external_id, changed_at, record, text))
        except Exception as error:
            if not is_of_record(error):
                raise
            reason = UNFIT if isinstance(error, UnicodeEncodeError) else reason_of(error)
            found.refused.append(Rejection(_id_of(key, record), reason, _excerpt(record)))
    return found


def mark_deleted(connection_id: int, kind: str, keys: Sequence[DeletedKey]) -> int:
    """Note what the system says is deleted, unless we know something newer of it."""
    count = 0
    for key in keys:
        moment = key.changed_at or datetime.now(UTC)
        gone = (
            update(ExternalRecord)
            .where(
                ExternalRecord.connection_id == connection_id,
                ExternalRecord.kind == kind,
                ExternalRecord.external_id == key.external_id,
                ExternalRecord.gone_at.is_(None),
                func.coalesce(ExternalRecord.changed_at <= moment, True),
            )
            .values(gone_at=moment, changed_at=moment, projected_at=None)
        )
        with transaction() as session:
            result: Any = session.execute(gone)
            count += result.rowcount
    return count


def _accept(
    connection_id: int, kind: str, keys: Sequence[AcceptedRecord], *, is_new: bool
) -> tuple[int, list[Rejection]]:
    """Write all at once; if the database refuses one (NUL), find out which."""
    if not keys:
        return 0, []
    try:
        return _put(connection_id, kind, _newest(keys), is_new=is_new), []
    except (DataError, BadText):
        changed, refused = 0, []
    for key in keys:
        try:
            changed += _put(connection_id, kind, [key], is_new=False)
        except (DataError, BadText):
            refused.append(Rejection(key.external_id, UNFIT, _excerpt(key.record)))
    return changed, refused


def _newest(keys: Sequence[AcceptedRecord]) -> list[AcceptedRecord]:
    """Each id once, in an order that all workers share, so that none waits in a circle."""
    newest = {key.external_id: key for key in keys}
    if len(newest) < len(keys):
        by_moment = sorted(keys, key=lambda key: key.changed_at or EVER)
        newest = {key.external_id: key for key in by_moment}
    return sorted(newest.values(), key=_id)


def _id(key: AcceptedRecord) -> str:
    return key.external_id


def _put(connection_id: int, kind: str, keys: Sequence[AcceptedRecord], *, is_new: bool) -> int:
    """Add or change records; `is_new` is a guess that none of them is there."""
    incoming = StagedRecords(connection_id, kind, [key.row for key in keys])
    if is_new:
        with suppress(UniqueViolation), transaction() as session:
            return incoming.add(session)
    with transaction() as session:
        incoming.stage(session)
        result: Any = session.execute(UPSERT)
        return int(result.rowcount)


def reject_records(
    connection_id: int, kind: str, refused: Sequence[Rejection], *, stage: str
) -> None:
    """Keep the reasons, the last one of each record.

    What a person has settled stays so, as long as nothing else is wrong with it.
    """
    settled = _settled(connection_id, kind, refused, stage)
    for one in refused:
        if settled.get(one.external_id) == one.reason:
            continue
        values = {"reason": one.reason, "excerpt": one.excerpt}
        names = {"connection_id": connection_id, "kind": kind, "stage": stage}
        row = insert(RejectedRecord).values(external_id=one.external_id, **names, **values)
        with transaction() as session:
            session.execute(
                row.on_conflict_do_update(
                    index_elements=["connection_id", "kind", "external_id", "stage"],
                    index_where=RejectedRecord.resolved_at.is_(None),
                    set_=values,
                )
            )


def _settled(
    connection_id: int, kind: str, refused: Sequence[Rejection], stage: str
) -> dict[str, str]:
    """What was settled last of some records: id -> the reason that it was rejected for."""
    if not refused:
        return {}
    query = (
        select(RejectedRecord.external_id, RejectedRecord.reason)
        .where(
            RejectedRecord.connection_id == connection_id,
            RejectedRecord.kind == kind,
            RejectedRecord.stage == stage,
            RejectedRecord.external_id.in_([one.external_id for one in refused]),
            RejectedRecord.external_id != "",
            RejectedRecord.settled_by != "",
        )
        .order_by(RejectedRecord.id)
    )
    with transaction() as session:
        return dict(session.execute(query).all())


def resolve_rejections(
    connection_id: int, kind: str, external_ids: Sequence[str], *, stage: str
) -> None:
    """Note that nothing is wrong with some records any more."""
    waiting = select(RejectedRecord.id).where(
        RejectedRecord.connection_id == connection_id,
        RejectedRecord.kind == kind,
        RejectedRecord.stage == stage,
        RejectedRecord.resolved_at.is_(None),
    )
    with transaction() as session:
        if session.scalar(waiting.limit(1)) is None:
            return
        session.execute(
            update(RejectedRecord)
            .where(RejectedRecord.id.in_(waiting), RejectedRecord.external_id.in_(external_ids))
            .values(resolved_at=func.now())
        )


def delete_resolved(before: datetime) -> None:
    """Delete what was put right long ago."""
    with transaction() as session:
        session.execute(delete(RejectedRecord).where(RejectedRecord.resolved_at < before))


def _whole(text: bytes) -> bytes:
    if is_cut(text):
        raise Unreadable("It is nested too deep.")
    return text


def _printable(external_id: str) -> str:
    if not external_id.isprintable():
        raise Unreadable("Its id holds a character that cannot be read.")
    return external_id


def _id_of(key: Callable[[Any], str], record: Any) -> str:
    try:
        return _printable(key(record))
    except Exception as error:
        if not is_of_record(error):
            raise
        return ""


def _excerpt(record: Any) -> str:
    if isinstance(record, PartlyRead):
        return record.text.decode(errors="backslashreplace")[:EXCERPT]
    return json.dumps(record, default=str, ensure_ascii=True)[:EXCERPT]
