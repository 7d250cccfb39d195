"""Every scan there was: it makes a scan that is sent twice count once."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product
from app.core.db import Model

# What a tablet plays: a scan was taken, a line or a whole task is through, it was wrong.
OUTCOMES = ("ok", "line", "done", "wrong")
KINDS = (
    *("scan", "quantity", "empty", "done", "start", "leave", "skip", "short", "undo"),
    *("parcel", "take_out", "move", "seen"),
)


class Scan(Model):
    """A scan, or another tap on a tablet; its id comes from the tablet.

    `task_type` and `task_id` name what it was part of: a count, a pick task.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index("ix_scan_task", "task_type", "task_id", "created_at"),
        Index("ix_scan_user", "user_id", "created_at"),
        Index("ix_scan_created_at", "created_at"),
        CheckConstraint(f"outcome IN {OUTCOMES}", "outcome"),
        CheckConstraint(f"kind IN {KINDS}", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)  # type: ignore[assignment]
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    task_type: Mapped[str]
    task_id: Mapped[int]
    kind: Mapped[str] = mapped_column(default="scan", server_default="scan")
    code: Mapped[str] = mapped_column(default="", server_default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))
    quantity: Mapped[Decimal | None]
    outcome: Mapped[str] = mapped_column(default="ok", server_default="ok")
    message: Mapped[str] = mapped_column(default="", server_default="")  # what the screen says

    user: Mapped[User] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
