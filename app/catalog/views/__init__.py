"""Pages of the catalogue."""

from app.catalog.models import Customer, Vendor
from app.catalog.views import components, product_list, product_page
from app.catalog.views.contacts import contact_pages
from app.catalog.views.images import bp as images
from app.catalog.views.products import bp as products

customers = contact_pages(Customer)
vendors = contact_pages(Vendor)

__all__ = [
    "components",
    "customers",
    "images",
    "product_list",
    "product_page",
    "products",
    "vendors",
]
