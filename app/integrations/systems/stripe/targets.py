"""What becomes of Stripe's records here: payouts, transactions, what they settle, what for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from app.core.db import transaction
from app.integrations.hub.models import Connection
from app.integrations.inbound.targets import BulkTarget, IncomingRecord, Target
from app.integrations.money import alerts, writing
from app.integrations.sync.mirror import Rejection
from app.integrations.sync.models import ExternalRecord
from app.integrations.systems.stripe import reading, settlements


def _there(incoming: Sequence[IncomingRecord]) -> list[dict[str, Any]]:
    return [one.values for one in incoming if not one.is_gone]


def _gone(incoming: Sequence[IncomingRecord]) -> list[str]:
    return [one.external_id for one in incoming if one.is_gone]


class PayoutTarget(BulkTarget):
    """Payouts."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Keep them, and let what they settle be looked at again."""
        rows = _there(incoming)
        writing.write_payouts(connection.id, rows, gone=_gone(incoming))
        return ()


class TransactionTarget(BulkTarget):
    """Transactions with their fees."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Keep them; what was said of them before they came is applied again."""
        rows = _there(incoming)
        fees = [fee for row in rows for fee in row["fees"]]
        plain = [{k: v for k, v in row.items() if k != "fees"} for row in rows]
        writing.write_transactions(connection.id, plain, fees, gone=_gone(incoming))
        _again(connection, settlements.KIND, [row["external_id"] for row in rows])
        _again(connection, "charge", [row["source"] for row in rows if row["role"] == "sale"])
        return ()


class SettlementTarget(BulkTarget):
    """Which payout has settled a transaction."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Note it; one that is not here yet is noted when it comes."""
        writing.link_payouts(connection.id, _there(incoming))
        return ()


class ChargeTarget(BulkTarget):
    """What a payment is for."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Note it with its transaction, and look for the order or invoice."""
        writing.describe_sales(connection.id, _there(incoming))
        return ()


class DisputeTarget(BulkTarget):
    """Disputes."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Keep them."""
        writing.write_disputes(connection.id, _there(incoming), gone=_gone(incoming))
        return ()

    def finish(self, connection: Connection) -> None:  # noqa: ARG002  (one alert for all)
        """Tell of those that want an answer."""
        alerts.watch_disputes()


class BalanceTarget(BulkTarget):
    """What Stripe holds."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Keep it."""
        for row in _there(incoming):
            writing.write_balances(connection.id, row["balances"])
        return ()


def _again(connection: Connection, kind: str, ids: Sequence[str]) -> None:
    """Let records wait once more that came before what they are about."""
    waiting = update(ExternalRecord).where(
        ExternalRecord.connection_id == connection.id,
        ExternalRecord.kind == kind,
        ExternalRecord.external_id.in_(ids),
        ExternalRecord.projected_at.is_not(None),
    )
    with transaction() as session:
        session.execute(
            waiting.values(projected_at=None), execution_options={"synchronize_session": False}
        )


def _settled(record: Any) -> dict[str, Any]:
    return {"external_id": settlements.key(record), "payout": settlements.payout_of(record)}


TARGETS: Sequence[Target] = (
    BalanceTarget(kind="balance", read=reading.balances),
    PayoutTarget(kind="payout", read=reading.payout),
    TransactionTarget(kind="balance_transaction", read=reading.transaction),
    SettlementTarget(kind=settlements.KIND, read=_settled),
    ChargeTarget(kind="charge", read=reading.charge),
    DisputeTarget(kind="dispute", read=reading.dispute),
)
