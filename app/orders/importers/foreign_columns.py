"""What shops call the columns of an order in the files that they export."""

ORDERS: dict[str, tuple[str, ...]] = {
    "number": (
        *("order-id", "amazon-order-id", "order reference", "order #", "order name", "num"),
        *(
            "invoice no",
            "invoice number",
            "sales order",
            "invoice",
            "Rechnungsnr",
            "Auftragsnr",
        ),
        *("Bestellnummer", "N° facture", "N° commande"),
    ),
    "customer": (
        *("billing name", "bill-to name", "customer/display name", "buyer name", "full name"),
        *("customer id", "customer no", "customer number", "Kundennr", "Kunde", "N° client"),
    ),
    "order_date": (
        *("created at", "purchase-date", "order placed", "date created", "creation date"),
        *(
            "sale date",
            "purchase date",
            "invoice date",
            "Rechnungsdatum",
            "Bestelldatum",
            "Date facture",
        ),
    ),
    "customer_po": ("po no", "purchase order number", "customer reference", "p.o. number"),
    "sku": (
        *(
            "lineitem sku",
            "custom label",
            "item sku",
            "variant sku",
            "internal reference",
            "product/service",
        ),
        *(
            "order lines/product/internal reference",
            "stock code",
            "Artikelnummer",
            "article no",
        ),
    ),
    "description": (
        *("lineitem name", "product-name", "item name", "item description", "Bezeichnung"),
        "Désignation",
    ),
    "quantity": (
        *("lineitem quantity", "quantity-purchased", "qty ordered", "item qty ordered"),
        *("order lines/quantity", "order lines/ordered quantity", "item quantity"),
        *("quantity (- refund)", "Menge", "Quantité"),
    ),
    # Amazon's "item-price" is that of all pieces of the line, so it is none of these.
    "unit_price": (
        *("lineitem price", "order lines/unit price", "item cost", "rate", "Einzelpreis"),
        "Prix unitaire",
    ),
    "line_tax_rate": ("tax rate", "tax %", "vat %"),
    # "Discount Amount" of Shopify is that of the order, Odoo's "Discount (%)" has no sign.
    "line_discount": (),
    # "Shipping" of Shopify holds its tax or not, as the shop has it.
    "shipping_amount": (),
    "ship_name": ("recipient-name", "shipping full name"),
    "ship_company": (),
    "ship_street": ("shipping address1", "ship-address-1", "shipping address"),
    "ship_city": ("ship-city",),
    "ship_region": ("shipping province", "ship-state", "shipping state"),
    "ship_postcode": ("shipping zip", "ship-postal-code", "shipping zip code"),
    "ship_country": ("ship-country", "shipping country code"),
    "ship_phone": ("ship-phone-number",),
}
