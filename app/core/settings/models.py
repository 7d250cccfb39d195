"""The table of settings that differ from their defaults."""

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import Audited
from app.core.db import Model
from app.core.settings.definitions import Value
from app.core.versions import Versioned


class Setting(Audited, Versioned, Model):
    """The value of one setting. One without a row has its default."""

    __tablename__ = "setting"
    unaudited = frozenset({"key"})

    key: Mapped[str] = mapped_column(unique=True)
    value: Mapped[Value] = mapped_column(JSONB)

    def __str__(self) -> str:
        return self.key
