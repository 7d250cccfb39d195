"""A shipment on its way to us: goods of several purchase orders, and what it costs them all."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.audit import Audited
from app.core.days import today
from app.core.db import Model
from app.core.versions import Versioned
from app.documents.models import State, States
from app.purchasing.models.orders import PurchaseOrder

SHIPMENT_STATES = States(
    planned=State("Planned", "muted", is_open=True, then=("under_way", "arrived", "cancelled")),
    under_way=State("Under way", "low", is_open=True, then=("planned", "arrived", "cancelled")),
    arrived=State("Arrived", "ok", then=("under_way",)),
    cancelled=State("Cancelled", "muted"),
)

shipment_order = Table(
    "inbound_shipment_order",
    Model.metadata,
    Column("shipment_id", ForeignKey("inbound_shipment.id"), primary_key=True),
    Column("order_id", ForeignKey(PurchaseOrder.id), primary_key=True),
    Index("ix_inbound_shipment_order_order", "order_id"),
)


class InboundShipment(Audited, Versioned, Model):
    """A container, a pallet or a parcel with goods of several purchase orders.

    What it costs waits until it has arrived: only then is known what came with it, and over
    what the costs are spread. Costs that are known later are spread over the same goods.
    """

    __tablename__ = "inbound_shipment"
    __table_args__ = (
        Index("ix_inbound_shipment_status", "status", "expected_on", "id"),
        CheckConstraint(f"status IN {tuple(SHIPMENT_STATES)}", "status"),
        CheckConstraint("(status = 'arrived') = (arrived_on IS NOT NULL)", "arrived"),
    )
    unaudited = frozenset({"actor_id"})
    value_labels: ClassVar[Mapping[str, Mapping[str, str]]] = {"status": SHIPMENT_STATES.labels}

    name: Mapped[str]  # the container, the waybill: whatever people call it
    carrier: Mapped[str] = mapped_column(server_default="", default="")
    tracking: Mapped[str] = mapped_column(server_default="", default="")
    status: Mapped[str] = mapped_column(server_default="planned", default="planned")
    expected_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(server_default="", default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    actor: Mapped[User | None] = relationship(lazy="raise")
    orders: Mapped[list[PurchaseOrder]] = relationship(
        secondary=shipment_order, lazy="raise", order_by=PurchaseOrder.id
    )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it beside its name."""
        return shipment_number(self.id)

    @property
    def state(self) -> State:
        """Its state, as people see it."""
        return SHIPMENT_STATES[self.status]

    @property
    def is_open(self) -> bool:
        """Tell whether it has not arrived yet."""
        return self.state.is_open

    @property
    def is_late(self) -> bool:
        """Tell whether it should have arrived before today."""
        return self.is_open and self.expected_on is not None and self.expected_on < today()


def shipment_number(shipment_id: int) -> str:
    """Write the number of a shipment as it stands on pages."""
    return f"IS-{shipment_id:06}"
