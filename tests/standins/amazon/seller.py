"""The seller: what lies in the warehouses, what happens to it, and what the reports say."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.standins.amazon import columns
from tests.standins.objects import Object

WAREHOUSE, COUNTRY = "LEJ1", "DE"


class Goods:
    """A SKU: pieces by what may be done with them."""

    def __init__(self, sku: str, number: int, name: str, price: str) -> None:
        self.sku, self.name, self.price = sku, name, price
        self.fnsku, self.asin = f"X00STANDIN{number:02X}", f"B0STAND{number:03d}"
        self.sellable = self.unsellable = self.inbound = 0
        self.changed_at = datetime.now(UTC)


class Seller:
    """A seller in a marketplace. Everything takes its lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.goods: dict[str, Goods] = {}
        self.rows: dict[str, list[tuple[datetime, Object]]] = {
            one: [] for one in columns.COLUMNS
        }
        self.shipments: dict[str, Object] = {}
        self.items: dict[str, list[Object]] = {}
        self.touched: dict[str, datetime] = {}
        self.transactions: list[Object] = []
        self.number = 0

    def add(
        self, sku: str, quantity: int = 0, *, name: str = "", price: str = "19.99"
    ) -> Goods:
        """Offer something, of which pieces lie there already: the ledger has received them."""
        with self.lock:
            goods = Goods(sku, len(self.goods) + 1, name or f"Kettle {sku}", price)
            self.goods[sku] = goods
            if quantity:
                self.happen(sku, "Receipts", quantity, days=20, reference="FBA0STANDIN0")
            return goods

    def happen(  # noqa: PLR0913  (the columns of a ledger)
        self, sku: str, event: str, quantity: int, *, days: float = 0, reason: str = "",
        reference: str = "", disposition: str = "SELLABLE", unreconciled: int = 0,
        times: int = 1,
    ) -> None:  # fmt: skip
        """Write a row of the ledger, or several that are equal, and move the pieces."""
        with self.lock:
            goods, at = self.goods[sku], _ago(days)
            row = {
                "FNSKU": goods.fnsku, "ASIN": goods.asin, "MSKU": sku, "Title": goods.name,
                "Event Type": event, "Reference ID": reference or self._take("R"),
                "Quantity": quantity, "Fulfillment Center": WAREHOUSE,
                "Disposition": disposition, "Reason": reason, "Country": COUNTRY,
                "Reconciled Quantity": 0, "Unreconciled Quantity": unreconciled,
            }  # fmt: skip
            for _ in range(times):
                self.rows[columns.LEDGER].append((at, row))
                part = "sellable" if disposition == "SELLABLE" else "unsellable"
                setattr(goods, part, getattr(goods, part) + quantity)
            goods.changed_at = datetime.now(UTC)

    def lose(self, sku: str, quantity: int, *, days: float = 0) -> None:
        """Lose pieces in the warehouse."""
        self.happen(sku, "Adjustments", -quantity, reason="M", days=days, unreconciled=quantity)

    def sell(self, sku: str, quantity: int = 1, *, days: float = 0) -> str:
        """Sell and ship; gives the order."""
        with self.lock:
            order = f"303-{self._take('')}-0000001"
            self.happen(sku, "Shipments", -quantity, days=days, reference=order)
            self._post("Shipment", sku, quantity, order, days)
            return order

    def take_back(
        self, sku: str, order: str, *, disposition: str = "SELLABLE", days: float = 0
    ) -> None:
        """Let a buyer send a piece back, and refund it."""
        with self.lock:
            goods, at = self.goods[sku], _ago(days)
            self.rows[columns.RETURNS].append((at, {
                "order-id": order, "sku": sku, "asin": goods.asin, "fnsku": goods.fnsku,
                "product-name": goods.name, "quantity": 1,
                "fulfillment-center-id": WAREHOUSE, "detailed-disposition": disposition,
                "reason": "UNWANTED_ITEM", "status": "Unit returned to inventory",
                "license-plate-number": self._take("LPN"), "customer-comments": "",
            }))  # fmt: skip
            self.happen(
                sku, "CustomerReturns", 1, days=days, reference=order,
                disposition="SELLABLE" if disposition == "SELLABLE" else "CUSTOMER_DAMAGED",
            )  # fmt: skip
            self._post("Refund", sku, -1, order, days)

    def reimburse(
        self, sku: str, amount: str, *, quantity: int = 1, reason: str = "Lost_warehouse",
        case: str = "", days: float = 0,
    ) -> str:  # fmt: skip
        """Pay for pieces; gives the number."""
        with self.lock:
            goods, at = self.goods[sku], _ago(days)
            number = self._take("8")
            self.rows[columns.REIMBURSEMENTS].append((at, {
                "reimbursement-id": number, "case-id": case, "amazon-order-id": "",
                "reason": reason, "sku": sku, "fnsku": goods.fnsku, "asin": goods.asin,
                "product-name": goods.name, "condition": "New", "currency-unit": "EUR",
                "amount-per-unit": amount, "amount-total": amount,
                "quantity-reimbursed-cash": quantity, "quantity-reimbursed-inventory": 0,
                "quantity-reimbursed-total": quantity, "original-reimbursement-id": "",
                "original-reimbursement-type": "",
            }))  # fmt: skip
            return number

    def remove(
        self, sku: str, quantity: int, *, shipped: int | None = None, days: float = 0
    ) -> str:
        """Have pieces sent back to the seller; gives the order."""
        with self.lock:
            goods, at = self.goods[sku], _ago(days)
            order, left = self._take("RM"), quantity if shipped is None else shipped
            self.rows[columns.REMOVALS].append((at, {
                "order-id": order, "order-type": "Return", "service-speed": "Standard",
                "order-status": "Completed", "last-updated-date": at.isoformat(), "sku": sku,
                "fnsku": goods.fnsku, "disposition": "Sellable",
                "requested-quantity": quantity, "cancelled-quantity": 0,
                "disposed-quantity": 0, "shipped-quantity": left, "in-process-quantity": 0,
                "removal-fee": "0.52", "currency": "EUR",
            }))  # fmt: skip
            self.happen(sku, "VendorReturns", -quantity, days=days, reference=order)
            return order

    def send_in(
        self, lines: dict[str, tuple[int, int]], *, status: str = "CLOSED", days: float = 0
    ) -> str:
        """Send pieces there: SKU -> shipped and received; gives the shipment."""
        with self.lock:
            number = self._take("FBA15")
            self.touched[number] = _ago(days)
            self.shipments[number] = {
                "ShipmentId": number, "ShipmentName": f"From the shed {number}",
                "ShipFromAddress": ADDRESS, "DestinationFulfillmentCenterId": WAREHOUSE,
                "ShipmentStatus": status, "LabelPrepType": "SELLER_LABEL",
                "AreCasesRequired": False, "BoxContentsSource": "NONE",
            }  # fmt: skip
            self.items[number] = [
                {
                    "ShipmentId": number, "SellerSKU": sku, "QuantityShipped": shipped,
                    "FulfillmentNetworkSKU": self.goods[sku].fnsku,
                    "QuantityReceived": received, "QuantityInCase": 0,
                }
                for sku, (shipped, received) in lines.items()
            ]  # fmt: skip
            for sku, (_shipped, received) in lines.items():
                if received:
                    self.happen(sku, "Receipts", received, days=days, reference=number)
            return number

    def charge(self, amount: float, *, days: float = 0) -> str:
        """Charge something that belongs to no sale."""
        return self._transaction("ServiceFee", -amount, [], "", days)

    def _post(self, kind: str, sku: str, quantity: int, order: str, days: float) -> None:
        price = round(float(self.goods[sku].price) * quantity, 2)
        fee = -abs(round(price * 0.15, 2)) if kind == "Shipment" else 0.0
        parts = [_part("Sales", price), _part("Expenses", fee, [
            _part("AmazonFees", fee, [_part("Commission", fee)])
        ])]  # fmt: skip
        self._transaction(kind, round(price + fee, 2), parts, order, days)

    def _transaction(
        self, kind: str, total: float, parts: list[Object], order: str, days: float
    ) -> str:
        with self.lock:
            number = self._take("amzn1:crow:")
            at = _ago(days)
            about = [{"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order}]
            self.transactions.append({
                "transactionId": number, "transactionType": kind,
                "transactionStatus": "RELEASED", "description": f"{kind} {order}".strip(),
                "postedDate": at.isoformat(), "totalAmount": _amount(total),
                "relatedIdentifiers": about if order else [], "items": [], "contexts": [],
                "marketplaceDetails": {
                    "marketplaceId": "A1PA6795UKMFR9", "marketplaceName": "Amazon.de",
                },
                "breakdowns": parts,
            })  # fmt: skip
            return number

    def fees(self) -> list[Object]:
        """What sales are estimated to cost."""
        return [
            {
                "sku": one.sku, "fnsku": one.fnsku, "asin": one.asin,
                "product-name": one.name, "product-group": "Kitchen", "brand": "Standin",
                "fulfilled-by": "Amazon", "has-local-inventory": "Yes",
                "your-price": one.price, "sales-price": one.price, "longest-side": "30.00",
                "median-side": "20.00", "shortest-side": "10.00",
                "length-and-girth": "90.00", "unit-of-dimension": "centimeters",
                "item-package-weight": "850.00", "unit-of-weight": "grams",
                "product-size-weight-band": "Small parcel", "currency": "EUR",
                "estimated-fee-total": "6.49", "estimated-referral-fee-per-unit": "3.00",
                "estimated-variable-closing-fee": "--",
                "expected-domestic-fulfilment-fee-per-unit": "3.49",
            }
            for one in self.goods.values()
        ]  # fmt: skip

    def _take(self, before: str) -> str:
        self.number += 1
        return f"{before}{self.number:07d}"


def _ago(days: float) -> datetime:
    """A moment that reports know of already: they are some minutes behind."""
    return datetime.now(UTC) - timedelta(days=days, minutes=10)


def _part(kind: str, amount: float, parts: list[Any] | None = None) -> Object:
    return {
        "breakdownType": kind,
        "breakdownAmount": _amount(amount),
        "breakdowns": parts or [],
    }


def _amount(value: float) -> Object:
    return {"currencyCode": "EUR", "currencyAmount": value}


ADDRESS = {
    "Name": "Kitchen & Co", "AddressLine1": "Am Hof 1", "City": "Leipzig",
    "StateOrProvinceCode": "SN", "CountryCode": "DE", "PostalCode": "04109",
}  # fmt: skip
