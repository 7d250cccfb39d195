"""The heads of reports, as the vendor's pages give them."""

COLUMNS = {
    "GET_LEDGER_DETAIL_VIEW_DATA": (
        "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID", "Quantity",
        "Fulfillment Center", "Disposition", "Reason", "Country", "Reconciled Quantity",
        "Unreconciled Quantity",
    ),
    "GET_LEDGER_SUMMARY_VIEW_DATA": (
        "Date", "FNSKU", "ASIN", "MSKU", "Title", "Disposition", "Starting Warehouse Balance",
        "In Transit Between Warehouses", "Receipts", "Customer Shipments", "Customer Returns",
        "Vendor Returns", "Warehouse Transfer In/Out", "Found", "Lost", "Damaged", "Disposed",
        "Other Events", "Ending Warehouse Balance", "Unknown Events", "Location",
    ),
    "GET_FBA_REIMBURSEMENTS_DATA": (
        "approval-date", "reimbursement-id", "case-id", "amazon-order-id", "reason", "sku",
        "fnsku", "asin", "product-name", "condition", "currency-unit", "amount-per-unit",
        "amount-total", "quantity-reimbursed-cash", "quantity-reimbursed-inventory",
        "quantity-reimbursed-total", "original-reimbursement-id",
        "original-reimbursement-type",
    ),
    "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA": (
        "return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity",
        "fulfillment-center-id", "detailed-disposition", "reason", "status",
        "license-plate-number", "customer-comments",
    ),
    "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA": (
        "request-date", "order-id", "order-type", "service-speed", "order-status",
        "last-updated-date", "sku", "fnsku", "disposition", "requested-quantity",
        "cancelled-quantity", "disposed-quantity", "shipped-quantity", "in-process-quantity",
        "removal-fee", "currency",
    ),
    "GET_FBA_ESTIMATED_FBA_FEES_TXT_DATA": (
        "sku", "fnsku", "asin", "product-name", "product-group", "brand", "fulfilled-by",
        "has-local-inventory", "your-price", "sales-price", "longest-side", "median-side",
        "shortest-side", "length-and-girth", "unit-of-dimension", "item-package-weight",
        "unit-of-weight", "product-size-weight-band", "currency", "estimated-fee-total",
        "estimated-referral-fee-per-unit", "estimated-variable-closing-fee",
        "expected-domestic-fulfilment-fee-per-unit",
    ),
}  # fmt: skip
LEDGER, SUMMARY, REIMBURSEMENTS, RETURNS, REMOVALS, FEES = COLUMNS
QUOTED = {LEDGER, SUMMARY}  # these are written with quotes around each cell
TIMED = {
    LEDGER: "Date", SUMMARY: "Date", REIMBURSEMENTS: "approval-date", RETURNS: "return-date",
    REMOVALS: "request-date",
}  # fmt: skip
