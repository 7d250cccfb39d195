"""What is done to many products at once, as their list asks for it."""

from wtforms import StringField

from app.catalog import services
from app.catalog.choices import vendor_field
from app.catalog.rules import parse_line
from app.core.forms import Follows, Form


class CategoryForm(Form):
    """A category; empty takes it away."""

    category = StringField("Category", [Follows(parse_line)])


class SupplierForm(Form):
    """A vendor; none takes it away."""

    supplier = vendor_field("Supplier")


def set_category(product_id: int, *, category: str) -> None:
    """Give a product a category."""
    services.revise_product(product_id, version=None, category=category)


def set_supplier(product_id: int, *, supplier: int | None) -> None:
    """Give a product its usual supplier."""
    services.revise_product(product_id, version=None, supplier_id=supplier)
