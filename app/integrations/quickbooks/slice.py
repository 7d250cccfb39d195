"""What QuickBooks brings beside its connector: invoices, its search service's calls."""

from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.integrations.quickbooks import api, views
from app.integrations.quickbooks.search import GROUPS

SLICE = Slice(
    name="quickbooks",
    pages=(views.callback, views.invoices),
    api=(api.bp,),
    permissions=(
        Area(
            "invoices",
            order=90,
            verbs=(Verb("view", "See invoices", ("manager", "sales_rep")),),
        ),
    ),
    places=(Place("Invoices", "invoices.index", "file", "invoices.view", 20, "Sales"),),
    search=GROUPS,
)
