"""Made-up invoices, bills and purchase orders."""

from datetime import datetime, timedelta
from random import Random

from tests.standins.objects import Object
from tests.standins.quickbooks import people, things
from tests.standins.quickbooks.moments import PACIFIC

PAYABLE = {"value": "33", "name": "Accounts Payable (A/P)"}
PAY_WITHIN = timedelta(days=30)


def date(fields: Object, created: float) -> None:
    """Date a transaction on the day it was made, due 30 days later; a payment is not due."""
    if "TxnDate" in fields:
        day = datetime.fromtimestamp(created, PACIFIC).date()
        fields["TxnDate"] = day.isoformat()
        if "PaymentRefNum" not in fields:
            fields["DueDate"] = (day + PAY_WITHIN).isoformat()


def lines(chance: Random, items: int, detail: str) -> list[Object]:
    """One to five lines about items that are not categories."""
    first = things.categories(items) + 1
    numbers = [chance.randint(first, items) for _ in range(chance.randint(1, 5)) if items]
    return [line(chance, place, number, detail) for place, number in enumerate(numbers, 1)]


def line(chance: Random, place: int, number: int, detail: str) -> Object:
    """One line about one item."""
    quantity, price = chance.randint(1, 48), things.price_of(number)
    name = things.name_of(number)
    return {
        "Id": str(place),
        "LineNum": place,
        "Description": name,
        "Amount": round(quantity * price, 2),
        "DetailType": detail,
        detail: {
            "ItemRef": {"value": str(number), "name": name},
            "UnitPrice": price,
            "Qty": quantity,
            "TaxCodeRef": {"value": "NON"},
        },
    }


def total(lines: list[Object]) -> float:
    """What the lines come to."""
    return round(sum(line["Amount"] for line in lines), 2)


def reference(chance: Random, count: int, entity: str) -> Object:
    """Refer to one of the customers or vendors, if there are any."""
    if not count:
        return {}
    number = chance.randint(1, count)
    name = people.customer_name if entity == "Customer" else people.vendor_name
    return {f"{entity}Ref": {"value": str(number), "name": name(number)}}


def invoice(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """Half are paid; two thirds carry the customer's purchase order number."""
    sold = lines(chance, counts["Item"], "SalesItemLineDetail")
    amount = total(sold)
    subtotal = {"Amount": amount, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    custom = {"DefinitionId": "1", "Name": "P.O. Number", "Type": "StringType"}
    if number % 3:
        custom["StringValue"] = f"PO-{10000 + number}"
    return {
        "DocNumber": str(1000 + number),
        "TxnDate": "",
        "CurrencyRef": people.CURRENCY,
        "CustomField": [custom],
        "LinkedTxn": [],
        "Line": [*sold, subtotal],
        "TxnTaxDetail": {"TotalTax": 0},
        **reference(chance, counts["Customer"], "Customer"),
        "BillAddr": people.address(number),
        "ShipAddr": people.address(number + 1),
        "TotalAmt": amount,
        "Balance": amount if number % 2 else 0,
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint",
        "EmailStatus": "NotSet",
    }


def bill(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """What a vendor wants from us; half are paid."""
    bought = lines(chance, counts["Item"], "ItemBasedExpenseLineDetail")
    amount = total(bought)
    return {
        "DocNumber": f"B-{number:05d}",
        "TxnDate": "",
        "CurrencyRef": people.CURRENCY,
        "APAccountRef": PAYABLE,
        "Line": bought,
        **reference(chance, counts["Vendor"], "Vendor"),
        "TotalAmt": amount,
        "Balance": amount if number % 2 else 0,
    }


def purchase_order(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """What we ordered of a vendor; two thirds are still open."""
    ordered = lines(chance, counts["Item"], "ItemBasedExpenseLineDetail")
    return {
        "DocNumber": f"PO{number:05d}",
        "TxnDate": "",
        "CurrencyRef": people.CURRENCY,
        "APAccountRef": PAYABLE,
        "Line": ordered,
        **reference(chance, counts["Vendor"], "Vendor"),
        "ShipAddr": people.address(number),
        "TotalAmt": total(ordered),
        "POStatus": "Open" if number % 3 else "Closed",
        "EmailStatus": "NotSet",
    }


def sold(chance: Random, number: int, counts: dict[str, int], prefix: str) -> Object:
    """What a document has that sells something to a customer, or takes it back."""
    made = invoice(chance, number, counts)
    invoiced = {"Balance", "DueDate", "ApplyTaxAfterDiscount", "LinkedTxn"}
    kept = {name: value for name, value in made.items() if name not in invoiced}
    return kept | {"DocNumber": f"{prefix}-{number:04d}"}


def sales_receipt(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """Sold and paid at once."""
    method = {"value": "2", "name": "Check"}
    return sold(chance, number, counts, "SR") | {"PaymentMethodRef": method, "Balance": 0}


def credit_memo(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """Money given back; half of them are used."""
    made = sold(chance, number, counts, "CM")
    left = made["TotalAmt"] if number % 2 else 0
    return made | {"Balance": left, "RemainingCredit": left}


def estimate(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """What something would cost."""
    states = ("Pending", "Accepted", "Closed", "Rejected")
    return sold(chance, number, counts, "E") | {"TxnStatus": states[number % 4]}


def payment(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """What a customer has paid: an invoice, and every third time something over."""
    amount, over = float(chance.randint(10, 500)), 5.0 if number % 3 == 0 else 0.0
    linked = {"TxnId": str(number), "TxnType": "Invoice"}
    return {
        "PaymentRefNum": f"CHK {4000 + number}",
        "TxnDate": "",
        "CurrencyRef": people.CURRENCY,
        "PaymentMethodRef": {"value": "2", "name": "Check"},
        **reference(chance, counts["Customer"], "Customer"),
        "Line": [{"Amount": amount, "LinkedTxn": [linked]}],
        "TotalAmt": amount + over,
        "UnappliedAmt": over,
        "ProcessPayment": False,
    }
