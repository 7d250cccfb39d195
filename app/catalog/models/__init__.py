"""Products with their barcodes and vendor part numbers, customers, vendors."""

from app.catalog.models.contacts import Contact, Customer, Vendor
from app.catalog.models.products import (
    BUNDLE,
    KINDS,
    NOT_TRACKED,
    SERIAL,
    TRACKINGS,
    UNTRACKED,
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
    "NOT_TRACKED",
    "SERIAL",
    "TRACKINGS",
    "UNTRACKED",
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
