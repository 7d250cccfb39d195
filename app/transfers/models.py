"""A transfer between two warehouses, its lines, and the steps by which its goods went."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product
from app.core.audit import Audited
from app.core.days import today
from app.core.db import Model, Money
from app.documents.models import State, States
from app.stock.models import Location, Lot, Posting

STATES = States(
    draft=State("Draft", "muted", then=("sent", "cancelled")),
    sent=State("On the way", "low", is_open=True, then=("draft", "partly", "received")),
    partly=State("Partly received", "low", is_open=True, then=("draft", "sent", "received")),
    received=State("Received", "ok", then=("draft", "sent", "partly")),
    cancelled=State("Cancelled", "muted"),
)
# What a step does: goods leave, they arrive, or somebody says what became of the difference.
KINDS = {"sent": "Sent", "received": "Received", "explained": "Difference explained"}
CONDITIONS = {"good": "Good", "damaged": "Damaged: put aside"}
# What a difference may be; all but the last leave the books.
EXPLANATIONS = {
    "lost": "Lost",
    "damaged": "Damaged on the way",
    "stolen": "Stolen",
    "found": "Found: more was on the way than was sent",
}
WORDS = tuple(dict.fromkeys(("", *CONDITIONS, *EXPLANATIONS)))


class Transfer(Audited, Model):
    """Goods that one warehouse sends to another.

    `is_complete`: nothing more of it is sent, whatever was asked for. The goods lie at a
    location of kind transit, one for each pair of warehouses, until they are received.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_status", "status", "expected_on"),
        Index("ix_transfer_destination", "destination_id", "id"),
        Index("ix_transfer_source", "source_id", "id"),
        CheckConstraint("source_id <> destination_id", "elsewhere"),
        CheckConstraint(f"status IN {tuple(STATES)}", "status"),
    )
    unaudited = frozenset({"key", "request", "actor_id", "transit_id"})
    value_labels: ClassVar[Mapping[str, Mapping[str, str]]] = {"status": STATES.labels}

    key: Mapped[str] = mapped_column(unique=True)
    request: Mapped[str]
    source_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    destination_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    transit_id: Mapped[int | None] = mapped_column(ForeignKey(Location.id))  # once it is sent
    status: Mapped[str] = mapped_column(server_default="draft", default="draft")
    is_complete: Mapped[bool] = mapped_column(server_default="false", default=False)
    expected_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(server_default="", default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    source: Mapped[Location] = relationship(lazy="raise", foreign_keys=[source_id])
    destination: Mapped[Location] = relationship(lazy="raise", foreign_keys=[destination_id])
    actor: Mapped[User | None] = relationship(lazy="raise")
    lines: Mapped[list["TransferLine"]] = relationship(
        lazy="raise",
        back_populates="transfer",
        cascade="all, delete-orphan",
        order_by="TransferLine.id",
    )
    steps: Mapped[list["TransferStep"]] = relationship(
        lazy="raise", back_populates="transfer", order_by="TransferStep.id"
    )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return transfer_number(self.id)

    @property
    def state(self) -> State:
        """Its state, as people see it."""
        return STATES[self.status]

    @property
    def is_open(self) -> bool:
        """Tell whether some of it is on the way, or is to be sent still."""
        return self.state.is_open

    @property
    def is_late(self) -> bool:
        """Tell whether it should have come before today."""
        return self.is_open and self.expected_on is not None and self.expected_on < today()

    @property
    def may_be_sent(self) -> bool:
        """Tell whether more of it may leave."""
        if self.status == "cancelled" or self.is_complete:
            return False
        return any(line.to_send > 0 for line in self.lines)

    @property
    def on_the_way(self) -> Decimal:
        """How many pieces have left and have not come, of all its lines."""
        return sum((line.on_the_way for line in self.lines), Decimal(0))


def transfer_number(transfer_id: int) -> str:
    """Write the number of a transfer as it stands on pages."""
    return f"TR-{transfer_id:06}"


class TransferLine(Model):
    """So much of a product; all quantities are in the product's own unit.

    What was sent, received, lost and found is counted from the steps that stand.
    """

    __tablename__ = "transfer_line"
    __table_args__ = (
        Index("ix_transfer_line_transfer", "transfer_id", "id"),
        Index("ix_transfer_line_product", "product_id", "id"),
        Index(
            "ix_transfer_line_on_the_way",
            "product_id",
            postgresql_where=text("sent + found > received + lost"),
        ),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("sent BETWEEN 0 AND quantity", "sent"),
        CheckConstraint("received >= 0 AND lost >= 0 AND found >= 0", "counted"),
        CheckConstraint("received + lost <= sent + found", "on_the_way"),
    )

    transfer_id: Mapped[int] = mapped_column(ForeignKey(Transfer.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    quantity: Mapped[Decimal]
    sent: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    received: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    lost: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    found: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))

    transfer: Mapped[Transfer] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product] = relationship(lazy="raise")

    @property
    def to_send(self) -> Decimal:
        """What was asked for and has not left."""
        return self.quantity - self.sent

    @property
    def on_the_way(self) -> Decimal:
        """What has left and has not come, and of which nobody has said where it is."""
        return self.sent + self.found - self.received - self.lost


class TransferStep(Model):
    """Goods of a transfer left, arrived, or were accounted for, in one posting.

    `request` tells apart what was asked for under one key.
    """

    __tablename__ = "transfer_step"
    __table_args__ = (
        Index("ix_transfer_step_transfer", "transfer_id", "id"),
        CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
    )
    key: Mapped[str] = mapped_column(unique=True)
    request: Mapped[str]
    transfer_id: Mapped[int] = mapped_column(ForeignKey(Transfer.id))
    kind: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="", default="")
    # None only within the unit of work that makes it.
    posting_id: Mapped[int | None] = mapped_column(ForeignKey(Posting.id), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    transfer: Mapped[Transfer] = relationship(lazy="raise", back_populates="steps")
    actor: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[actor_id])
    undone_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[undone_by_id])
    parts: Mapped[list["TransferPart"]] = relationship(
        lazy="raise",
        back_populates="step",
        cascade="all, delete-orphan",
        order_by="TransferPart.id",
    )

    def __str__(self) -> str:
        return f"{transfer_number(self.transfer_id)}, {self.kind_label.lower()}"

    @property
    def kind_label(self) -> str:
        """What it did, as people say it."""
        return KINDS[self.kind]

    @property
    def is_undone(self) -> bool:
        """Tell whether somebody has taken it back."""
        return self.undone_at is not None


class TransferPart(Model):
    """So much of a line, from one place or to one; `unit_cost` is what a piece cost when sent.

    `word` is the condition of what was received, or the explanation of a difference.
    """

    __tablename__ = "transfer_part"
    __table_args__ = (
        Index("ix_transfer_part_step", "step_id", "id"),
        Index("ix_transfer_part_line", "line_id"),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint(f"word IN {WORDS}", "word"),
    )

    step_id: Mapped[int] = mapped_column(ForeignKey(TransferStep.id))
    line_id: Mapped[int] = mapped_column(ForeignKey(TransferLine.id))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey(Lot.id))
    location_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    quantity: Mapped[Decimal]
    unit_cost: Mapped[Decimal | None] = mapped_column(Money)
    word: Mapped[str] = mapped_column(server_default="", default="")

    step: Mapped[TransferStep] = relationship(lazy="raise", back_populates="parts")
    line: Mapped[TransferLine] = relationship(lazy="raise")
    lot: Mapped[Lot | None] = relationship(lazy="raise")
    location: Mapped[Location] = relationship(lazy="raise")
