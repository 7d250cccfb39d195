"""A purchase order: from whom, to which warehouse, and the state it is in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Vendor
from app.core import audit
from app.core.days import today
from app.core.indexes import prefix_index, trigram_index
from app.documents.models import Document, Numbering, document_rules
from app.purchasing.models.items import PurchaseItem
from app.purchasing.models.lines import PurchaseLine
from app.purchasing.models.states import NOT_SENT, OPEN, STATES
from app.stock.models import Location

CHANNELS = {
    "hand": "By hand",
    "api": "API",
    "import": "Import",
    "reorder": "Reorder list",
    "drop_ship": "Drop shipping",
}


class PurchaseOrder(Document):
    """What we have ordered from a vendor."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        *document_rules("purchase_order", STATES),
        # Every filter of the list ends in its order, so that it stays fast at any size.
        Index("ix_purchase_order_status", "status", "id"),
        Index("ix_purchase_order_vendor", "vendor_id", "id"),
        Index("ix_purchase_order_order_date", "order_date", "id"),
        Index("ix_purchase_order_vendor_name", "vendor_name", "id"),
        Index("ix_purchase_order_total", "total", "id"),
        Index("ix_purchase_order_due", "due_on", "id"),
        Index(
            "ix_purchase_order_open", "due_on", "id", postgresql_where=text(f"status IN {OPEN}")
        ),
        # An order of a file comes once.
        Index(
            "uq_purchase_order_external",
            "external_number",
            unique=True,
            postgresql_where=text("external_number IS NOT NULL"),
        ),
        trigram_index("purchase_order", "search"),
        prefix_index("purchase_order", "external_key"),
        prefix_index("purchase_order", "reference_key"),
        prefix_index("purchase_order", "name_key"),
        CheckConstraint(f"channel IN {tuple(CHANNELS)}", "channel"),
        CheckConstraint("(channel = 'drop_ship') = (delivery_address <> '')", "drop_ship"),
        CheckConstraint(
            f"status NOT IN {NOT_SENT} OR (sent_at IS NULL AND confirmed_at IS NULL)", "sent"
        ),
    )
    states = STATES
    value_labels: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "status": STATES.labels,
        "channel": CHANNELS,
    }
    numbering = Numbering("PO-", "purchase_order_number_seq")
    # What it comes to follows from its lines, whose history takes a permission of its own.
    unaudited = Document.unaudited | (
        {"search", "external_key", "reference_key", "name_key", "total"}
        | {"approved_at", "approved_by_id", "sent_at", "confirmed_at", "due_on"}
    )

    vendor_id: Mapped[int] = mapped_column(ForeignKey(Vendor.id))
    vendor_name: Mapped[str]  # as it was when the order was made: documents say it
    vendor_reference: Mapped[str] = mapped_column(server_default="", default="")
    warehouse_id: Mapped[int] = mapped_column(ForeignKey(Location.id))  # where it is delivered
    # Of the customer to whom the vendor delivers, as it stands on paper; "": it comes to us.
    delivery_address: Mapped[str] = mapped_column(server_default="", default="")
    order_date: Mapped[date]
    expected_on: Mapped[date | None]  # of lines that say nothing else
    due_on: Mapped[date | None]  # the first day on which something open of it is due
    cancel_reason: Mapped[str] = mapped_column(server_default="", default="")
    channel: Mapped[str] = mapped_column(server_default="hand", default="hand")
    external_number: Mapped[str | None]  # the number of the file that it came from
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    sent_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(number || ' ' || vendor_name || ' ' || vendor_reference || ' ' "
            "|| coalesce(external_number, ''))",
            persisted=True,
        ),
        deferred=True,
    )
    external_key: Mapped[str | None] = mapped_column(
        Computed("nullif(code_key(coalesce(external_number, '')), '')", persisted=True),
        deferred=True,
    )
    reference_key: Mapped[str | None] = mapped_column(
        Computed("nullif(code_key(vendor_reference), '')", persisted=True), deferred=True
    )
    name_key: Mapped[str] = mapped_column(
        Computed("search_text(vendor_name)", persisted=True), deferred=True
    )

    vendor: Mapped[Vendor] = relationship(lazy="raise")
    warehouse: Mapped[Location] = relationship(lazy="raise")
    approved_by: Mapped[User | None] = relationship(lazy="raise")
    lines: Mapped[list[PurchaseLine]] = relationship(
        lazy="raise",
        back_populates="order",
        cascade="all, delete-orphan",
        order_by="PurchaseLine.position, PurchaseLine.id",
    )

    @property
    def items(self) -> list[PurchaseItem]:
        """Its lines as plain values, which `revise` compares and replaces."""
        return [line.item for line in self.lines]

    @items.setter
    def items(self, items: list[PurchaseItem]) -> None:
        audit.note(self, "purchase_lines", self.items, items, attribute="items")
        known = {line.id: line for line in self.lines}
        self.lines = [
            (known.get(item.id or 0) or PurchaseLine()).become(item, position=position)
            for position, item in enumerate(items, start=1)
        ]

    @property
    def is_editable(self) -> bool:
        """Tell whether its lines may change: what the vendor has is taken back first."""
        return self.status in NOT_SENT

    @property
    def has_received(self) -> bool:
        """Tell whether something of it has come."""
        return any(line.units_received for line in self.lines)

    @property
    def is_drop_ship(self) -> bool:
        """Tell whether the vendor delivers to a customer: nothing of it comes to us."""
        return bool(self.delivery_address)

    @property
    def is_late(self) -> bool:
        """Tell whether something should have come before today."""
        return self.is_open and self.due_on is not None and self.due_on < today()
