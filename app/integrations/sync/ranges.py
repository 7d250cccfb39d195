"""Records without keys, which come by ranges: each takes the place of what was known of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from app.core.db import transaction
from app.integrations.sync.models import ExternalRecord

WITHIN = "#"  # between a range and the place in it


def place_in(of: str, place: int, _record: Any) -> str:
    """What stands for the key of a record that has none: equal ones may be two."""
    return f"{of}{WITHIN}{place:07}"


def is_anything_known(connection_id: int, kind: str) -> bool:
    """Tell whether any record of a kind is there, as far as we know."""
    known = select(ExternalRecord.id).where(
        ExternalRecord.connection_id == connection_id,
        ExternalRecord.kind == kind,
        ExternalRecord.gone_at.is_(None),
    )
    with transaction() as session:
        return session.scalar(known.limit(1)) is not None


def _of_range(connection_id: int, kind: str, of: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ExternalRecord.connection_id == connection_id,
        ExternalRecord.kind == kind,
        ExternalRecord.external_id.startswith(f"{of}{WITHIN}", autoescape=True),
        ExternalRecord.gone_at.is_(None),
    )


def doubt_empty(connection_id: int, kind: str, of: str) -> str:
    """Say of a range that came empty that it takes nothing away: at times only a head comes."""
    known = select(func.count()).select_from(ExternalRecord)
    with transaction() as session:
        count = session.scalar(known.where(*_of_range(connection_id, kind, of))) or 0
    if not count:
        return ""
    return f"{of} came empty. The {count:,} known rows stay as they are"


def replace_rest(connection_id: int, kind: str, of: str, present: Sequence[str]) -> int:
    """Mark as gone what was known of a range beyond what it has now."""
    last = max(present)
    with transaction() as session:
        gone = update(ExternalRecord).where(
            *_of_range(connection_id, kind, of), ExternalRecord.external_id > last
        )
        result: Any = session.execute(gone.values(gone_at=func.now(), projected_at=None))
        return int(result.rowcount)
