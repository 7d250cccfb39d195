"""What bills of vendors bring."""

from app.catalog.related import RELATED
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.purchasing.books import IN_THE_BOOKS
from app.vendor_bills import api, jobs, views
from app.vendor_bills.showing import BOOKED, OF_VENDOR

SLICE = Slice(
    name="vendor_bills",
    pages=(views.bp,),
    api=(api.bp,),
    permissions=(
        Area(
            "vendor_bills",
            order=59,
            verbs=(
                Verb("view", "See bills and purchase orders of the books", ("manager",)),
                Verb("match", "Say which purchase orders they are about", ("manager",)),
            ),
        ),
    ),
    places=(
        Place("Vendor bills", "vendor_bills.index", "file", "vendor_bills.view", 34, "Stock"),
    ),
    schedule={
        "match-vendor-bills": Periodic(
            "25 * * * *",
            jobs.match_documents.enqueue,
            "Match bills with purchase orders",
            order=35,
        ),
    },
    provides={IN_THE_BOOKS: BOOKED, f"{RELATED}vendor": OF_VENDOR},
)
