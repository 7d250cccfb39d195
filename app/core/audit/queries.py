"""Questions about changes."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from app.core.audit.models import AuditEntry


def audit_entries(
    *,
    search: str = "",
    record_type: str = "",
    actor: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> Select[AuditEntry]:
    """Changes of records whose name has a text, of one kind, by a person, in a span of time."""
    query = select(AuditEntry)
    if search:
        query = query.where(AuditEntry.label.icontains(search, autoescape=True))
    if record_type:
        query = query.where(AuditEntry.record_type == record_type)
    if actor:
        named = AuditEntry.actor.icontains(actor, autoescape=True)
        address = AuditEntry.address == actor
        query = query.where(or_(named, address))
    if since is not None:
        query = query.where(AuditEntry.created_at >= since)
    if before is not None:
        query = query.where(AuditEntry.created_at < before)
    return query
