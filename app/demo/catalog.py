"""Products, with codes on the goods and on their cartons, and what their vendors call them."""

import random
from decimal import Decimal
from itertools import product as combinations

from stdnum import ean

from app.catalog.models import Barcode, Product, Vendor, VendorPart
from app.demo.assortment import CATEGORIES, Category

PER_CATEGORY = 80
CARTONS = (6, 12, 24, 48)
# GS1 leaves the prefixes 20 to 29 to companies for use among themselves.
OWN_PREFIX = "20"


def products(
    rng: random.Random, vendors: list[Vendor], currency: str, *, each: int = PER_CATEGORY
) -> list[Product]:
    """Make so many products of each category."""
    made: list[Product] = []
    for category in CATEGORIES:
        variety = [*combinations(category.things, category.variants, category.sizes)]
        regulars = rng.sample(vendors, 3)
        for words in sorted(rng.sample(variety, each)):
            vendor = rng.choice(regulars)
            product = _product(rng, category, words, len(made))
            product.supplier, product.currency = vendor, currency
            product.lead_time_days = rng.choice((None, vendor.lead_time_days))
            product.vendor_part_rows = _parts(rng, product, vendor, vendors)
            made.append(product)
    return made


def _product(
    rng: random.Random, category: Category, words: tuple[str, str, str], number: int
) -> Product:
    cost = _within(rng, category.costs, words[2], category.sizes)
    thing, variant, size = words
    return Product(
        sku=f"{category.prefix}-{1000 + number}",
        name=f"{thing}, {variant}, {size}",
        description=f"{thing} ({variant}). {category.about}",
        category=category.name,
        cost=cost,
        price=_price(cost * Decimal(rng.choice(("1.55", "1.7", "1.85", "2.1")))),
        weight=_within(rng, category.weights, size, category.sizes).quantize(Decimal("0.001")),
        barcode_rows=_barcodes(rng, number),
        is_active=rng.random() > 0.02,  # noqa: PLR2004  (one in fifty has had its day)
    )


def _within(
    rng: random.Random, ends: tuple[float, float], size: str, sizes: tuple[str, ...]
) -> Decimal:
    """Choose a figure that grows with the size, give or take a tenth."""
    low, high = ends
    share = sizes.index(size) / max(len(sizes) - 1, 1)
    return Decimal(f"{low * (high / low) ** share * rng.uniform(0.9, 1.1):.2f}")


def _price(amount: Decimal) -> Decimal:
    """Round a price the way shops do: 4.95, 12.50."""
    step = Decimal("0.05") if amount < 10 else Decimal("0.5")  # noqa: PLR2004
    return (amount / step).quantize(Decimal(1)) * step


def _barcodes(rng: random.Random, number: int) -> list[Barcode]:
    """An EAN-13 for the piece; for half of them a GTIN-14 for the carton, too."""
    digits = f"{OWN_PREFIX}{number + 1:010}"
    codes = [Barcode(code=digits + ean.calc_check_digit(digits), units=Decimal(1))]
    if rng.random() < 0.5:  # noqa: PLR2004
        carton = f"1{digits}"
        code = carton + ean.calc_check_digit(carton)
        codes.append(Barcode(code=code, units=Decimal(rng.choice(CARTONS))))
    return codes


def _parts(
    rng: random.Random, product: Product, vendor: Vendor, vendors: list[Vendor]
) -> list[VendorPart]:
    """What the vendor calls it, and for one in five a second vendor."""
    sources = [vendor]
    if rng.random() < 0.2:  # noqa: PLR2004
        sources.append(rng.choice([other for other in vendors if other is not vendor]))
    return [
        VendorPart(
            vendor=source,
            part_number=f"{source.name[:3].upper()}{rng.randrange(10**5):05}",
            price=product.cost,
            minimum_quantity=Decimal(rng.choice((1, 6, 12))),
        )
        for source in sources
    ]
