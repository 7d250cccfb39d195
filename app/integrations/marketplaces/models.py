"""Stock in the warehouses of marketplaces: as it stands, its ledger, and what came of it.

All of it is derived from the mirror and can be made again. Quantities are pieces. Rows that the
marketplace gives no number to are known by their month and their place in it.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.db import Model, Money
from app.integrations.hub.models import Connection

CURRENCY = "currency ~ '^[A-Z]{3}$'"


class MarketplaceStock(Model):
    """A SKU as the marketplace said last that it stands; `product` is ours, where it is known.

    `total` counts all that is there or on its way. What is `unsellable` or `researching` (being
    looked for) is none of what is `fulfillable` or `reserved`.
    """

    __tablename__ = "marketplace_stock"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        Index("ix_marketplace_stock_sku", "sku", "id"),
        Index("ix_marketplace_stock_product", "product_id"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    sku: Mapped[str]
    fnsku: Mapped[str]
    asin: Mapped[str]
    name: Mapped[str]
    condition: Mapped[str]
    fulfillable: Mapped[int]
    reserved: Mapped[int]
    unsellable: Mapped[int]
    researching: Mapped[int]
    inbound: Mapped[int]
    receiving: Mapped[int]
    total: Mapped[int]
    changed_at: Mapped[datetime | None]
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id, ondelete="SET NULL"))

    connection: Mapped[Connection] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.sku


class LedgerEvent(Model):
    """One row of a marketplace's ledger. Two that are equal are two events.

    `quantity` has the sign that it has for the stock. `unreconciled` is what the marketplace
    has not explained yet; None where it does not say.
    """

    __tablename__ = "marketplace_event"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        Index("ix_marketplace_event_day", "day", "id"),
        Index("ix_marketplace_event_fnsku", "connection_id", "fnsku", "day"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    day: Mapped[date]
    sku: Mapped[str]
    fnsku: Mapped[str]
    asin: Mapped[str]
    name: Mapped[str]
    event: Mapped[str]
    reference: Mapped[str]
    quantity: Mapped[int]
    warehouse: Mapped[str]
    disposition: Mapped[str]
    reason: Mapped[str]
    country: Mapped[str]
    reconciled: Mapped[int | None]
    unreconciled: Mapped[int | None]

    connection: Mapped[Connection] = relationship(lazy="raise")


class LedgerDay(Model):
    """A SKU's day at a marketplace: what it began with, what happened, what it ended with."""

    __tablename__ = "marketplace_day"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        Index("ix_marketplace_day_day", "day", "id"),
        Index("ix_marketplace_day_fnsku", "connection_id", "fnsku", "day"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    day: Mapped[date]
    sku: Mapped[str]
    fnsku: Mapped[str]
    disposition: Mapped[str]
    country: Mapped[str]
    opening: Mapped[int]
    in_transit: Mapped[int]
    receipts: Mapped[int]
    shipments: Mapped[int]
    returns: Mapped[int]
    removals: Mapped[int]
    transfers: Mapped[int]
    found: Mapped[int]
    lost: Mapped[int]
    damaged: Mapped[int]
    disposed: Mapped[int]
    other: Mapped[int]
    unknown: Mapped[int]
    closing: Mapped[int]

    connection: Mapped[Connection] = relationship(lazy="raise")


class Reimbursement(Model):
    """What a marketplace paid, or gave in pieces, for goods; one taken back is negative."""

    __tablename__ = "marketplace_reimbursement"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        CheckConstraint(CURRENCY, "currency"),
        Index("ix_marketplace_reimbursement_day", "day", "id"),
        Index("ix_marketplace_reimbursement_number", "number"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    day: Mapped[date]
    number: Mapped[str]
    case: Mapped[str] = mapped_column("case_number")
    order_number: Mapped[str]
    reason: Mapped[str]
    sku: Mapped[str]
    fnsku: Mapped[str]
    asin: Mapped[str]
    name: Mapped[str]
    currency: Mapped[str]
    unit_amount: Mapped[Decimal | None] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    paid_quantity: Mapped[int]
    given_quantity: Mapped[int]
    original_number: Mapped[str]

    connection: Mapped[Connection] = relationship(lazy="raise")


class MarketplaceReturn(Model):
    """Goods that a buyer has sent back to the marketplace."""

    __tablename__ = "marketplace_return"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        Index("ix_marketplace_return_day", "day", "id"),
        Index("ix_marketplace_return_order", "order_number"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    day: Mapped[date]
    order_number: Mapped[str]
    sku: Mapped[str]
    fnsku: Mapped[str]
    asin: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    warehouse: Mapped[str]
    disposition: Mapped[str]
    reason: Mapped[str]
    status: Mapped[str]
    plate: Mapped[str]
    comment: Mapped[str]

    connection: Mapped[Connection] = relationship(lazy="raise")


class Removal(Model):
    """Goods that we had taken out of the marketplace's warehouses, or disposed of."""

    __tablename__ = "marketplace_removal"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        Index("ix_marketplace_removal_day", "day", "id"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    day: Mapped[date]
    order_number: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    sku: Mapped[str]
    fnsku: Mapped[str]
    disposition: Mapped[str]
    requested: Mapped[int]
    cancelled: Mapped[int]
    disposed: Mapped[int]
    shipped: Mapped[int]
    in_process: Mapped[int]
    fee: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str]

    connection: Mapped[Connection] = relationship(lazy="raise")


class InboundShipment(Model):
    """Goods that we send to the marketplace's warehouses."""

    __tablename__ = "marketplace_shipment"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        Index("ix_marketplace_shipment_external_id", "external_id"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    name: Mapped[str]
    warehouse: Mapped[str]
    status: Mapped[str]

    connection: Mapped[Connection] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.external_id


class InboundShipmentLine(Model):
    """What is in a shipment: as we sent it, and as it was received."""

    __tablename__ = "marketplace_shipment_line"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        Index("ix_marketplace_shipment_line_shipment", "connection_id", "shipment"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    shipment: Mapped[str]
    sku: Mapped[str]
    fnsku: Mapped[str]
    shipped: Mapped[int]
    received: Mapped[int]


class FeeEstimate(Model):
    """What a sale of a SKU is estimated to cost, by the sizes that the marketplace measured."""

    __tablename__ = "marketplace_fee"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        CheckConstraint(CURRENCY, "currency"),
        Index("ix_marketplace_fee_sku", "sku", "id"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    sku: Mapped[str]
    fnsku: Mapped[str]
    asin: Mapped[str]
    name: Mapped[str]
    price: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str]
    total: Mapped[Decimal | None] = mapped_column(Money)
    referral: Mapped[Decimal | None] = mapped_column(Money)
    fulfilment: Mapped[Decimal | None] = mapped_column(Money)
    longest_side: Mapped[Decimal | None]
    median_side: Mapped[Decimal | None]
    shortest_side: Mapped[Decimal | None]
    unit_of_size: Mapped[str]
    weight: Mapped[Decimal | None]
    unit_of_weight: Mapped[str]
    size_tier: Mapped[str]

    connection: Mapped[Connection] = relationship(lazy="raise")
