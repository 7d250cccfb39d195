"""Products with their barcodes and vendor part numbers, customers, vendors."""

from app.catalog.models.contacts import Contact, Customer, Vendor
from app.catalog.models.products import (
    BUNDLE,
    KINDS,
    Barcode,
    BarcodeLine,
    Component,
    ComponentLine,
    ComponentSubstitute,
    Product,
    VendorPart,
    VendorPartLine,
)

__all__ = [
    "BUNDLE",
    "KINDS",
    "Barcode",
    "BarcodeLine",
    "Component",
    "ComponentLine",
    "ComponentSubstitute",
    "Contact",
    "Customer",
    "Product",
    "Vendor",
    "VendorPart",
    "VendorPartLine",
]
