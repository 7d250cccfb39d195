"""A build, for the pages of assembly."""

from decimal import Decimal

from app.assembly.services import build_product
from app.catalog.models import Product
from app.catalog.services import ComponentDraft, set_components
from tests.factories import ProductFactory


def building(component: Product, location_id: int, name: str) -> dict[str, int]:
    """Build something of a product, and say what the address of that needs."""
    product = ProductFactory.create(sku="KETTLE-SET-OF-ONE", name=name)
    drafts = [ComponentDraft(Decimal(1), product_id=component.id)]
    set_components(product.id, kind="assembly", components=drafts, version=None)
    build = build_product(
        product.id, quantity=Decimal(1), location_id=location_id, key="build", note=name
    )
    return {"build_id": build.id}
