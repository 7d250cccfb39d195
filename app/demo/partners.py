"""Customers and vendors."""

import random
import unicodedata

from app.catalog.models import Customer, Vendor

CUSTOMERS, VENDORS = 300, 60

FIRST = (
    "Ana", "Björn", "Chloé", "Daniel", "Elif", "Femi", "Grace", "Hugo", "Inés", "Jun", "Katya",
    "Liam", "Maya", "Nils", "Olga", "Priya", "Quinn", "Rosa", "Sam", "Tariq", "Uma", "Zoë",
)  # fmt: skip
LAST = (
    "Almeida", "Bauer", "Costa", "Dubois", "Eriksson", "Fischer", "Greene", "Haddad", "Ivanova",
    "Jansen", "Keller", "Lindqvist", "Moreau", "Nguyen", "Okafor", "Petrov", "Quist", "Rossi",
    "Sato", "Tanaka", "Ueda", "Varga", "Weber", "Yilmaz", "Zielinski",
)  # fmt: skip
PLACES = (
    "Corner", "Harbour", "Garden", "Station", "Old Mill", "Market", "Riverside", "Hilltop",
    "Bridge", "Lighthouse", "Orchard", "Courtyard", "Canal", "Museum", "Park",
)  # fmt: skip
TRADES = ("Café", "Bakery", "Bistro", "Hotel", "Coffee Bar", "Tea Room", "Deli", "Catering")
MAKERS = (
    "Alder", "Borealis", "Calder", "Dunmore", "Eastwick", "Fjord", "Gallagher", "Hollins",
    "Juniper", "Kestrel", "Larkspur", "Marlow", "Northgate", "Oakley", "Pemberton",
)  # fmt: skip
BUSINESS = ("Roasters", "Trading", "Ceramics", "Supplies")
TOWNS = (
    ("Hamburg", "DE", "20095"), ("Leipzig", "DE", "04109"), ("Lyon", "FR", "69002"),
    ("Nantes", "FR", "44000"), ("Gothenburg", "SE", "411 03"), ("Aarhus", "DK", "8000"),
    ("Utrecht", "NL", "3511"), ("Ghent", "BE", "9000"), ("Porto", "PT", "4000-069"),
    ("Bologna", "IT", "40121"), ("Graz", "AT", "8010"), ("Galway", "IE", "H91"),
)  # fmt: skip


def customers(rng: random.Random, currency: str) -> list[Customer]:
    """Make cafés and their buyers."""
    made = []
    for number in range(CUSTOMERS):
        person = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        company = f"{rng.choice(PLACES)} {rng.choice(TRADES)}"
        contact = _contact(rng, f"C-{number + 1:05}", currency)
        email = f"{_letters(person)}{number}@example.com"
        made.append(Customer(name=person, company=company, email=email, **contact))
    return made


def vendors(rng: random.Random, currency: str) -> list[Vendor]:
    """Make roasters, potteries and traders: every maker in every business, once."""
    names = [f"{maker} {business}" for business in BUSINESS for maker in MAKERS]
    made = []
    for number, name in enumerate(names[:VENDORS]):
        contact = _contact(rng, f"V-{number + 1:04}", currency)
        email = f"orders@{_letters(name)}.example"
        lead_time = rng.choice((3, 5, 7, 10, 14, 21))
        made.append(
            Vendor(name=name, company=name, email=email, lead_time_days=lead_time, **contact)
        )
    return made


def _contact(rng: random.Random, code: str, currency: str) -> dict[str, str]:
    city, country, postal_code = rng.choice(TOWNS)
    return {
        "code": code,
        "phone": f"+{rng.randint(30, 49)} {rng.randint(10**7, 10**8 - 1)}",
        "address_line1": f"{rng.choice(LAST)} Street {rng.randint(1, 180)}",
        "city": city,
        "country": country,
        "postal_code": postal_code,
        "currency": currency,
    }


def _letters(name: str) -> str:
    """Write a name as an address does."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
