"""What is done to many products at once, as their list asks for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from wtforms import SelectField, StringField

from app.catalog import queries, services
from app.catalog.models import Product
from app.catalog.rules import parse_line
from app.core.db import db
from app.core.forms import Follows, Form


class CategoryForm(Form):
    """A category; empty takes it away."""

    category = StringField("Category", [Follows(parse_line)])


class SupplierForm(Form):
    """A vendor; none takes it away."""

    supplier_id = SelectField("Supplier", coerce=lambda text: int(text) if text else None)


def offer_vendors(form: Any) -> None:
    """Let the form choose from the vendors."""
    vendors = db.session.execute(queries.vendor_choices())
    form.supplier_id.choices = [("", "None"), *((row.id, row.name) for row in vendors)]


def set_category(product_id: int, *, category: str) -> None:
    """Give a product a category."""
    services.revise_product(product_id, version=None, category=category)


def set_supplier(product_id: int, *, supplier_id: int | None) -> None:
    """Give a product its usual supplier."""
    services.revise_product(product_id, version=None, supplier_id=supplier_id)


def labels_of(ids: Sequence[int] | None, filters: Mapping[str, str]) -> str:
    """Give the page that asks how to print their labels."""
    if ids is None:
        wanted: dict[str, Any] = {
            name: text for name, text in filters.items() if name != "sort"
        }
        return url_for("labels.new", subject="sku", list=1, **wanted)
    skus = db.session.scalars(select(Product.sku).where(Product.id.in_(ids)))
    return url_for("labels.new", subject="sku", items=sorted(skus))
