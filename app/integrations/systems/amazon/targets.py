"""What becomes of Amazon's records here: stock, ledger, what came of it, and money."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.db import Model
from app.integrations.hub.models import Connection
from app.integrations.inbound.targets import BulkTarget, IncomingRecord, Target
from app.integrations.marketplaces import models
from app.integrations.marketplaces.writing import match_products, write_rows
from app.integrations.money import writing
from app.integrations.money.writing import describe_sales
from app.integrations.sync.mirror import Rejection
from app.integrations.systems.amazon import finances, reading


@dataclass(frozen=True, kw_only=True)
class RowTarget(BulkTarget):
    """Rows of one of our tables."""

    model: type[Model]

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Keep what is there, forget what is not."""
        rows = [
            one.values | {"external_id": one.external_id} for one in incoming if not one.is_gone
        ]
        gone = [one.external_id for one in incoming if one.is_gone]
        write_rows(self.model, connection.id, rows, gone=gone)
        return ()


@dataclass(frozen=True, kw_only=True)
class StockTarget(RowTarget):
    """What lies there, with our products."""

    def finish(self, connection: Connection) -> None:
        """Find our products of what has none: they may have come meanwhile."""
        match_products(connection.id)


@dataclass(frozen=True, kw_only=True)
class MoneyTarget(BulkTarget):
    """Transactions with their fees, and what they are for."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Keep what counts; what another one counts is forgotten."""
        counted = [one.values for one in incoming if not (one.is_gone or one.values["is_gone"])]
        left = [one.external_id for one in incoming if one.is_gone or one.values["is_gone"]]
        fees = [fee for row in counted for fee in row["fees"]]
        writing.write_transactions(
            connection.id, [_plain(row) for row in counted], fees, gone=left
        )
        describe_sales(connection.id, [_said(row) for row in counted if row["role"] == "sale"])
        return ()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("external_id", *writing.TRANSACTIONS[1:])}


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": row["source"], "reference": row["reference"], "charged_amount": row["amount"],
        "charged_currency": row["currency"], "description": row["description"],
    }  # fmt: skip


TARGETS: Sequence[Target] = (
    StockTarget(kind="stock", read=reading.stock, model=models.MarketplaceStock),
    RowTarget(kind="inbound_shipment", read=reading.shipment, model=models.InboundShipment),
    RowTarget(
        kind="inbound_item", read=reading.shipment_line, model=models.InboundShipmentLine
    ),
    MoneyTarget(kind="transaction", read=finances.transaction),
    RowTarget(kind="ledger", read=reading.event, model=models.LedgerEvent),
    RowTarget(kind="ledger_day", read=reading.ledger_day, model=models.LedgerDay),
    RowTarget(kind="reimbursement", read=reading.reimbursement, model=models.Reimbursement),
    RowTarget(
        kind="customer_return", read=reading.customer_return, model=models.MarketplaceReturn
    ),
    RowTarget(kind="removal", read=reading.removal, model=models.Removal),
    RowTarget(kind="fee_estimate", read=reading.fee_estimate, model=models.FeeEstimate),
)
