"""Orders from files, and into them."""

from app.imports.definition import Importer
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
)

__all__ = ["ORDERS"]
