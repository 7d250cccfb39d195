"""Made-up buyers and where they live."""

from random import Random

from tests.standins import words
from tests.standins.objects import Object

TOWNS = (
    ("München", "DE", "80331", "Bayern"), ("Łódź", "PL", "90-001", "Łódzkie"),
    ("San José", "US", "95113", "California"), ("Reykjavík", "IS", "101", ""),
    ("東京都千代田区", "JP", "100-0001", ""), ("Saint-Étienne", "FR", "42000", "Loire"),
    ("Århus", "DK", "8000", ""), ("Portland", "US", "97201", "Oregon"),
)  # fmt: skip
STREETS = (
    ["Straße des 17. Juni 135"],
    ["c/o Kitchen Corner", "12 Mill Lane", "Floor 2"],
    ["Piotrkowska 60", "m. 4"],
    ["丸の内1-9-1"],
)


def address(chance: Random, kind: str, parent: int) -> Object:
    """A billing or shipping address; some have a company, some no region."""
    town, country, code, region = chance.choice(TOWNS)
    first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.SURNAMES)
    fields: Object = {
        "address_type": kind,
        "city": town,
        "country_id": country,
        "email": f"buyer{chance.randrange(5000)}@example.com",
        "entity_id": parent * 2 - (kind == "billing"),
        "firstname": first,
        "lastname": last,
        "parent_id": parent,
        "postcode": code,
        "street": chance.choice(STREETS),
        "telephone": f"+49 89 {chance.randrange(10**6):06d}",
    }
    if region:
        fields |= {"region": region, "region_code": region[:2].upper(), "region_id": 81}
    if chance.random() < 0.3:
        fields["company"] = f"{last}'s {chance.choice(words.SHOPS)}"
    return fields


def buyer(chance: Random, billing: Object) -> Object:
    """Who ordered: a customer with an account, or every fourth time a guest."""
    fields: Object = {
        "customer_email": billing["email"],
        "customer_note_notify": 1,
        "customer_is_guest": 1,
        "customer_group_id": 0,
    }
    if chance.random() < 0.25:
        return fields
    return fields | {
        "customer_is_guest": 0,
        "customer_group_id": 1,
        "customer_id": chance.randrange(1, 5000),
        "customer_firstname": billing["firstname"],
        "customer_lastname": billing["lastname"],
    }
