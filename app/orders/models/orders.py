"""A sales order: who wants it, where it goes, and the state it is in."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Customer
from app.core import audit
from app.core.db import Money
from app.core.indexes import prefix_index, trigram_index
from app.core.quantities import MONEY_DECIMALS
from app.documents.models import (
    DISCOUNT_PATTERN,
    Discount,
    Document,
    DocumentAmounts,
    Numbering,
    Shipping,
    document_amounts,
    document_rules,
    read_discount,
    shares,
)
from app.documents.models.lines import ZERO, Percent
from app.orders.models.items import OrderItem
from app.orders.models.lines import OrderLine
from app.orders.models.states import IN_HAND, OPEN, STATES, WAITING

ADDRESS = (
    *("ship_name", "ship_company", "ship_street", "ship_city", "ship_region"),
    *("ship_postcode", "ship_country", "ship_phone"),
)


TOTAL = "subtotal - discount_amount + shipping_amount + tax"


class SalesOrder(Document):
    """What a customer has ordered."""

    __tablename__ = "sales_order"
    __table_args__ = (
        *document_rules("sales_order", STATES, total=TOTAL),
        # Every filter of the list ends in its order, so that it stays fast at any size.
        Index("ix_sales_order_status", "status", "ship_by", "id"),
        Index("ix_sales_order_customer", "customer_id", "order_date", "id"),
        Index("ix_sales_order_order_date", "order_date", "id"),
        Index("ix_sales_order_ship_by", "ship_by", "id"),
        Index("ix_sales_order_customer_name", "customer_name", "id"),
        Index("ix_sales_order_total", "total", "id"),
        Index(
            "ix_sales_order_open", "ship_by", "id", postgresql_where=text(f"status IN {OPEN}")
        ),
        Index(
            "ix_sales_order_waiting",
            "confirmed_at",
            "id",
            postgresql_where=text("status IN ('confirmed', 'part_allocated')"),
        ),
        # An order of a file comes once; what is split from it has the same number there.
        Index(
            "uq_sales_order_external",
            "channel",
            "channel_account",
            "external_number",
            unique=True,
            postgresql_where=text("split_from_id IS NULL AND external_id IS NULL"),
        ),
        # A shop's too: two of its stores may give two orders one number.
        Index(
            "uq_sales_order_external_id",
            "channel",
            "channel_account",
            "external_id",
            unique=True,
            postgresql_where=text("split_from_id IS NULL"),
        ),
        trigram_index("sales_order", "search"),
        prefix_index("sales_order", "external_key"),
        prefix_index("sales_order", "po_key"),
        prefix_index("sales_order", "name_key"),
        # Which there are the systems say: an order outlives the one that it came from.
        CheckConstraint("channel ~ '^[a-z][a-z0-9_]*$'", "channel"),
        CheckConstraint("ship_country ~ '^([A-Z]{2})?$'", "ship_country"),
        CheckConstraint(f"discount ~ '{DISCOUNT_PATTERN}'", "discount"),
        CheckConstraint("shipping_amount >= 0", "shipping_amount"),
        CheckConstraint("shipping_tax_rate BETWEEN 0 AND 100", "shipping_tax_rate"),
    )
    states = STATES
    value_labels: ClassVar[Mapping[str, Mapping[str, str]]] = {"status": STATES.labels}
    numbering = Numbering("SO-", "sales_order_number_seq")
    unaudited = Document.unaudited | (
        {"search", "external_key", "po_key", "name_key"}
        | {"confirmed_at", "shipped_at", "discount_amount"}
    )
    # Shipping is charged once: it stays with the first. The discount is shared out.
    own_columns = Document.own_columns | (
        {"shipped_at", "shipping_amount", "discount", "discount_amount"}
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id))
    customer_name: Mapped[str]  # as it was when the order was made: documents say it
    order_date: Mapped[date]
    delivery_date: Mapped[date | None]
    ship_by: Mapped[datetime | None]  # the cut-off: the parcel is with the carrier by then
    customer_po: Mapped[str] = mapped_column(server_default="", default="")
    # Why it waits; of a cancelled order, why it was cancelled.
    hold_reason: Mapped[str] = mapped_column(server_default="", default="")
    channel: Mapped[str] = mapped_column(server_default="hand", default="hand")
    # Which shop, where there are several: its address. Each numbers its orders by itself.
    channel_account: Mapped[str] = mapped_column(server_default="", default="")
    external_number: Mapped[str | None]  # what people call it there, or the number of a file
    external_id: Mapped[str | None]  # which record of the shop it is
    ship_name: Mapped[str] = mapped_column(server_default="", default="")
    ship_company: Mapped[str] = mapped_column(server_default="", default="")
    ship_street: Mapped[str] = mapped_column(server_default="", default="")  # several lines
    ship_city: Mapped[str] = mapped_column(server_default="", default="")
    ship_region: Mapped[str] = mapped_column(server_default="", default="")
    ship_postcode: Mapped[str] = mapped_column(server_default="", default="")
    ship_country: Mapped[str] = mapped_column(server_default="", default="")  # ISO 3166-1
    ship_phone: Mapped[str] = mapped_column(server_default="", default="")
    # Off all of its lines, as it was said: `10%`, or an amount. Not off shipping.
    discount: Mapped[str] = mapped_column(server_default="", default="")
    # What that comes to.
    discount_amount: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    shipping_amount: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    # In percent: the class of tax that shipping is in.
    shipping_tax_rate: Mapped[Decimal] = mapped_column(
        Percent, server_default="0", default=ZERO
    )
    confirmed_at: Mapped[datetime | None]  # who has waited longest is served first
    shipped_at: Mapped[datetime | None]  # when the last of it left
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(number || ' ' || customer_name || ' ' || customer_po || ' ' "
            "|| coalesce(external_number, ''))",
            persisted=True,
        ),
        deferred=True,
    )
    external_key: Mapped[str | None] = mapped_column(
        Computed("nullif(code_key(coalesce(external_number, '')), '')", persisted=True),
        deferred=True,
    )
    po_key: Mapped[str | None] = mapped_column(
        Computed("nullif(code_key(customer_po), '')", persisted=True), deferred=True
    )
    name_key: Mapped[str] = mapped_column(
        Computed("search_text(customer_name)", persisted=True), deferred=True
    )

    customer: Mapped[Customer] = relationship(lazy="raise")
    split_from: Mapped["SalesOrder | None"] = relationship(
        lazy="raise", remote_side="SalesOrder.id"
    )
    # As it was ordered and as it stands on paper: components are below their bundle's line.
    lines: Mapped[list[OrderLine]] = relationship(
        primaryjoin="and_(SalesOrder.id == OrderLine.order_id, "
        "OrderLine.bundle_line_id.is_(None))",
        lazy="raise",
        back_populates="order",
        cascade="all, delete-orphan",
        order_by="OrderLine.position, OrderLine.id",
    )

    @property
    def items(self) -> list[OrderItem]:
        """Its lines as plain values, which `revise` compares and replaces."""
        return [line.item for line in self.lines]

    @items.setter
    def items(self, items: list[OrderItem]) -> None:
        audit.note(self, "lines", self.items, items, attribute="items")
        known = {line.id: line for line in self.lines}
        self.lines = [
            (known.get(item.id or 0) or OrderLine()).become(item, position=position)
            for position, item in enumerate(items, start=1)
        ]

    @property
    def terms(self) -> tuple[Discount, Shipping]:
        """What is off the whole of it, and what shipping costs."""
        shipping = Shipping(self.shipping_amount or ZERO, self.shipping_tax_rate or ZERO)
        return read_discount(self.discount or ""), shipping

    @property
    def ordered(self) -> DocumentAmounts:
        """What its lines would come to with nothing cancelled and nothing off the whole."""
        return document_amounts(
            [line.terms.as_ordered for line in self.lines], currency=self.currency
        )

    def add_up(self) -> None:
        """Make its amounts follow, also what is off the whole of it."""
        super().add_up()
        self.discount_amount = self.amounts.discount

    def share_with(self, apart: "SalesOrder", before: DocumentAmounts) -> None:
        """Share the discount out in proportion, without a lost cent; shipping stays here.

        A percentage is that of both, as long as both come to what it came to before. Where
        rounding twice would lose or gain a cent, each has its amount from then on.
        """
        apart.discount = self.discount
        ours, theirs = self.amounts, apart.amounts
        if not before.discount or (
            self.terms[0].is_percent and ours.discount + theirs.discount == before.discount
        ):
            return
        here, there = shares(before.discount, [ours.subtotal, theirs.subtotal], self.currency)
        # What is off was agreed for all that was ordered, also for what was cancelled since.
        ordered, left = self.ordered.subtotal, ours.subtotal
        here = round(here * ordered / left, MONEY_DECIMALS) if left else ZERO
        self.discount, apart.discount = str(Discount(here)), str(Discount(there))

    @property
    def single_lines(self) -> list[OrderLine]:
        """Its lines, with the components of each bundle in place of it."""
        return [
            one
            for line in self.lines
            for one in (line.components if line.is_bundle else [line])
        ]

    @property
    def bundles(self) -> list[OrderLine]:
        """Its lines about bundles."""
        return [line for line in self.lines if line.is_bundle]

    @property
    def goods(self) -> list[OrderLine]:
        """Its lines about things that lie on shelves: what is reserved, picked and packed."""
        return [line for line in self.single_lines if not line.is_free]

    @property
    def free_lines(self) -> list[OrderLine]:
        """Its lines about no product of ours: they leave with the first goods that do."""
        return [line for line in self.lines if line.is_free]

    @property
    def waits_for_no_goods(self) -> bool:
        """Tell whether all that is open of it are free lines."""
        return not any(line.quantity_open for line in self.goods) and any(
            line.quantity_open for line in self.free_lines
        )

    @property
    def address(self) -> dict[str, str]:
        """Where it goes, by column."""
        return {name: getattr(self, name) for name in ADDRESS}

    @property
    def address_lines(self) -> list[str]:
        """Where it goes, as it stands on a parcel; the telephone is not part of it."""
        town = f"{self.ship_postcode} {self.ship_city}".strip()
        parts = [self.ship_company, *self.ship_street.splitlines(), town, self.ship_region]
        return [part for part in [self.ship_name, *parts, self.ship_country] if part]

    @property
    def is_unconfirmed(self) -> bool:
        """Tell whether it is a draft, perhaps on hold."""
        return self.confirmed_at is None and self.status in ("draft", "on_hold")

    @property
    def is_waiting(self) -> bool:
        """Tell whether it is confirmed and nobody has it in hand yet."""
        return self.status in WAITING

    @property
    def is_in_hand(self) -> bool:
        """Tell whether the warehouse works on it."""
        return self.status in IN_HAND

    @property
    def is_editable(self) -> bool:
        """Tell whether its lines may still change."""
        return self.status in ("draft", "on_hold", *WAITING)

    @property
    def is_partly_shipped(self) -> bool:
        """Tell whether something of it has left, but not all."""
        has_left = any(line.quantity_shipped for line in self.single_lines)
        return self.status != "shipped" and has_left

    def is_late(self, now: datetime | None = None) -> bool:
        """Tell whether it is open beyond its cut-off."""
        now = now or datetime.now(UTC)
        return self.is_open and self.ship_by is not None and self.ship_by < now
