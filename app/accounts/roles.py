"""The roles that every installation begins with; the administrator changes them at will."""

from typing import NamedTuple

from app.accounts.models import EVERYTHING


class BuiltIn(NamedTuple):
    """A role as it is first made."""

    name: str
    description: str
    permissions: tuple[str, ...]


BUILT_IN = (
    BuiltIn("admin", "Everything, also what later releases add.", (EVERYTHING,)),
    BuiltIn(
        "manager",
        "All of the business, but not who may do what.",
        (
            "products.view",
            "products.edit",
            "products.import",
            "customers.view",
            "customers.edit",
            "customers.import",
            "vendors.view",
            "vendors.edit",
            "vendors.import",
            "stock.view",
            "stock.adjust",
            "stock.transfer",
            "stock.reserve",
            "stock.reverse",
            "stock.import",
            "orders.view",
            "orders.edit",
            "orders.confirm",
            "orders.cancel",
            "orders.ship",
            "orders.return",
            "orders.import",
            "fulfilment.pick",
            "fulfilment.pack",
            "fulfilment.quantity",
            "fulfilment.takeover",
            "fulfilment.manage",
            "counting.count",
            "counting.view",
            "counting.manage",
            "counting.approve",
            "locations.edit",
            "labels.view",
            "labels.print",
            "labels.manage",
            "invoices.view",
            "integrations.view",
            "integrations.sync",
            "jobs.view",
            "jobs.manage",
            "audit.view",
            "views.share",
        ),
    ),
    BuiltIn(
        "warehouse",
        "Sees the goods and moves them.",
        (
            "products.view",
            "stock.view",
            "stock.adjust",
            "stock.transfer",
            "stock.reserve",
            "labels.view",
            "labels.print",
            "orders.view",
            "orders.ship",
            "orders.return",
            "fulfilment.pick",
            "fulfilment.pack",
            "counting.count",
        ),
    ),
    BuiltIn(
        "sales_rep",
        "Looks after customers and promises goods to them.",
        (
            "products.view",
            "customers.view",
            "customers.edit",
            "stock.view",
            "stock.reserve",
            "orders.view",
            "orders.edit",
            "orders.confirm",
            "invoices.view",
        ),
    ),
    BuiltIn("user", "Looks things up.", ("products.view", "stock.view")),
)
