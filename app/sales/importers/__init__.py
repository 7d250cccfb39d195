"""Sales from files, and into them."""

from app.imports.definition import OWN_CODES, Importer
from app.sales.importers.fields import FIELDS
from app.sales.importers.loading import SalesLoad
from app.sales.importers.summary import CREATE_CUSTOMERS, CREATE_PRODUCTS
from app.sales.importers.undoing import delete_import

SALES = Importer(
    kind="sales",
    label="Sales",
    permission="sales.import",
    fields=FIELDS,
    key=("sold_on", "product", "quantity"),
    load=lambda staging: SalesLoad(staging)(),
    options={
        CREATE_PRODUCTS: "Create products that are not in the catalogue",
        CREATE_CUSTOMERS: "Create customers that are not known",
        OWN_CODES: "Take codes as they are, even if they look damaged",
    },
    group="document",
    has_totals=True,
    undo=delete_import,
)

__all__ = ["SALES"]
