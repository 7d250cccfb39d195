"""Sales from files, and into them."""

from collections.abc import Mapping
from typing import Any

from app.core.permissions import may
from app.imports.definition import OWN_CODES, Importer
from app.sales.importers.fields import FIELDS
from app.sales.importers.loading import SalesLoad
from app.sales.importers.summary import CREATE_CUSTOMERS, CREATE_PRODUCTS, FIRST, LAST
from app.sales.importers.undoing import delete_import


def _brought(result: Mapping[str, Any]) -> tuple[str, str] | None:
    """Lead to the sales of the days that a file is of."""
    days = dict(result.get("figures") or ())
    if FIRST not in days or not may("sales.view"):
        return None
    return "Sales of these days", f"/sales?from={days[FIRST]}&to={days[LAST]}"


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
    brought=_brought,
)

__all__ = ["SALES"]
