"""Three bundles that are sold as kits, and a set that is built and kept in stock."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.assembly.services import build_product
from app.catalog.figures import figures_of
from app.catalog.models import Customer, Product
from app.catalog.services import ComponentDraft, set_components
from app.core.db import transaction
from app.core.quantities import half_up
from app.orders import services as orders
from app.orders.models import ItemDraft
from app.stock.models import Location

# What is in one, by the categories that its components come from.
BUNDLES: Mapping[str, Mapping[str, int]] = {
    "Breakfast for two": {"Coffee beans": 1, "Cups and mugs": 2, "Biscuits": 1},
    "A first filter coffee": {"Ground coffee": 2, "Filters": 1, "Drippers and servers": 1},
    "Tea time": {"Black tea": 1, "Teapots": 1, "Plates and bowls": 4},
}
BUILT = ("SET-01", "Hamper of the house")
PARTS, BUILDS = 3, Decimal(4)  # of each of what there is most goes one into the hamper
SHARE = Decimal("0.9")  # a kit costs less than its parts


def bundles(products: Sequence[Product], customers: Sequence[Customer], bench: Location) -> int:
    """Build the set at a bench, make them, and sell each once; gives how many bundles."""
    by_category = _plentiful(products)
    with transaction() as session:
        hamper = dict.fromkeys([*by_category][:PARTS], 1)
        built = _made(*BUILT, hamper, by_category, kind="assembly")
        build_product(built.id, quantity=BUILDS, location_id=bench.id, key="demo-build")
        kits = [
            _made(f"KIT-{number:02}", name, parts, by_category, kind="bundle")
            for number, (name, parts) in enumerate(BUNDLES.items(), start=1)
        ]
        for kit, customer in zip(kits, customers, strict=False):
            wanted = [ItemDraft(Decimal(1), product_id=kit.id)]
            order = orders.create_order(customer_id=customer.id, items=wanted)
            orders.confirm_order(order.id)
        session.flush()
    return len(kits)


def _plentiful(products: Sequence[Product]) -> dict[str, Product]:
    """The product of each category of which most is available, that of most first."""
    there = figures_of([product.id for product in products])
    found: dict[str, Product] = {}
    for product in sorted(products, key=lambda one: (-there[one.id].available, one.sku)):
        found.setdefault(product.category, product)
    return found


def _made(
    sku: str,
    name: str,
    parts: Mapping[str, int],
    by_category: Mapping[str, Product],
    *,
    kind: str,
) -> Product:
    held = [(by_category[category], number) for category, number in parts.items()]
    worth = sum((part.price * number for part, number in held), Decimal(0))
    product = Product(
        sku=sku,
        name=name,
        description=f"Consists of {len(held)} products.",
        category="Sets",
        currency=held[0][0].currency,
        price=half_up(worth * SHARE, 1),
    )
    with transaction() as session:
        session.add(product)
        session.flush()
        drafts = [ComponentDraft(Decimal(number), product_id=part.id) for part, number in held]
        return set_components(product.id, kind=kind, components=drafts, version=None)
