"""What each list can be searched and sorted by."""

MOMENTS = ("created_at", "updated_at")
PRODUCTS = ("entity_id", "sku", "name", "type_id", "status", "price", "visibility", *MOMENTS)
ORDERS = (
    "entity_id", "increment_id", "state", "status", "store_id", "customer_id",
    "customer_email", "grand_total", "base_grand_total", "order_currency_code",
    "relation_parent_id", *MOMENTS,
)  # fmt: skip
INVOICES = (
    "entity_id", "increment_id", "order_id", "state", "store_id", "grand_total", *MOMENTS,
)  # fmt: skip
SHIPMENTS = ("entity_id", "increment_id", "order_id", "store_id", *MOMENTS)
STOCK = ("sku", "source_code", "quantity", "status")
