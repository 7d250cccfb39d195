"""What of the catalogue can be imported and exported."""

from app.catalog.importers.components import COMPONENTS
from app.catalog.importers.contacts import CUSTOMERS, VENDORS
from app.catalog.importers.products import PRODUCTS

__all__ = ["COMPONENTS", "CUSTOMERS", "PRODUCTS", "VENDORS"]
