"""Goods at a marketplace: one of everything that it tells of, and what differs from ours."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.catalog.models import Product
from app.core.db import transaction
from app.integrations.marketplaces import models
from app.integrations.sync.models import StreamState
from app.reconcile.discrepancies.models import Discrepancy, StockComparison
from app.stock.models import Location

LONG = "Blackwood, Fitzgerald & Søndergaard Kitchen Supplies, Kettle of 1.7 l, brushed steel"
NOW, DAY = datetime(2026, 11, 26, 9, 30, tzinfo=UTC), date(2026, 11, 25)


def differing(connection_id: int) -> dict[str, Any]:
    """Make it; gives what addresses need."""
    about = {
        "connection_id": connection_id, "external_id": "2026-11#0000001", "sku": LONG[:40],
        "fnsku": "X001ABCDEF",
    }  # fmt: skip
    named = about | {"asin": "B0ABCDEF01", "name": LONG}
    with transaction() as session:
        product = session.query(Product).order_by(Product.id).first()
        place = session.query(Location).filter_by(kind="bin").order_by(Location.id).first()
        assert product is not None
        assert place is not None
        one = Discrepancy(
            connection_id=connection_id, product_id=product.id, ours=Decimal(12345),
            theirs=Decimal(12000), quantity=Decimal(-345), value=Decimal("6896.55"),
            currency="EUR", snapshot_at=NOW, first_seen_at=NOW, seen_at=NOW,
        )  # fmt: skip
        session.add_all([
            one,
            StreamState(connection_id=connection_id, stream="stock", read_at=NOW),
            StockComparison(
                connection_id=connection_id, location_id=place.id, compared_at=NOW,
                snapshot_at=NOW, compared=1234, differing=1, unknown=12, untold=3,
            ),
            models.MarketplaceStock(
                **named, condition="NewItem", fulfillable=12000, reserved=12, unsellable=3,
                researching=2, inbound=48, receiving=24, total=12089, changed_at=NOW,
                product_id=product.id,
            ),
            models.LedgerEvent(
                **named, day=DAY, event="Adjustments", reference="1234567890123",
                quantity=-2, warehouse="LEJ1", disposition="SELLABLE", reason="M",
                country="DE", reconciled=0, unreconciled=2,
            ),
            models.LedgerDay(
                **about, day=DAY, disposition="SELLABLE", country="DE", opening=12002,
                in_transit=0, receipts=0, shipments=0, returns=0, removals=0, transfers=0,
                found=0, lost=-2, damaged=0, disposed=0, other=0, unknown=0, closing=12000,
            ),
            models.Reimbursement(
                **named, day=DAY, number="9876543210", case="11223344556",
                order_number="303-1234567-1234567", reason="Lost_warehouse", currency="EUR",
                unit_amount=Decimal("19.99"), amount=Decimal("39.98"), paid_quantity=2,
                given_quantity=0, original_number="",
            ),
            models.MarketplaceReturn(
                **named, day=DAY, order_number="303-1234567-1234567", quantity=1,
                warehouse="LEJ1", disposition="CUSTOMER_DAMAGED", reason="UNWANTED_ITEM",
                status="Unit returned to inventory", plate="LPN123", comment=LONG,
            ),
            models.Removal(
                **about, day=DAY, order_number="RM-1234567", kind="Return",
                status="Completed", disposition="Sellable", requested=5, cancelled=0,
                disposed=0, shipped=4, in_process=0, fee=Decimal("2.60"), currency="EUR",
            ),
            models.InboundShipment(
                connection_id=connection_id, external_id="FBA15ABCDEF", name=LONG,
                warehouse="LEJ1", status="CLOSED",
            ),
            models.InboundShipmentLine(
                **about, shipment="FBA15ABCDEF", shipped=24, received=21
            ),
            models.FeeEstimate(
                **named, price=Decimal("19.99"), currency="EUR", total=Decimal("6.49"),
                referral=Decimal(3), fulfilment=Decimal("3.49"), longest_side=Decimal(30),
                median_side=Decimal(20), shortest_side=Decimal(10),
                unit_of_size="centimeters", weight=Decimal(850), unit_of_weight="grams",
                size_tier="Small parcel",
            ),
        ])  # fmt: skip
        session.flush()
        return {"discrepancy_id": one.id}
