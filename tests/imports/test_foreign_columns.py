"""The headers of files that other programs export, and what we make of them."""

import pytest
from sqlalchemy.orm import Session

from app.imports.definition import importers
from app.imports.mapping import guess_mapping

# As the manuals of each show them; columns that we have no room for are part of it.
SHOPIFY_PRODUCTS = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,"
    "Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Variant Fulfillment Service,Variant Price,"
    "Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,"
    "Image Src,Gift Card,SEO Title,Variant Weight Unit,Variant Tax Code,Cost per item,Status"
)
SHOPIFY_ORDERS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,"
    "Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,"
    "Lineitem requires shipping,Billing Name,Billing Street,Billing City,Shipping Name,"
    "Shipping Street,Shipping Address1,Shipping Company,Shipping City,Shipping Zip,"
    "Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Id"
)
WOOCOMMERCE_PRODUCTS = (
    'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Is featured?,Visibility in catalog,'
    "Short description,Description,Tax status,Tax class,In stock?,Stock,Low stock amount,"
    "Weight (kg),Length (cm),Regular price,Sale price,Categories,Tags,Images"
)
WOOCOMMERCE_ORDERS = (
    "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),"
    "Company (Billing),Item #,SKU,Item Name,Quantity (- Refund),Item Cost,Coupon Code"
)
MAGENTO_PRODUCTS = (
    "sku,store_view_code,attribute_set_code,product_type,categories,product_websites,name,"
    "description,short_description,weight,product_online,tax_class_name,visibility,price,"
    "special_price,url_key,qty,out_of_stock_qty"
)
ODOO_PRODUCTS = (
    "External ID,Name,Internal Reference,Barcode,Sales Price,Cost,Product Category,"
    "Unit of Measure,Quantity On Hand,Weight,Active"
)
ODOO_ORDERS = (
    "Order Reference,Customer,Creation Date,Customer Reference,"
    "Order Lines/Product/Internal Reference,Order Lines/Quantity,Order Lines/Unit Price"
)
QUICKBOOKS_PRODUCTS = (
    "Product/Service Name,Sales Description,SKU,Type,Sales Price / Rate,Taxable,"
    "Income Account,Purchase Description,Purchase Cost,Expense Account,Quantity On Hand,"
    "Reorder Point,Inventory Asset Account,Quantity as-of Date"
)
QUICKBOOKS_DESKTOP = (
    "Active Status,Type,Item,Description,Sales Tax Code,Account,Cost,Price,"
    "Reorder Pt (Min),MPN,Preferred Vendor"
)
AMAZON_PRODUCTS = (
    "item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\topen-date\t"
    "image-url\tproduct-id-type\tasin1\tproduct-id\tstatus"
)
AMAZON_ORDERS = (
    "order-id\torder-item-id\tpurchase-date\tbuyer-name\tsku\tproduct-name\t"
    "quantity-purchased\tcurrency\titem-price\titem-tax\trecipient-name\tship-address-1\t"
    "ship-city\tship-state\tship-postal-code\tship-country\tship-phone-number"
)
SHOPIFY_CUSTOMERS = (
    "Customer ID,First Name,Last Name,Email,Default Address Company,"
    "Default Address Address1,Default Address Address2,Default Address City,"
    "Default Address Province Code,Default Address Country Code,Default Address Zip,"
    "Default Address Phone,Phone,Total Spent,Note"
)

