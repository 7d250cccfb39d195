"""A pick task: who does it, for which orders, and bin by bin."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Barcode, Product
from app.core.audit import Audited
from app.core.db import Model
from app.orders.models import OrderLine, SalesOrder
from app.stock.models import Location, Lot

LEASE = timedelta(minutes=10)  # a claim, renewed by each scan: WAREHOUSE.md
SPARED = timedelta(minutes=1)  # a lease that is younger is not written anew by each scan
TASK_STATES = {
    "ready": "Ready",
    "claimed": "Claimed",
    "picking": "Picking",
    "picked": "Picked",
    "frozen": "Frozen",
    "released": "Released",
    "done": "Done",
}
IN_WORK = ("claimed", "picking")
ORDER_STATES = ("open", "picked", "packing", "shipped", "frozen", "released")
LINE_STATES = ("open", "picked", "partial", "short", "skipped", "cancelled")
TO_DO = ("open", "skipped")
STEPS = ("pick", "skip", "short")
SHORT_REASONS = {
    "not_found": "Not found",
    "damaged": "Damaged",
    "wrong_bin": "Something else lies there",
}
COLOURS = ("blue", "orange", "green", "purple", "yellow", "grey")
ZERO = Decimal(0)


class PickTask(Audited, Model):
    """For one or several orders; what is picked is on its lines and in the ledger."""

    __tablename__ = "pick_task"
    __table_args__ = (
        Index("ix_pick_task_state", "state", "id"),
        # One pick task at a time for each person.
        Index(
            "uq_pick_task_claimed_by",
            "claimed_by_id",
            unique=True,
            postgresql_where=text(f"state IN {IN_WORK}"),
        ),
        CheckConstraint(f"state IN {tuple(TASK_STATES)}", "state"),
        CheckConstraint(f"state NOT IN {IN_WORK} OR claimed_by_id IS NOT NULL", "claimed"),
    )
    unaudited = frozenset({"lease_until", "bin_id", "tote_line_id", "empty_check_line_id"}) | {
        *("started_at", "ended_at", "other_lot_id")
    }

    state: Mapped[str] = mapped_column(default="claimed", server_default="claimed")
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    device: Mapped[str] = mapped_column(default="", server_default="")
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Where the picker stands, and which line waits for its tote.
    bin_id: Mapped[int | None] = mapped_column(ForeignKey(Location.id))
    tote_line_id: Mapped[int | None]
    empty_check_line_id: Mapped[int | None]  # its bin should be empty now: is it?
    other_lot_id: Mapped[int | None]  # refused a moment ago: scanned again it is meant

    claimed_by: Mapped[User | None] = relationship(lazy="raise")
    orders: Mapped[list["PickTaskOrder"]] = relationship(
        lazy="raise", order_by="PickTaskOrder.position"
    )
    lines: Mapped[list["PickLine"]] = relationship(
        lazy="raise", order_by="PickLine.sequence, PickLine.id"
    )

    def __str__(self) -> str:
        return f"Pick {self.id}"

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return TASK_STATES[self.state]

    @property
    def stopped(self) -> list["PickTaskOrder"]:
        """Orders that were cancelled in the hands of a picker who has not said so yet."""
        return [one for one in self.orders if one.is_unseen]

    def is_idle(self, now: datetime | None = None) -> bool:
        """Tell whether nobody has scanned for the time of a lease; nothing is lost by that."""
        now = now or datetime.now(UTC)
        return self.state in IN_WORK and self.lease_until is not None and self.lease_until < now

    def renew(self) -> None:
        """Begin, or go on: the lease starts anew, once a minute of it is over."""
        now = datetime.now(UTC)
        if self.lease_until is None or self.lease_until < now + LEASE - SPARED:
            self.lease_until = now + LEASE
        self.started_at = self.started_at or now
        self.state = "picking"

    def assign_to(self, user_id: int, device: str) -> None:
        """Let somebody have it, on a tablet."""
        self.claimed_by_id, self.device = user_id, device
        self.lease_until = datetime.now(UTC) + LEASE
        if self.state not in IN_WORK:
            self.state = "claimed"


class PickTaskOrder(Model):
    """An order in a pick task, and the tote it is picked into."""

    __tablename__ = "pick_task_order"
    __table_args__ = (
        UniqueConstraint("task_id", "position"),
        # An order is in one pick task at a time, and a tote belongs to one order.
        Index(
            "uq_pick_task_order_order",
            "order_id",
            unique=True,
            postgresql_where=text("is_active"),
        ),
        Index(
            "uq_pick_task_order_tote",
            "tote_id",
            unique=True,
            postgresql_where=text("is_active"),
        ),
        Index("ix_pick_task_order_state", "state", "id"),
        CheckConstraint(f"state IN {ORDER_STATES}", "state"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey(PickTask.id))
    position: Mapped[int]  # in the pick task, from 1: it gives the colour
    order_id: Mapped[int] = mapped_column(ForeignKey(SalesOrder.id))
    tote_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    # It was cancelled while somebody had it in hand, and they have not put its tote aside yet.
    is_unseen: Mapped[bool] = mapped_column(default=False, server_default="false")

    task: Mapped[PickTask] = relationship(lazy="raise", overlaps="orders")
    order: Mapped[SalesOrder] = relationship(lazy="raise")
    tote: Mapped[Location] = relationship(lazy="raise")

    @property
    def colour(self) -> str:
        """The colour of its tote on the screen; the number says the same."""
        return COLOURS[(self.position - 1) % len(COLOURS)]

    def end(self, state: str) -> None:
        """Leave the pick task: order and tote are free for another."""
        self.state, self.is_active = state, False


class PickLine(Model):
    """So much of a product out of one bin, for one line of an order."""

    __tablename__ = "pick_line"
    __table_args__ = (
        Index("ix_pick_line_task", "task_id", "sequence", "id"),
        Index("ix_pick_line_order", "order_id"),
        Index("ix_pick_line_replaces", "replaces_id"),
        Index("ix_pick_line_finished_at", "finished_at"),
        CheckConstraint(f"state IN {LINE_STATES}", "state"),
        CheckConstraint("quantity > 0 AND picked BETWEEN 0 AND quantity", "picked"),
        CheckConstraint(
            f"(reason IS NULL) = (state NOT IN ('partial', 'short')) "
            f"AND (reason IS NULL OR reason IN {tuple(SHORT_REASONS)})",
            "reason",
        ),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey(PickTask.id))
    order_id: Mapped[int] = mapped_column(ForeignKey(SalesOrder.id))
    order_line_id: Mapped[int] = mapped_column(ForeignKey(OrderLine.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    location_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey(Lot.id))
    # The line that was short, and that this one makes up for out of another bin.
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("pick_line.id", ondelete="SET NULL")
    )
    sequence: Mapped[int]  # along the route; who is skipped goes to its end
    quantity: Mapped[Decimal]
    picked: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    reason: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    product: Mapped[Product] = relationship(lazy="raise")
    location: Mapped[Location] = relationship(lazy="raise")
    lot: Mapped[Lot | None] = relationship(lazy="raise")
    # Of a single piece. A line that was made a moment ago asks for them when they are shown.
    barcodes: Mapped[list[Barcode]] = relationship(
        primaryjoin=lambda: (
            (foreign(Barcode.product_id) == PickLine.product_id) & (Barcode.units == 1)
        ),
        order_by=Barcode.id,
        viewonly=True,
    )

    @property
    def missing(self) -> Decimal:
        """What is still to be picked of it."""
        return self.quantity - self.picked

    @property
    def is_to_do(self) -> bool:
        """Tell whether somebody has still to go there."""
        return self.state in TO_DO

    def end(self, state: str, *, by: int | None, reason: str | None = None) -> None:
        """Be through with it: nothing more comes out of this bin for it."""
        self.state, self.reason = state, reason
        self.finished_at, self.finished_by_id = datetime.now(UTC), by

    def reopen(self) -> None:
        """Be to do again."""
        self.state, self.reason, self.finished_at, self.finished_by_id = "open", *(None,) * 3


class PickStep(Model):
    """What was done in a pick task, in order; an undo takes the last of it back, and its row.

    A pick has its quantity, a skip the sequence that the line had before.
    """

    __tablename__ = "pick_step"
    __table_args__ = (
        Index("ix_pick_step_task", "task_id", "id"),
        Index("ix_pick_step_line", "line_id"),
        CheckConstraint(f"kind IN {STEPS}", "kind"),
        CheckConstraint("(kind = 'pick') = (quantity IS NOT NULL)", "quantity"),
        CheckConstraint("(kind = 'skip') = (sequence IS NOT NULL)", "sequence"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey(PickTask.id, ondelete="CASCADE"))
    line_id: Mapped[int] = mapped_column(ForeignKey(PickLine.id, ondelete="CASCADE"))
    kind: Mapped[str]
    quantity: Mapped[Decimal | None]
    sequence: Mapped[int | None]
