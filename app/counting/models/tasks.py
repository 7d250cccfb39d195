"""One bin that somebody is to count: all of it, or one product in it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product
from app.core.audit import Audited
from app.core.db import Model
from app.counting.models.lines import CountLine
from app.counting.models.rounds import CountRound
from app.stock.models import Location

LEASE = timedelta(minutes=10)  # a claim, renewed by each scan, as in picking: WAREHOUSE.md
STATES = {
    "open": "To count",
    "counting": "Counting",
    "recount": "To recount",
    "review": "To approve",
    "done": "Done",
    "cancelled": "Cancelled",
    "undone": "Undone",
}
TO_COUNT = ("open", "recount")  # what a tablet offers
OPEN = (*TO_COUNT, "counting", "review")
CAUSES = {
    "hand": "By hand",
    "oldest": "Not counted for long",
    "short": "Short pick",
    "not_empty": "Bin was not empty",
    "plan": "By plan",
}
ZERO = Decimal(0)


class CountTask(Audited, Model):
    """A bin and, if not all that lies there is counted, a product."""

    __tablename__ = "count_task"
    __table_args__ = (
        # Two tasks for the same goods would correct the same difference twice.
        Index(
            "uq_count_task_open",
            "location_id",
            text("coalesce(product_id, 0)"),
            unique=True,
            postgresql_where=text(f"state IN {OPEN}"),
        ),
        # One bin at a time for each person.
        Index(
            "uq_count_task_claimed_by",
            "claimed_by_id",
            unique=True,
            postgresql_where=text("state = 'counting'"),
        ),
        Index("ix_count_task_state", "state", "id"),
        Index("ix_count_task_cause", "cause", "id"),
        Index("ix_count_task_location", "location_id", "id"),
        Index("ix_count_task_product", "product_id", "id"),
        CheckConstraint(f"state IN {tuple(STATES)}", "state"),
        CheckConstraint(f"cause IN {tuple(CAUSES)}", "cause"),
        CheckConstraint("state <> 'counting' OR claimed_by_id IS NOT NULL", "claimed"),
        CheckConstraint("round >= 1", "round"),
    )
    # Of who has it and who approved it the history says the names, and of the bin its code.
    unaudited = frozenset(
        {"device", "lease_until", "is_at_bin", "line_id", "last_quantity", "ended_at"}
    ) | {*("location_id", "product_id", "claimed_by_id", "approved_by_id")}

    location_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))
    cause: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    round: Mapped[int] = mapped_column(default=1, server_default="1")  # 2 is the recount
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    device: Mapped[str] = mapped_column(default="", server_default="")
    lease_until: Mapped[datetime | None]
    # Where the counter is: whether the bin was scanned, and what one tap undoes.
    is_at_bin: Mapped[bool] = mapped_column(default=False, server_default="false")
    line_id: Mapped[int | None]
    last_quantity: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    reason: Mapped[str] = mapped_column(default="", server_default="")  # the approver's
    ended_at: Mapped[datetime | None]

    location: Mapped[Location] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    claimed_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[claimed_by_id])
    approved_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[approved_by_id])
    rounds: Mapped[list[CountRound]] = relationship(lazy="raise", order_by=CountRound.number)
    lines: Mapped[list[CountLine]] = relationship(
        lazy="raise", order_by=(CountLine.round, CountLine.id)
    )

    def __str__(self) -> str:
        return f"Count {self.id}"

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return STATES[self.state]

    @property
    def cause_label(self) -> str:
        """Why it was made, in words."""
        return CAUSES[self.cause]

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done about it."""
        return self.state in OPEN

    @property
    def is_posted(self) -> bool:
        """Tell whether it is over and differences of it stand in the books."""
        return self.state == "done" and any(line.state == "posted" for line in self.lines)

    @property
    def is_recount(self) -> bool:
        """Tell whether it is counted for a second time, or a third."""
        return self.round > 1

    @property
    def current_lines(self) -> list[CountLine]:
        """The lines of the round that is counted now."""
        return [line for line in self.lines if line.round == self.round]

    @property
    def results(self) -> list[CountLine]:
        """What was found last of each product and lot: a recount replaces a count."""
        latest = {(line.product_id, line.lot_id): line for line in self.lines}
        return [*latest.values()]

    @property
    def line(self) -> CountLine | None:
        """The line that is under the counter's hands."""
        return next((line for line in self.lines if line.id == self.line_id), None)

    def is_idle(self, now: datetime | None = None) -> bool:
        """Tell whether nobody has scanned for the time of a lease; nothing is lost by that."""
        now = now or datetime.now(UTC)
        until = self.lease_until
        return self.state == "counting" and until is not None and until < now

    def renew(self) -> None:
        """Somebody is at work on it: the lease starts anew."""
        self.lease_until = datetime.now(UTC) + LEASE

    def assign_to(self, user_id: int, device: str) -> None:
        """Let somebody have it, on a tablet."""
        self.claimed_by_id, self.device, self.state = user_id, device, "counting"
        self.renew()

    def unassign(self, state: str) -> None:
        """Be in nobody's hands any more."""
        self.claimed_by_id, self.device, self.lease_until = None, "", None
        self.is_at_bin, self.line_id, self.last_quantity = False, None, ZERO
        self.state = state
        if state not in OPEN:
            self.ended_at = datetime.now(UTC)
