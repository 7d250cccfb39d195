"""The catalogue for programs."""

from app.catalog.api import components
from app.catalog.api.contacts import contact_api
from app.catalog.api.products import bp as products
from app.catalog.models import Customer, Vendor

customers = contact_api(Customer)
vendors = contact_api(Vendor)

__all__ = ["components", "customers", "products", "vendors"]
