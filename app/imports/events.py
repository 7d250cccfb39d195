"""What an import announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImported(Event):
    """Records of one kind were created or updated from a file: once per file."""

    kind: str
    import_id: int
