"""What shops and other programs call our columns in the files that they export.

`tests/imports/test_foreign_columns.py` has the headers of each. Case and punctuation do not
count.
"""

PRODUCTS: dict[str, tuple[str, ...]] = {
    "sku": (
        *("variant sku", "seller-sku", "item sku", "internal reference", "internal ref"),
        *("default_code", "stock keeping unit", "custom label (sku)", "custom label"),
        *("custom sku", "product code/sku"),
    ),
    "name": ("product/service name", "product/service", "item name/number", "display name"),
    "description": (
        *("body (html)", "sales description", "description on sales"),
        "sales description for customers",
    ),
    "category": ("categories", "internal category", "product category/name"),
    "price": (
        *("variant price", "regular price", "sales price / rate", "your price"),
        *("list_price", "rate", "start price", "price (tax excl.)", "salesunitprice"),
        "Verkaufspreis",
    ),
    "cost": (
        *("cost per item", "purchase cost", "standard_price", "default cost"),
        *("purchasesunitprice", "purchase rate", "Einkaufspreis"),
    ),
    "supplier": ("preferred vendor", "preferred supplier", "vendors/vendor"),
    "unit": ("Einheit",),
    "weight": ("weight (kg)", "product weight"),
    "reorder_point": ("reorder pt (min)", "low stock amount", "reordering min qty"),
    "is_active": ("published", "product_online"),
    "barcodes": (
        *("variant barcode", "gtin, upc, ean, or isbn", "isbn"),
        *("barcode (isbn, upc, gtin, etc.)", "product upc/ean"),
    ),
}

CONTACTS: dict[str, tuple[str, ...]] = {
    "code": ("internal reference", "account no.", "reference"),
    "name": ("customer full name", "vendor full name", "display_name", "contactname"),
    "company": ("default address company",),
    "email": ("main email", "e-mail", "emailid"),
    "phone": ("phone number", "main phone", "default address phone"),
    "address_line1": (
        *("street address", "billing street", "billing address 1", "bill to 1"),
        *("default address address1", "poaddressline1", "billing address"),
        "street address 1",
    ),
    "address_line2": ("street2", "billing address 2", "default address address2"),
    "city": ("billing city", "default address city", "pocity"),
    "region": ("state/province", "billing state", "default address province code"),
    "postal_code": (
        *("zip/postal code", "billing zip", "default address zip", "popostalcode"),
        "billing code",
    ),
    "country": ("billing country", "default address country code", "pocountry"),
}
