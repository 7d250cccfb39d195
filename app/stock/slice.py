"""What stock brings."""

from app.catalog.choices import product_choices
from app.catalog.figures import BUNDLE_PLACES, FIGURES
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.stock import api, jobs, views
from app.stock.alerts import ALERTS
from app.stock.choices import location_choices, parent_choices
from app.stock.figures import bundle_places, figures
from app.stock.importers import STOCK
from app.stock.search import GROUPS
from app.stock.services import install_locations
from app.stock.settings import SETTINGS
from app.stock.uses import uses_of_location, uses_of_product
from app.stock.webhooks import WEBHOOKS

SLICE = Slice(
    name="stock",
    webhooks=WEBHOOKS,
    alerts=ALERTS,
    pages=(views.stock, views.movements, views.transfers, views.locations, views.lots),
    api=(api.bp, api.bp.alias, api.lots),
    installs=(install_locations,),
    permissions=(
        Area(
            "stock",
            order=40,
            verbs=(
                Verb(
                    "view",
                    "See stock and movements",
                    ("manager", "warehouse", "sales_rep", "user"),
                ),
                Verb("adjust", "Adjust and write off", ("manager", "warehouse")),
                Verb("transfer", "Move and transfer", ("manager", "warehouse")),
                Verb("reserve", "Reserve and release", ("manager", "warehouse", "sales_rep")),
                Verb("reverse", "Undo postings", ("manager",)),
                Verb("import", "Import opening balances", ("manager",)),
                Verb("block", "Block and free lots, and say when they expire", ("manager",)),
                Verb("recall", "See which customers got a lot", ("manager",)),
            ),
        ),
        Area(
            "locations",
            order=80,
            verbs=(Verb("edit", "Create and change locations", ("manager",)),),
        ),
    ),
    settings=SETTINGS,
    places=(
        Place("Inventory", "stock.index", "boxes", "stock.view", 10, "Stock", main=True),
        Place("Low stock", "stock.low", "alert", "stock.view", 20, "Stock", main=True),
        Place("Lots", "lots.index", "calendar", "stock.view", 15, "Stock"),
        Place("Movements", "movements.index", "arrows", "stock.view", 30, "Stock"),
        Place("Locations", "locations.index", "pin", "stock.view", 40, "Stock"),
    ),
    records={"location": "locations.show", "lot": "lots.show"},
    uses={"product": uses_of_product, "location": uses_of_location},
    search=GROUPS,
    choices=(
        ChoiceList(
            name="transfer-products", permissions=("stock.transfer",), find=product_choices
        ),
        ChoiceList(name="parents", permissions=("locations.edit",), find=parent_choices),
        ChoiceList(
            name="locations",
            permissions=("stock.view", "stock.adjust", "stock.transfer", "stock.reserve"),
            find=location_choices,
        ),
    ),
    importers=(STOCK,),
    topics={"stock": "stock.view"},
    schedule={
        "check-ledger": Periodic(
            "15 2 * * *", jobs.check_ledger.enqueue, "Check the stock ledger", order=20
        ),
        "watch-lots": Periodic(
            "10 * * * *", jobs.watch_lots.enqueue, "Look for lots that expire", order=24
        ),
        "check-twins": Periodic(
            "5 * * * *",
            jobs.check_twins.enqueue,
            "Look for codes that are there twice",
            order=27,
        ),
    },
    provides={FIGURES: figures, BUNDLE_PLACES: bundle_places},
)
