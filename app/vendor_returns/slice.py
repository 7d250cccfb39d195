"""What returns to vendors bring."""

from app.catalog.choices import product_choices, vendor_choices
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.purchasing.prices import COSTS
from app.purchasing.returning import RETURNED
from app.vendor_returns import api, queries, services, views
from app.vendor_returns.search import GROUPS
from app.vendor_returns.uses import uses_of_vendor

SLICE = Slice(
    name="vendor_returns",
    pages=(views.bp,),
    api=(api.bp,),
    permissions=(
        Area(
            "vendor_returns",
            order=56,
            verbs=(
                Verb("view", "See returns to vendors", ("manager", "warehouse")),
                Verb("edit", "Write and cancel returns to vendors", ("manager",)),
                Verb(
                    "send",
                    "Send goods back to vendors, and undo that",
                    ("manager", "warehouse"),
                ),
            ),
        ),
    ),
    places=(
        Place(
            "Returns to vendors",
            "vendor_returns.index",
            "undo",
            "vendor_returns.view",
            29,
            "Stock",
        ),
    ),
    choices=(
        ChoiceList(
            name="returned-products",
            permissions=("vendor_returns.edit",),
            find=product_choices,
        ),
        ChoiceList(
            name="return-vendors", permissions=("vendor_returns.edit",), find=vendor_choices
        ),
    ),
    records={queries.RETURN: "vendor_returns.show"},
    documents={queries.RETURN: services.numbers_of},
    search=GROUPS,
    guarded={"expected_credit": COSTS, "granted_credit": COSTS},
    uses={"vendor": uses_of_vendor},
    provides={RETURNED: services.returned_of},
)
