"""Made-up products: simple ones, and now and then a configurable, a bundle, a service."""

from typing import Any

from tests.standins import words
from tests.standins.magento import moments
from tests.standins.magento.amounts import number as amount
from tests.standins.objects import Object

EVERY = 20  # of so many products one is configurable, one a bundle, one virtual
TOGETHER, SEPARATELY = "0", "1"


def kind_of(number: int) -> str:
    """What kind of product the one of that id is."""
    return {0: "configurable", 10: "bundle", 5: "virtual"}.get(number % EVERY, "simple")


def children_of(number: int) -> list[int]:
    """The ids of the products that a configurable or a bundle is made of."""
    return {
        "configurable": [number - 1, number - 2, number - 3],
        "bundle": [number - 1, number - 2],
    }.get(kind_of(number), [])


def sku_of(number: int) -> str:
    """The code of the product of that id; simple ones share it with other systems."""
    prefix = {"configurable": "CF", "bundle": "BU", "virtual": "SV"}.get(kind_of(number), "KW")
    return f"{prefix}-{number:06d}"


def price_of(number: int) -> int | float:
    """The price in the shop's own currency, without tax."""
    return amount(4 + number * 37 % 9000 / 100)


def ships_separately(number: int) -> bool:
    """Whether the parts of a bundle are shipped apart from each other."""
    return kind_of(number) == "bundle" and number // EVERY % 2 == 1


def is_child(number: int) -> bool:
    """Whether a product is a variant of a configurable one: not shown by itself."""
    return number % EVERY in {17, 18, 19}


def product(number: int, created: float, updated: float) -> Object:
    """The product of that id."""
    kind = kind_of(number)
    fields: Object = {
        "id": number,
        "sku": sku_of(number),
        "name": words.item_name(number),
        "attribute_set_id": 4,
        "price": price_of(number),
        "status": 2 if number % 37 == 0 else 1,
        "visibility": 1 if is_child(number) else 4,
        "type_id": kind,
        "created_at": moments.written(created),
        "updated_at": moments.written(updated),
        "extension_attributes": {
            "website_ids": [1],
            "category_links": [{"position": 0, "category_id": str(3 + number % 9)}],
        },
        "product_links": [],
        "options": [],
        "media_gallery_entries": [],
        "tier_prices": [],
        "custom_attributes": attributes(number),
    }
    return fields | ({} if kind == "virtual" else {"weight": amount(0.2 + number % 40 / 10)})


def attributes(number: int) -> list[dict[str, Any]]:
    """What the vendor keeps as attributes, the way of shipping a bundle among them."""
    said: dict[str, Any] = {
        "url_key": f"product-{number}",
        "tax_class_id": "2",
        "description": f"<p>{words.item_name(number)}</p>",
        "category_ids": [str(3 + number % 9)],
    }
    if kind_of(number) == "bundle":
        said["shipment_type"] = SEPARATELY if ships_separately(number) else TOGETHER
        said["price_type"] = "0"
        said["sku_type"] = "0"
    return [{"attribute_code": code, "value": value} for code, value in said.items()]
