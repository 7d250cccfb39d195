"""A big catalogue that is the same every time, loaded with COPY."""

import io
import random
from collections.abc import Iterable, Iterator
from typing import Any

MAKERS = (
    "Alder", "Ashford", "Bayside", "Bellamy", "Borealis", "Calder", "Cascadia", "Crèmerie",
    "Denholm", "Eastwick", "Fairmont", "Fjord", "Gallagher", "Häger", "Hollins", "Ibérica",
    "Juniper", "Kestrel", "Larkspur", "Lindqvist", "Marlow", "Montagne", "Nørdic", "Northgate",
    "Oakley", "Orchard", "Pemberton", "Quarry", "Redwood", "Saltmarsh", "Sørensen", "Tamarack",
    "Thornbury", "Umbra", "Vallée", "Verity", "Westerly", "Windermere", "Yarrow", "Zephyr",
)  # fmt: skip
MATERIALS = (
    "aluminium", "bamboo", "beech", "borosilicate", "brass", "cast iron", "ceramic", "copper",
    "cotton", "enamel", "felt", "glass", "linen", "melamine", "oak", "porcelain", "silicone",
    "stainless steel", "stoneware", "titanium", "walnut", "wool",
)  # fmt: skip
THINGS = (
    "apron", "bake tin", "basket", "bottle", "bowl", "bread knife", "butter dish", "cafetière",
    "cake stand", "canister", "carafe", "casserole", "chopping board", "coaster", "colander",
    "cutlery set", "decanter", "dripper", "espresso cup", "frying pan", "funnel", "grater",
    "grinder", "jug", "kettle", "ladle", "lunch box", "measuring spoon", "mixing bowl", "mug",
    "napkin", "oven glove", "pepper mill", "pitcher", "plate", "ramekin", "rolling pin",
    "salad bowl", "saucepan", "saucer", "scale", "sieve", "skillet", "spatula", "stockpot",
    "storage jar", "sugar bowl", "tea towel", "teapot", "thermometer", "tray", "tumbler",
    "vacuum flask", "whisk", "wine glass",
)  # fmt: skip
COLOURS = (
    "amber", "ash grey", "black", "blue", "burgundy", "charcoal", "clear", "cream", "forest",
    "ivory", "mint", "navy", "ochre", "olive", "plum", "sand", "slate", "terracotta", "white",
)  # fmt: skip
SIZES = (
    "50 ml", "120 ml", "250 ml", "350 ml", "500 ml", "750 ml", "1 l", "1.5 l", "2 l", "16 cm",
    "20 cm", "24 cm", "28 cm", "32 cm", "set of 2", "set of 4", "set of 6", "XL",
)  # fmt: skip
FIRST_NAMES = (
    "Ana", "Björn", "Chloé", "Daniel", "Elif", "Femi", "Grace", "Hugo", "Inés", "Jun", "Katya",
    "Liam", "Maya", "Nils", "Olga", "Priya", "Quinn", "Rosa", "Sam", "Tariq", "Uma", "Zoë",
)  # fmt: skip
TRADES = ("Bakery", "Bistro", "Café", "Catering", "Hotel", "Kitchens", "Roasters", "Stores")
DRAW = random.Random  # one generator per table: the tables do not depend on each other

Row = tuple[Any, ...]


def product_name(rng: random.Random) -> str:
    """Name a thing as a wholesaler's list does: maker, material, thing, colour, size."""
    return " ".join(map(rng.choice, (MAKERS, MATERIALS, THINGS))) + (
        f", {rng.choice(COLOURS)}, {rng.choice(SIZES)}"
    )


def load(connection: Any, *, products: int, customers: int) -> None:
    """Fill the empty tables of a psycopg2 connection, and tell the planner about them."""
    with connection.cursor() as cursor:
        _copy(cursor, "location (id, code, kind, path)", _locations())
        _copy(cursor, "customer (code, name, company, email)", _customers(customers))
        _copy(cursor, "vendor (id, code, name, company)", _vendors())
        _copy(cursor, PRODUCT_COLUMNS, _products(products))
        _copy(cursor, "barcode (product_id, code)", _barcodes(products))
        _copy(cursor, "vendor_part (product_id, vendor_id, part_number)", _parts(products))
        _copy(cursor, "stock_balance (product_id, location_id, on_hand)", _balances(products))
        for table in ("location", "vendor", "product", "posting", "stock_movement"):
            cursor.execute(f"ALTER TABLE {table} ALTER id RESTART WITH {FIRST_FREE_ID}")
    connection.commit()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connection.autocommit = False


PRODUCT_COLUMNS = (
    "product (id, sku, name, description, category, price, cost, supplier_id, reorder_point)"
)
LOCATIONS, VENDORS = 500, 60
FIRST_ID = 1000  # ids are given, not drawn: what refers to them can be copied at once
FIRST_FREE_ID = 10_000_000


def _locations() -> Iterator[Row]:
    for number in range(LOCATIONS):
        code = f"BENCH-{number:03}"
        yield FIRST_ID + number, code, "bin", f"{code}/"


def _customers(count: int) -> Iterator[Row]:
    rng = DRAW(1)
    for number in range(count):
        name = f"{rng.choice(FIRST_NAMES)} {rng.choice(MAKERS)}"
        company = f"{rng.choice(MAKERS)} {rng.choice(TRADES)}"
        yield f"C-{number:06}", name, company, f"buyer{number}@example.com"


def _vendors() -> Iterator[Row]:
    rng = DRAW(2)
    for number in range(VENDORS):
        name = f"{rng.choice(MAKERS)} {rng.choice(TRADES)}"
        yield FIRST_ID + number, f"V-{number:04}", name, name


def _products(count: int) -> Iterator[Row]:
    rng = DRAW(3)
    for number in range(count):
        name = product_name(rng)
        thing = name.split(",")[0].split(" ", 1)[1]
        cost = rng.randint(50, 20000)
        text = f"A {thing} for daily use in the kitchen, packed in a recycled box."
        supplier = FIRST_ID + rng.randrange(VENDORS)
        row = (name, text, thing.rsplit(" ", 1)[-1].title(), cost * 2 / 100, cost / 100)
        yield FIRST_ID + number, sku(number), *row, supplier, rng.choice((0, 0, 5, 10))


def sku(number: int) -> str:
    """Number the products in an order that does not follow their ids."""
    return f"BN-{number * 7919 % 10**7:07}"


def _barcodes(count: int) -> Iterator[Row]:
    for number in range(count):
        yield FIRST_ID + number, f"20{number:010}{_check_digit(f'20{number:010}')}"


def _check_digit(digits: str) -> int:
    """The thirteenth digit of an EAN-13 (GS1 General Specifications, 7.9)."""
    return -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10


def _parts(count: int) -> Iterator[Row]:
    rng = DRAW(4)
    for number in range(0, count, 2):
        vendor = FIRST_ID + rng.randrange(VENDORS)
        yield FIRST_ID + number, vendor, f"{rng.randrange(10**6):06}/{number % 97}"


def _balances(count: int) -> Iterator[Row]:
    rng = DRAW(5)
    for number in range(count):
        yield FIRST_ID + number, location_id(number), rng.randint(0, 400)


def location_id(number: int) -> int:
    """Say where the product with this number lies."""
    return FIRST_ID + number % LOCATIONS


def _copy(cursor: Any, target: str, rows: Iterable[Row]) -> None:
    lines = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
    cursor.copy_expert(f"COPY {target} FROM STDIN", lines)
