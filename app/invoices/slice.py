"""What invoices bring."""

from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.invoices import api, views
from app.invoices.search import GROUPS

SLICE = Slice(
    name="invoices",
    pages=(views.invoices, views.book_documents),
    api=(api.invoices, api.book_documents),
    permissions=(
        Area(
            "invoices",
            order=90,
            verbs=(Verb("view", "See invoices", ("manager", "sales_rep")),),
        ),
    ),
    places=(
        Place("Invoices", "invoices.index", "file", "invoices.view", 20, "Sales"),
        Place(
            "Receipts and credits", "book_documents.index", "file", "invoices.view", 30, "Sales"
        ),
    ),
    search=GROUPS,
)
