"""What was found of one product, or of one lot of it, in one round."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.db import Model, Money
from app.core.quantities import LARGEST_QUANTITY
from app.scanning.errors import WrongScan
from app.stock.models import Lot

LINE_STATES = {
    "open": "Counting",
    "matched": "Agrees",
    "review": "To approve",
    "recount": "To recount",
    "posted": "Posted",
    "dropped": "Not posted",
}
RECOUNT_REASONS = {
    "large": "Large difference",
    "moved": "Stock moved",
    "asked": "Asked for",
}
ZERO = Decimal(0)


class CountLine(Model):
    """A product in a bin; `counted` is None until somebody has looked for it.

    `on_hand` is what the books said at the moment of counting, when the round ended; until then
    `version` is the balance's when it began. Nothing of either is shown to who counts.
    """

    __tablename__ = "count_line"
    __table_args__ = (
        Index(
            "uq_count_line_product",
            "task_id",
            "round",
            "product_id",
            text("coalesce(lot_id, 0)"),
            unique=True,
        ),
        Index("ix_count_line_product", "product_id"),
        CheckConstraint(f"state IN {tuple(LINE_STATES)}", "state"),
        CheckConstraint("counted >= 0", "counted"),
        CheckConstraint(
            "state = 'open' OR (counted IS NOT NULL AND on_hand IS NOT NULL)", "compared"
        ),
        CheckConstraint(
            f"recount_reason IS NULL OR recount_reason IN {tuple(RECOUNT_REASONS)}",
            "recount_reason",
        ),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("count_task.id"))
    round: Mapped[int]
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey(Lot.id))
    is_expected: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int]
    counted: Mapped[Decimal | None]
    on_hand: Mapped[Decimal | None]
    counted_at: Mapped[datetime | None]
    # When the goods had last been counted by then: a later one has corrected them already.
    counted_before: Mapped[datetime | None]
    unit_cost: Mapped[Decimal] = mapped_column(Money, default=ZERO, server_default="0")
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    recount_reason: Mapped[str | None]

    product: Mapped[Product] = relationship(lazy="raise")
    lot: Mapped[Lot | None] = relationship(lazy="raise")

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return LINE_STATES[self.state]

    @property
    def recount_label(self) -> str:
        """Why it is counted again, in words; "" if it is not."""
        return RECOUNT_REASONS[self.recount_reason] if self.recount_reason else ""

    @property
    def difference(self) -> Decimal:
        """How many more were found than the books said; negative if fewer."""
        return (self.counted or ZERO) - (self.on_hand or ZERO)

    @property
    def value(self) -> Decimal:
        """What the difference is worth, at cost, in the product's currency."""
        return self.difference * self.unit_cost

    def differs_by(self, *, percent: int, value: int) -> bool:
        """Tell whether it differs by more than a share of the books, or than an amount.

        Of what the books do not know at all everything that is found is 100 percent.
        """
        share = abs(self.difference) * 100 / (self.on_hand or abs(self.difference) or 1)
        return share > percent or abs(self.value) > value

    def set_counted(self, counted: Decimal) -> Decimal:
        """Say how many there are; gives by how many that is more than before.

        Raises:
            WrongScan: There cannot be so many.
        """
        if not 0 <= counted < LARGEST_QUANTITY:
            raise WrongScan("So many cannot lie here.")
        more = counted - (self.counted or ZERO)
        self.counted = counted
        return more
