"""Change data capture: what changed since a moment, deletions included."""

from tests.standins.quickbooks import moments
from tests.standins.quickbooks.company import KEEP_CHANGES_FOR, Company
from tests.standins.quickbooks.grammar import MOST, QueryError
from tests.standins.quickbooks.selection import entity_called
from tests.standins.quickbooks.table import encoded

Found = list[tuple[str, list[bytes]]]


def changes(company: Company, names: str, since: str) -> Found:
    """The changed objects per entity asked for, at most 1000 in all. Raises QueryError."""
    entities = [entity_called(name.strip()) for name in names.split(",")]
    start = started(company, since)
    left, found = MOST, []
    for entity in entities:
        raws = changed(company, entity, start)[:left]
        left -= len(raws)
        found.append((entity, raws))
    return found


def started(company: Company, since: str) -> float:
    """Read where to start; 30 days back at most."""
    try:
        start = moments.read(since.replace(" ", "+"))
    except ValueError as error:
        raise QueryError(f"Invalid value for changedSince: {since}", "2020") from error
    if start < company.clock() - KEEP_CHANGES_FOR:
        raise QueryError("changedSince may not be more than 30 days in the past", "2020")
    return start


def changed(company: Company, entity: str, start: float) -> list[bytes]:
    """One entity's changed and deleted objects, the oldest change first."""
    table = company.tables[entity]
    # Times on the wire have whole seconds, so a second that was asked for counts as a whole.
    live = [(row.updated, row.raw) for row in table.rows.values() if row.updated >= int(start)]
    gone = [
        (moment, tombstone(number, moment))
        for number, moment in table.tombstones.items()
        if moment >= int(start)
    ]
    return [raw for _, raw in sorted(live + gone)]


def tombstone(number: int, moment: float) -> bytes:
    """What is told of a deleted object."""
    stamp = {"LastUpdatedTime": moments.written(moment)}
    fields = {"domain": "QBO", "status": "Deleted", "Id": str(number), "MetaData": stamp}
    return encoded(fields)
