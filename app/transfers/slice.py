"""What transfers bring."""

from app.catalog.choices import product_choices
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.stock.choices import any_location_choices
from app.stock.incoming import INCOMING
from app.transfers import api, queries, services, views
from app.transfers.alerts import ALERTS
from app.transfers.search import GROUPS
from app.transfers.uses import uses_of_location, uses_of_product

SLICE = Slice(
    name="transfers",
    alerts=ALERTS,
    pages=(views.bp,),
    api=(api.bp,),
    permissions=(
        Area(
            "transfers",
            order=58,
            verbs=(
                Verb(
                    "view",
                    "See transfers between warehouses",
                    ("manager", "warehouse", "sales_rep"),
                ),
                Verb("edit", "Write and cancel transfers", ("manager", "warehouse")),
                Verb("send", "Send transfers", ("manager", "warehouse")),
                Verb(
                    "receive",
                    "Receive transfers, explain differences, undo steps",
                    ("manager", "warehouse"),
                ),
            ),
        ),
    ),
    places=(
        Place("Transfers", "transfer_orders.index", "truck", "transfers.view", 28, "Stock"),
    ),
    schedule={
        "watch-late-transfers": Periodic(
            "*/30 * * * *",
            services.watch_late_transfers,
            "Look for late transfers between warehouses",
            order=33,
        ),
    },
    choices=(
        ChoiceList(
            name="transferred-products", permissions=("transfers.edit",), find=product_choices
        ),
        ChoiceList(
            name="transfer-locations",
            permissions=("transfers.receive",),
            find=any_location_choices,
        ),
    ),
    records={queries.TRANSFER: "transfer_orders.show"},
    documents={queries.TRANSFER: services.numbers_of},
    search=GROUPS,
    uses={"product": uses_of_product, "location": uses_of_location},
    provides={f"{INCOMING}transfer": queries.incoming},
)
