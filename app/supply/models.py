"""Plans of supply: what each found of each product, and what it suggests to buy or build."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Index, Numeric, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product, Vendor
from app.core.db import Model
from app.core.jobs import JobRun
from app.planning.models import LONGEST_HORIZON, Cycle
from app.planning.months import months_after
from app.purchasing.models import PurchaseOrder

NETTINGS = {"customer": "Customer by customer", "all": "All customers together"}
SOURCES = {"buy": "Bought", "build": "Built", "bundle": "Taken apart"}
EXCEPTIONS = {
    "out": "Runs out",
    "expedite": "Expedite",
    "excess": "Too much",
    "no_vendor": "No vendor",
}
Quantities = ARRAY(Numeric(14, 3))


class SupplyPlan(Model):
    """What supply is wanted for what a cycle forecasts, as it stood on a day.

    `uncovered` are months that no cycle forecasts: there only orders count. `blanks` are cells
    of the forecast without a figure, `left_out` products of which there is stock and nothing
    else. A plan stays as it was made; one that is being made has no `made_at`.
    """

    __tablename__ = "supply_plan"
    __table_args__ = (
        CheckConstraint(f"months BETWEEN 1 AND {LONGEST_HORIZON}", "months"),
        CheckConstraint(f"netting IN {tuple(NETTINGS)}", "netting"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey(Cycle.id, ondelete="CASCADE"))
    first_on: Mapped[date]
    months: Mapped[int]
    netting: Mapped[str]
    made_at: Mapped[datetime | None]
    products: Mapped[int] = mapped_column(server_default="0", default=0)
    suggestions: Mapped[int] = mapped_column(server_default="0", default=0)
    left_out: Mapped[int] = mapped_column(server_default="0", default=0)
    blanks: Mapped[int] = mapped_column(server_default="0", default=0)
    uncovered: Mapped[list[date]] = mapped_column(
        ARRAY(Date), server_default="{}", default=list
    )
    job_id: Mapped[int | None] = mapped_column(ForeignKey(JobRun.id, ondelete="SET NULL"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    job: Mapped[JobRun | None] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"{self.first_on:%-d %B %Y}"

    @property
    def horizon(self) -> list[date]:
        """Its months, each by its first day."""
        begin = self.first_on.replace(day=1)
        return [months_after(begin, number) for number in range(self.months)]

    @property
    def is_made(self) -> bool:
        """Tell whether it can be read."""
        return self.made_at is not None

    @property
    def is_working(self) -> bool:
        """Tell whether something will still happen by itself."""
        return not self.is_made and self.job is not None and not self.job.is_finished


class SupplyRow(Model):
    """A product in a plan: lists by month, and what is wrong.

    `projected` is the stock at the end of each month if nothing more is bought or built,
    `planned` if all suggestions are followed; below zero it is missing. `pulls` are documents
    that are to come sooner.
    """

    __tablename__ = "supply_row"
    __table_args__ = (
        Unique("plan_id", "product_id"),
        Index("ix_supply_row_product", "product_id"),
        CheckConstraint(f"source IN {tuple(SOURCES)}", "source"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey(SupplyPlan.id, ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    source: Mapped[str]
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey(Vendor.id))
    on_hand: Mapped[Decimal]
    safety_stock: Mapped[Decimal]
    lead_days: Mapped[int]
    ordered: Mapped[list[Decimal]] = mapped_column(Quantities)
    forecast: Mapped[list[Decimal]] = mapped_column(Quantities)
    dependent: Mapped[list[Decimal]] = mapped_column(Quantities)
    incoming: Mapped[list[Decimal]] = mapped_column(Quantities)
    suggested: Mapped[list[Decimal]] = mapped_column(Quantities)
    projected: Mapped[list[Decimal]] = mapped_column(Quantities)
    planned: Mapped[list[Decimal]] = mapped_column(Quantities)
    out_on: Mapped[date | None]
    out_quantity: Mapped[Decimal]
    excess: Mapped[Decimal]
    exceptions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    pulls: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    plan: Mapped[SupplyPlan] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
    vendor: Mapped[Vendor | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"row {self.id}"


class SupplySuggestion(Model):
    """So much of a product is to be bought or built, why, and for which demand.

    It is wanted on `due_on`; begun on `begin_on` it comes on `arrives_on`, later than wanted
    inside of the lead time. `pegs` are what it serves, each with quantity, kind, number and
    document.
    """

    __tablename__ = "supply_suggestion"
    __table_args__ = (
        Index("ix_supply_suggestion_plan", "plan_id", "begin_on", "id"),
        Index("ix_supply_suggestion_product", "plan_id", "product_id", "due_on"),
        Index("ix_supply_suggestion_order", "order_id"),
        CheckConstraint("source IN ('buy', 'build')", "source"),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("arrives_on >= due_on AND arrives_on >= begin_on", "days"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey(SupplyPlan.id, ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    source: Mapped[str]
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey(Vendor.id))
    quantity: Mapped[Decimal]
    due_on: Mapped[date]
    begin_on: Mapped[date]
    arrives_on: Mapped[date]
    why: Mapped[str]
    pegs: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey(PurchaseOrder.id, ondelete="SET NULL")
    )

    plan: Mapped[SupplyPlan] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
    vendor: Mapped[Vendor | None] = relationship(lazy="raise")
    order: Mapped[PurchaseOrder | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"suggestion {self.id}"

    @property
    def is_late(self) -> bool:
        """Tell whether it cannot be there when it is wanted."""
        return self.arrives_on > self.due_on

    @property
    def served(self) -> list[dict[str, Any]]:
        """What it serves, with the months of forecasts as people write them."""
        return [
            peg | {"document": f"{date.fromisoformat(peg['document']):%B %Y}"}
            if peg["kind"] == "forecast"
            else peg
            for peg in self.pegs
        ]
