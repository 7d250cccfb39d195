"""Up to which amount a role may approve orders."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Role
from app.core.audit import Audited
from app.core.db import Model, Money
from app.core.versions import Versioned


class ApprovalLimit(Audited, Versioned, Model):
    """What an order in a currency may come to, so that somebody of a role approves it.

    A role without any limit approves whatever it is; one with some approves nothing in a
    currency that none of them is in.
    """

    __tablename__ = "approval_limit"
    __table_args__ = (
        UniqueConstraint("role_id", "currency"),
        CheckConstraint("amount >= 0", "amount"),
    )

    role_id: Mapped[int] = mapped_column(ForeignKey(Role.id, ondelete="CASCADE"))
    currency: Mapped[str]  # ISO 4217
    amount: Mapped[Decimal] = mapped_column(Money)  # with tax

    role: Mapped[Role] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"Limit in {self.currency}"
