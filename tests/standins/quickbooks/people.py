"""Made-up customers and vendors."""

from random import Random

from tests.standins import words
from tests.standins.objects import Object

CURRENCY = {"value": "USD", "name": "United States Dollar"}


def is_inactive(number: int) -> bool:
    """Every 23rd name is switched off."""
    return number % 23 == 22


def plain(text: str) -> str:
    """Only the plain letters and digits of a text, for addresses of the net."""
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalnum())


def customer_name(number: int) -> str:
    """The display name of the customer of that id."""
    return words.firm_name(number, words.SHOPS) + (" (deleted)" if is_inactive(number) else "")


def vendor_name(number: int) -> str:
    """The display name of the vendor of that id."""
    return words.firm_name(number, words.MAKERS) + (" (deleted)" if is_inactive(number) else "")


def address(number: int) -> Object:
    """A postal address in a town of the United States."""
    town, state, code = words.TOWNS[number % len(words.TOWNS)]
    street = words.STREETS[number % len(words.STREETS)]
    return {
        "Id": str(number + 1),
        "Line1": f"{100 + number % 8900} {street}",
        "City": town,
        "CountrySubDivisionCode": state,
        "PostalCode": code,
    }


def person(chance: Random, number: int, name: str) -> Object:
    """What customers and vendors have in common."""
    fields: Object = {
        "GivenName": chance.choice(words.FIRST_NAMES),
        "FamilyName": chance.choice(words.SURNAMES),
        "CompanyName": name.removesuffix(" (deleted)"),
        "DisplayName": name,
        "PrintOnCheckName": name.removesuffix(" (deleted)"),
        "Active": not is_inactive(number),
        "CurrencyRef": CURRENCY,
        "Balance": round(chance.random() * 5000, 2) if number % 3 else 0,
    }
    if number % 5:
        fields["PrimaryEmailAddr"] = {"Address": f"orders@{plain(name)[:40]}.example"}
    if number % 4:
        line = f"{chance.randrange(1000):03d}-{chance.randrange(10000):04d}"
        fields["PrimaryPhone"] = {"FreeFormNumber": f"(555) {line}"}
    return fields | ({"BillAddr": address(number)} if number % 6 else {})


def customer(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """A shop that buys from us."""
    fields = person(chance, number, customer_name(number))
    more = {
        "Taxable": bool(number % 2),
        "Job": False,
        "BillWithParent": False,
        "BalanceWithJobs": fields["Balance"],
        "PreferredDeliveryMethod": "Print",
        "FullyQualifiedName": fields["DisplayName"],
    }
    ship = {"ShipAddr": address(number + 1)} if number % 3 == 0 else {}
    return fields | more | ship


def vendor(chance: Random, number: int, counts: dict[str, int]) -> Object:
    """A maker or carrier that we buy from."""
    fields = person(chance, number, vendor_name(number))
    return fields | {"Vendor1099": False, "AcctNum": f"V-{number:05d}"}