GUESSED = [
    (
        "products",
        SHOPIFY_PRODUCTS,
        {
            "sku": "Variant SKU",
            "name": "Title",
            "description": "Body (HTML)",
            "category": "Product Category",
            "price": "Variant Price",
            "cost": "Cost per item",
            "supplier": "Vendor",
            "is_active": "Status",
            "barcodes": "Variant Barcode",
        },
    ),
    (
        "products",
        WOOCOMMERCE_PRODUCTS,
        {
            "sku": "SKU",
            "name": "Name",
            "description": "Description",
            "category": "Categories",
            "price": "Regular price",
            "tax_class": "Tax class",
            "weight": "Weight (kg)",
            "reorder_point": "Low stock amount",
            "is_active": "Published",
            "barcodes": "GTIN, UPC, EAN, or ISBN",
        },
    ),
    (
        "products",
        "Item number,Title,Custom label (SKU),Available quantity,Start price,UPC,EAN",  # eBay
        {
            "sku": "Custom label (SKU)",
            "name": "Title",
            "price": "Start price",
            "barcodes": "EAN",
        },
    ),
    (
        "products",
        "System ID,UPC,EAN,Custom SKU,Manufact. SKU,Item,Price,Default Cost",  # Lightspeed
        {
            "sku": "Custom SKU",
            "name": "Item",
            "price": "Price",
            "cost": "Default Cost",
            "barcodes": "EAN",
        },
    ),
    (
        "products",
        # BigCommerce
        "Product ID,Product Name,Product Code/SKU,Price,Cost Price,Product Weight,UPC",
        {
            "sku": "Product Code/SKU",
            "name": "Product Name",
            "price": "Price",
            "cost": "Cost Price",
            "weight": "Product Weight",
            "barcodes": "UPC",
        },
    ),
    (
        "products",
        "*ItemCode,ItemName,PurchasesUnitPrice,SalesUnitPrice",  # Xero
        {
            "sku": "*ItemCode",
            "name": "ItemName",
            "price": "SalesUnitPrice",
            "cost": "PurchasesUnitPrice",
        },
    ),
    (
        "customers",
        "*ContactName,AccountNumber,EmailAddress,POAddressLine1,POCity,POPostalCode,POCountry",
        {
            "code": "AccountNumber",
            "name": "*ContactName",
            "email": "EmailAddress",
            "address_line1": "POAddressLine1",
            "city": "POCity",
            "postal_code": "POPostalCode",
            "country": "POCountry",
        },
    ),
    (
        "orders",
        "Sale Date,Order ID,Full Name,Quantity,Item Name,SKU,Price,Currency",  # Etsy
        {
            "number": "Order ID",
            "customer": "Full Name",
            "order_date": "Sale Date",
            "currency": "Currency",
            "sku": "SKU",
            "description": "Item Name",
            "quantity": "Quantity",
            "unit_price": "Price",
        },
    ),
    (
        "products",
        MAGENTO_PRODUCTS,
        {
            "sku": "sku",
            "name": "name",
            "description": "description",
            "category": "categories",
            "price": "price",
            "weight": "weight",
            "is_active": "product_online",
        },
    ),
    (
        "products",
        ODOO_PRODUCTS,
        {
            "sku": "Internal Reference",
            "name": "Name",
            "category": "Product Category",
            "price": "Sales Price",
            "cost": "Cost",
            "unit": "Unit of Measure",
            "weight": "Weight",
            "is_active": "Active",
            "barcodes": "Barcode",
        },
    ),
    (
        "products",
        QUICKBOOKS_PRODUCTS,
        {
            "sku": "SKU",
            "name": "Product/Service Name",
            "description": "Sales Description",
            "price": "Sales Price / Rate",
            "cost": "Purchase Cost",
            "reorder_point": "Reorder Point",
        },
    ),
    (
        "products",
        AMAZON_PRODUCTS,
        {
            "sku": "seller-sku",
            "name": "item-name",
            "description": "item-description",
            "price": "price",
            "is_active": "status",
        },
    ),
    (
        "orders",
        SHOPIFY_ORDERS,
        {
            "number": "Name",
            "customer": "Billing Name",
            "order_date": "Created at",
            "currency": "Currency",
            "notes": "Notes",
            "shipping_amount": "Shipping",
            "sku": "Lineitem sku",
            "description": "Lineitem name",
            "quantity": "Lineitem quantity",
            "unit_price": "Lineitem price",
            "ship_name": "Shipping Name",
            "ship_company": "Shipping Company",
            "ship_street": "Shipping Street",
            "ship_city": "Shipping City",
            "ship_region": "Shipping Province",
            "ship_postcode": "Shipping Zip",
            "ship_country": "Shipping Country",
            "ship_phone": "Shipping Phone",
        },
    ),
    (
        "orders",
        WOOCOMMERCE_ORDERS,
        {
            "number": "Order Number",
            "order_date": "Order Date",
            "sku": "SKU",
            "description": "Item Name",
            "quantity": "Quantity (- Refund)",
            "unit_price": "Item Cost",
        },
    ),
    (
        "orders",
        ODOO_ORDERS,
        {
            "number": "Order Reference",
            "customer": "Customer",
            "order_date": "Creation Date",
            "customer_po": "Customer Reference",
            "sku": "Order Lines/Product/Internal Reference",
            "quantity": "Order Lines/Quantity",
            "unit_price": "Order Lines/Unit Price",
        },
    ),
    (
        "orders",
        AMAZON_ORDERS,
        {
            "number": "order-id",
            "customer": "buyer-name",
            "order_date": "purchase-date",
            "currency": "currency",
            "sku": "sku",
            "description": "product-name",
            "quantity": "quantity-purchased",
            "ship_name": "recipient-name",
            "ship_street": "ship-address-1",
            "ship_city": "ship-city",
            "ship_region": "ship-state",
            "ship_postcode": "ship-postal-code",
            "ship_country": "ship-country",
            "ship_phone": "ship-phone-number",
        },
    ),
    (
        "customers",
        SHOPIFY_CUSTOMERS,
        {
            "code": "Customer ID",
            "company": "Default Address Company",
            "email": "Email",
            "phone": "Phone",
            "address_line1": "Default Address Address1",
            "address_line2": "Default Address Address2",
            "city": "Default Address City",
            "region": "Default Address Province Code",
            "postal_code": "Default Address Zip",
            "country": "Default Address Country Code",
            "notes": "Note",
        },
    ),
]


def columns(header: str) -> list[str]:
    if "\t" in header:
        return header.split("\t")
    marked = header.replace('"GTIN, UPC, EAN, or ISBN"', "GTIN; UPC; EAN; or ISBN")
    return [name.replace(";", ",") for name in marked.split(",")]


@pytest.mark.parametrize(("kind", "header", "guessed"), GUESSED)
def test_the_columns_of_other_programs_are_guessed(
    session: Session, kind: str, header: str, guessed: dict[str, str]
) -> None:
    assert guess_mapping(importers()[kind], columns(header)) == guessed


def test_the_list_of_an_old_program_offers_what_it_has(session: Session) -> None:
    """It has no SKU: the item is its name, and the person chooses."""
    guessed = guess_mapping(importers()["products"], columns(QUICKBOOKS_DESKTOP))

    assert guessed["name"] == "Item"
    assert (guessed["cost"], guessed["price"]) == ("Cost", "Price")
    assert (guessed["supplier"], guessed["reorder_point"]) == (
        "Preferred Vendor",
        "Reorder Pt (Min)",
    )
