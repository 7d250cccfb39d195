"""Who changed which field of which record, from what to what, and when."""

from app.core.audit.models import AuditEntry
from app.core.audit.reading import ReadEntry, read
from app.core.audit.recorder import Audited, history, init_app, note

__all__ = ["AuditEntry", "Audited", "ReadEntry", "history", "init_app", "note", "read"]
