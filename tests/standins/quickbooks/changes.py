"""Change data capture: what changed since a moment, deletions included."""

from tests.standins.objects import encoded
from tests.standins.quickbooks import moments
from tests.standins.quickbooks.company import KEEP_CHANGES_FOR, Company
from tests.standins.quickbooks.grammar import MOST, QueryError
from tests.standins.quickbooks.selection import entity_called

Found = list[tuple[str, list[bytes]]]


def changes(company: Company, names: str, since: str, *, flooded: bool = False) -> Found:
    """The changed objects per entity asked for, at most 1000 in all. Raises QueryError.

    Of more than that the newest are left out, whatever their entity. `flooded` takes all
    objects for changed, so that a small company can show what too many look like.
    """
    entities = [entity_called(name.strip()) for name in names.split(",")]
    start = started(company, since)
    moved = [
        (moment, place, raw)
        for place, entity in enumerate(entities)
        for moment, raw in changed(company, entity, 0 if flooded else start)
    ]
    kept = sorted(moved)[:MOST]
    return [
        (entity, [raw for _, at, raw in kept if at == place])
        for place, entity in enumerate(entities)
    ]


def started(company: Company, since: str) -> float:
    """Read where to start; 30 days back at most."""
    try:
        start = moments.read(since.replace(" ", "+"))
    except ValueError as error:
        raise QueryError(f"Invalid value for changedSince: {since}", "2020") from error
    if start < company.clock() - KEEP_CHANGES_FOR:
        raise QueryError("changedSince may not be more than 30 days in the past", "2020")
    return start


def changed(company: Company, entity: str, start: float) -> list[tuple[float, bytes]]:
    """One entity's changed and deleted objects, each with the moment of its change."""
    table = company.tables[entity]
    # Times on the wire have whole seconds, so a second that was asked for counts as a whole.
    live = [(row.updated, row.raw) for row in table.rows.values() if row.updated >= int(start)]
    gone = [
        (float(int(moment)), tombstone(number, moment))
        for number, moment in table.tombstones.items()
        if moment >= int(start)
    ]
    return live + gone


def tombstone(number: int, moment: float) -> bytes:
    """What is told of a deleted object."""
    stamp = {"LastUpdatedTime": moments.written(moment)}
    fields = {"domain": "QBO", "status": "Deleted", "Id": str(number), "MetaData": stamp}
    return encoded(fields)
