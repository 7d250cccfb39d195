"""Products with their barcodes and vendor part numbers, customers, vendors."""

from app.catalog.models.contacts import Contact, Customer, Vendor
from app.catalog.models.products import (
    Barcode,
    BarcodeLine,
    Product,
    VendorPart,
    VendorPartLine,
)

__all__ = [
    "Barcode",
    "BarcodeLine",
    "Contact",
    "Customer",
    "Product",
    "Vendor",
    "VendorPart",
    "VendorPartLine",
]
