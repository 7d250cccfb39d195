"""The account: what happens to its money, and what it holds."""

import threading
import time
from collections.abc import Callable

from tests.standins.objects import Object
from tests.standins.stripe import objects
from tests.standins.stripe.table import Table

DAY = 86_400
KINDS = ("charge", "balance_transaction", "payout", "dispute")


class Account:
    """An account. Everything takes its lock; amounts are in the smallest units."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.tables = {kind: Table() for kind in KINDS}
        self.settled: dict[str, list[str]] = {}  # payout -> what it says that it settles
        self.open: dict[str, list[str]] = {}  # currency -> transactions nobody paid out yet
        self.number = 0
        self.tell: Callable[[str, Object], None] = lambda _type, _object: None

    @property
    def charges(self) -> Table:
        """Payments."""
        return self.tables["charge"]

    @property
    def transactions(self) -> Table:
        """Changes of the balance."""
        return self.tables["balance_transaction"]

    @property
    def payouts(self) -> Table:
        """Money sent to the bank."""
        return self.tables["payout"]

    @property
    def disputes(self) -> Table:
        """Payments that a bank has taken back."""
        return self.tables["dispute"]

    def sell(
        self, amount: int, currency: str = "eur", *, order: str = "", at: int | None = None,
        buyer: str = "Ana Müller",
    ) -> Object:  # fmt: skip
        """Take a payment: 1.5 % and 25 of it are the fee, with a fifth of tax on that."""
        with self.lock:
            made, number = at or int(time.time()), self._take()
            charge, key = f"ch_{number}", f"txn_{number}"
            cost = amount * 15 // 1000 + (25 if currency != "jpy" else 5)
            fees = [
                objects.fee("stripe_fee", cost, currency, "Stripe processing fees"),
                objects.fee("tax", cost // 5, currency, "VAT"),
            ]
            said = f"Order #{order}" if order else "Sale over the counter"
            self._book(
                key, kind="charge", category="charge", amount=amount, fees=fees,
                currency=currency, created=made, source=charge, description=said,
            )  # fmt: skip
            made_of = {"order_id": order} if order else {}
            return self._put("charge", "charge.succeeded", objects.charge(
                charge, amount=amount, currency=currency, created=made, transaction=key,
                description=said, metadata=made_of, buyer=buyer,
            ))  # fmt: skip

    def refund(self, charge: str) -> Object:
        """Give a payment back; its fee is not."""
        with self.lock:
            paid, number = self.charges[charge], self._take()
            self._book(
                f"txn_{number}", kind="refund", category="refund", amount=-paid["amount"],
                fees=[], currency=paid["currency"], created=self._now(), source=f"re_{number}",
                description=f"REFUND FOR {paid['description']}",
            )  # fmt: skip
            back = {"refunded": True, "amount_refunded": paid["amount"]}
            return self._put("charge", "charge.refunded", paid | back)

    def charge_fee(self, amount: int, currency: str = "eur") -> Object:
        """Charge something that belongs to no payment."""
        with self.lock:
            return self._book(
                f"txn_{self._take()}", kind="stripe_fee", category="fee", amount=-amount,
                fees=[], currency=currency, created=self._now(), source=None,
                description="Billing: usage fee",
            )  # fmt: skip

    def dispute(self, charge: str) -> Object:
        """Let a buyer's bank take a payment back, for 20.00 more."""
        with self.lock:
            paid, number, now = self.charges[charge], self._take(), self._now()
            fees = [objects.fee("stripe_fee", 2000, paid["currency"], "Dispute fee")]
            self._book(
                f"txn_{number}", kind="adjustment", category="dispute", amount=-paid["amount"],
                fees=fees, currency=paid["currency"], created=now, source=f"dp_{number}",
                description=f"Chargeback withdrawal for {charge}",
            )  # fmt: skip
            return self._put("dispute", "charge.dispute.created", objects.dispute(
                f"dp_{number}", charge=charge, amount=paid["amount"],
                currency=paid["currency"], created=now, due=now + 7 * DAY,
            ))  # fmt: skip

    def pay_out(
        self, currency: str = "eur", *, at: int | None = None, is_automatic: bool = True,
        lacks: int = 0,
    ) -> Object:  # fmt: skip
        """Send all there is to the bank; of what it settles, so many are not told."""
        with self.lock:
            settled, self.open[currency] = self.open.get(currency, []), []
            net = sum(self.transactions[key]["net"] for key in settled)
            for key in settled:
                self.transactions.change(key, status="available")
            number, made = self._take(), at or self._now()
            payout, key = f"po_{number}", f"txn_{number}"
            self._book(
                key, kind="payout", category="payout", amount=-net, fees=[], currency=currency,
                created=made, source=payout, description="STRIPE PAYOUT", status="available",
            )  # fmt: skip
            told = settled[lacks:] if is_automatic else []
            self.settled[payout] = [*told, key]
            return self._put("payout", "payout.created", objects.payout(
                payout, amount=net, currency=currency, created=made, arrival=made + DAY,
                transaction=key, is_automatic=is_automatic,
            ))  # fmt: skip

    def arrive(self, payout: str) -> Object:
        """Let a payout be at the bank, and be added up."""
        with self.lock:
            trace = {"status": "supported", "value": f"T{payout}"}
            done: Object = {"status": "paid", "trace_id": trace}
            if self.payouts[payout]["automatic"]:
                done["reconciliation_status"] = "completed"
            paid = self.payouts[payout] | done
            return self._put("payout", "payout.reconciliation_completed", paid)

    def balance(self) -> Object:
        """What it holds: what may be paid out, and what may not yet."""
        held: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
        with self.lock:
            for row in self.transactions.rows:
                one = row.fields
                state, currency = one["status"], one["currency"]
                held[state][currency] = held[state].get(currency, 0) + one["net"]
        currencies = sorted({*held["available"], *held["pending"]})
        return {"object": "balance", "livemode": False} | {
            state: [
                {"amount": told.get(code, 0), "currency": code, "source_types": {}}
                for code in currencies
            ]
            for state, told in held.items()
        }

    def _book(
        self, key: str, *, currency: str, status: str = "pending", **more: object
    ) -> Object:
        created = more["created"]
        assert isinstance(created, int)
        due = created // DAY * DAY + 2 * DAY
        made = objects.transaction(key, currency=currency, available_on=due, **more)  # type: ignore[arg-type]
        if more["kind"] != "payout":
            self.open.setdefault(currency, []).append(key)
        return self.transactions.put(made | {"status": status})

    def _put(self, kind: str, event: str, fields: Object) -> Object:
        self.tables[kind].put(fields)
        self.tell(event, fields)
        return fields

    def _now(self) -> int:
        return int(time.time())

    def _take(self) -> str:
        self.number += 1
        return f"1StandIn{self.number:012d}"
