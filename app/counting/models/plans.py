"""A plan by which a warehouse is counted in turn: what is worth most, most often."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.audit import Audited
from app.core.db import Model, Money
from app.stock.models import Location

GRADES = {"A": "A", "B": "B", "C": "C"}
DAYS = 365
ZERO = Decimal(0)


class CountPlan(Audited, Model):
    """How often the products of a warehouse are counted, by the class that each is in.

    The first `share_a` percent of the value moved in a year are class A, the next `share_b`
    class B. Classes stay as they were found until somebody has them found anew.
    """

    __tablename__ = "count_plan"
    __table_args__ = (
        Index(
            "uq_count_plan_warehouse",
            "warehouse_id",
            unique=True,
            postgresql_where=text("is_active"),
        ),
        CheckConstraint("share_a > 0 AND share_b >= 0 AND share_a + share_b <= 100", "shares"),
        CheckConstraint(
            "times_a BETWEEN 1 AND 365 AND times_b BETWEEN 1 AND 365 "
            "AND times_c BETWEEN 1 AND 365",
            "times",
        ),
        CheckConstraint("most_a_day > 0", "most_a_day"),
    )

    warehouse_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    share_a: Mapped[int] = mapped_column(server_default="80", default=80)
    share_b: Mapped[int] = mapped_column(server_default="15", default=15)
    times_a: Mapped[int] = mapped_column(server_default="12", default=12)  # a year
    times_b: Mapped[int] = mapped_column(server_default="4", default=4)
    times_c: Mapped[int] = mapped_column(server_default="1", default=1)
    most_a_day: Mapped[int] = mapped_column(server_default="50", default=50)  # products
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    classed_on: Mapped[date | None]

    warehouse: Mapped[Location] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"Count plan {self.id}"

    def days_between(self, grade: str) -> int:
        """How many days lie between two counts of a product of a class."""
        times = {"A": self.times_a, "B": self.times_b, "C": self.times_c}[grade]
        return max(DAYS // times, 1)


class CountPlanItem(Model):
    """A product in a plan: its class, the value that put it there, and when it is counted.

    `value` is in the company's currency; `counted_on` is when a count of it was last made.
    """

    __tablename__ = "count_plan_item"
    __table_args__ = (
        UniqueConstraint("plan_id", "product_id"),
        Index("ix_count_plan_item_due", "plan_id", "due_on", "id"),
        Index("ix_count_plan_item_product", "product_id"),
        CheckConstraint(f"grade IN {tuple(GRADES)}", "grade"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey(CountPlan.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    grade: Mapped[str]
    value: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    due_on: Mapped[date]
    counted_on: Mapped[date | None]

    product: Mapped[Product] = relationship(lazy="raise")
