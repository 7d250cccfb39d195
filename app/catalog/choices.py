"""What comboboxes offer of the catalogue; whoever has such a field makes a list of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from app.catalog import queries, services
from app.catalog.figures import figures_of
from app.catalog.models import Customer, Product, Vendor
from app.catalog.services.matching import find_products
from app.core.db import db
from app.core.errors import Invalid
from app.core.forms import Named, RecordField
from app.core.pages.choices import MOST, Choice
from app.core.permissions import may
from app.core.quantities import grouped

C = TypeVar("C", Customer, Vendor)


def customer_choices(term: str, _about: int | None = None) -> list[Choice]:
    """Find customers by what was typed."""
    return _contacts(Customer, term)


def vendor_choices(term: str, _about: int | None = None) -> list[Choice]:
    """Find vendors by what was typed."""
    return _contacts(Vendor, term)


def product_choices(term: str, _about: int | None = None) -> list[Choice]:
    """Find products by what was typed, with what is available for who may see stock."""
    if not term:
        return []
    found = db.session.scalars(queries.products_offered(term, limit=MOST)).all()
    if not may("stock.view"):
        return [Choice(product.sku, product.name) for product in found]
    figures = figures_of([product.id for product in found])
    return [
        Choice(
            product.sku,
            product.name,
            f"{grouped(figures[product.id].available)} available",
        )
        for product in found
    ]


def vendor_options() -> list[tuple[int, str]]:
    """Give vendors to choose from, for a filter."""
    return [(row.id, row.name) for row in db.session.execute(queries.vendor_choices())]


def vendor_name(vendor_id: int) -> str:
    """Give the name of a vendor, for a chip."""
    return str(db.session.get(Vendor, vendor_id) or "unknown")


def vendor_field(label: str, validators: Sequence[Any] = (), **more: Any) -> RecordField:
    """Make a field for a vendor."""
    return _field(Vendor, label, validators, more)


def customer_field(label: str, validators: Sequence[Any] = (), **more: Any) -> RecordField:
    """Make a field for a customer."""
    return _field(Customer, label, validators, more)


def product_field(
    label: str,
    validators: Sequence[Any] = (),
    *,
    find: Callable[[str], int] | None = None,
    **more: Any,
) -> RecordField:
    """Make a field for a product: any that has the SKU or barcode, or what `find` takes."""
    return RecordField(
        label, validators, find=find or _find_product, named=_named_product, **more
    )


def _find_product(code: str) -> int:
    found = find_products([code])
    if code in found.doubtful:
        raise Invalid("product_id", "Several products have such a code: choose one.")
    if code not in found.matches:
        raise Invalid("product_id", "No product has this SKU or barcode.")
    return found.matches[code].product.id


def _named_product(product_id: int) -> Named | None:
    product = db.session.get(Product, product_id)
    return Named(product.sku, product.name) if product else None


def _field(
    kind: type[C], label: str, validators: Sequence[Any], more: Mapping[str, Any]
) -> RecordField:
    def find(name: str) -> int:
        return services.find_contact(kind, name).id

    def named(contact_id: int) -> Named | None:
        contact = db.session.get(kind, contact_id)
        return Named(contact.code, contact.name) if contact else None

    return RecordField(label, validators, find=find, named=named, **more)


def _contacts(kind: type[Customer] | type[Vendor], term: str) -> list[Choice]:
    if not term:
        return []
    found = db.session.scalars(queries.contacts_offered(kind, term, limit=MOST)).all()
    return [
        Choice(one.code, one.name, one.company if one.company != one.name else "")
        for one in found
    ]
