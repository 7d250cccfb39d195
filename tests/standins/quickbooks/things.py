"""Made-up products and services: goods of a kitchen-ware trade."""

from datetime import date
from random import Random

from tests.standins import words
from tests.standins.objects import Object
from tests.standins.quickbooks.people import is_inactive

ACCOUNTS: Object = {
    "IncomeAccountRef": {"value": "79", "name": "Sales of Product Income"},
    "ExpenseAccountRef": {"value": "80", "name": "Cost of Goods Sold"},
}
ASSETS = {"value": "81", "name": "Inventory Asset"}
START = date(2023, 1, 1).isoformat()


def categories(count: int) -> int:
    """So many of the first items are categories."""
    return min(20, count // 10)


def name_of(number: int) -> str:
    """The name of the item of that id."""
    return words.item_name(number) + (" (deleted)" if is_inactive(number) else "")


def price_of(number: int) -> float:
    """The sales price of the item of that id; every 11th has fractions of a cent."""
    fraction = number % 9 * 0.00111 if number % 11 == 0 else 0
    return round(4 + number * 37 % 9000 / 100 + fraction, 5)


def item(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """A category, a stocked good, an unstocked good, or a service."""
    shelves = categories(counts["Item"])
    if number <= shelves:
        return category(number)
    fields = good(chance, number) | ACCOUNTS | kind(chance, number)
    return fields | (shelved(number, shelves) if shelves and number % 3 == 0 else {})


def category(number: int) -> Object:
    """A shelf that other items lie on."""
    name = f"Category {number:02d}: {words.THINGS[number]}".replace(":", "")
    return {
        "Name": name,
        "Active": True,
        "FullyQualifiedName": name,
        "Taxable": False,
        "Type": "Category",
    }


def good(chance: Random, number: int) -> Object:
    """What every item that is sold has."""
    name, price = name_of(number), price_of(number)
    fields: Object = {
        "Name": name,
        "Active": not is_inactive(number),
        "FullyQualifiedName": name,
        "Taxable": bool(number % 4),
        "UnitPrice": price,
        "PurchaseCost": round(price * (0.4 + chance.random() * 0.3), 2 if number % 7 else 5),
    }
    if number % 20 not in {3, 9, 15}:
        fields["Sku"] = f"KW-{number:06d}"
    if number % 5:
        fields["Description"] = f"{name}. Packed in {chance.choice((1, 6, 12, 24))}s."
        fields["PurchaseDesc"] = name
    return fields


def kind(chance: Random, number: int) -> Object:
    """Two thirds are stocked, some are not, a few are services."""
    if number % 15 == 0:
        return {"Type": "Service", "TrackQtyOnHand": False}
    if number % 3 == 1:
        return {"Type": "NonInventory", "TrackQtyOnHand": False}
    return {
        "Type": "Inventory",
        "TrackQtyOnHand": True,
        "QtyOnHand": chance.randrange(500),
        "InvStartDate": START,
        "AssetAccountRef": ASSETS,
    }


def shelved(number: int, shelves: int) -> Object:
    """Put an item under a category; its full name tells the way."""
    parent = category(number % shelves + 1)["Name"]
    return {
        "SubItem": True,
        "Level": 1,
        "ParentRef": {"value": str(number % shelves + 1), "name": parent},
        "FullyQualifiedName": f"{parent}:{name_of(number)}",
    }
