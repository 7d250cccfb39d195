"""Orders from files, and into them."""

from app.imports.definition import ASK_OWN_CODES, Importer
from app.orders.importers.exporting import export_orders
from app.orders.importers.fields import FIELDS
from app.orders.importers.loading import OrderLoad

ORDERS = Importer(
    kind="orders",
    label="Orders",
    permission="orders.import",
    fields=FIELDS,
    key=("number", "sku", "quantity"),
    load=lambda staging: OrderLoad(staging)(),
    export=export_orders,
    options=ASK_OWN_CODES,
    group="number",
)

__all__ = ["ORDERS"]
