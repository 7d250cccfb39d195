"""Purchase orders from files, and into them."""

from app.imports.definition import ASK_OWN_CODES, Importer
from app.purchasing.importers.exporting import export_orders
from app.purchasing.importers.fields import FIELDS
from app.purchasing.importers.loading import PurchaseOrderLoad

PURCHASE_ORDERS = Importer(
    kind="purchase_orders",
    label="Purchase orders",
    permission="purchase_orders.import",
    fields=FIELDS,
    key=("number", "sku", "quantity"),
    load=lambda staging: PurchaseOrderLoad(staging)(),
    export=export_orders,
    options=ASK_OWN_CODES,
    group="number",
)

__all__ = ["PURCHASE_ORDERS"]
