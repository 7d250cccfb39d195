"""What counting brings."""

from app.catalog.choices import product_choices
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.counting import api, jobs, services, views
from app.counting.choices import place_or_product_choices
from app.counting.settings import SETTINGS
from app.counting.webhooks import WEBHOOKS
from app.stock.choices import any_location_choices

# On the side bar and on the first screen of a tablet.
COUNT = Place("Count", "count.index", "clipboard", "counting.count", 40, "Fulfilment")

SLICE = Slice(
    name="counting",
    webhooks=WEBHOOKS,
    pages=(views.count, views.counts, views.plans),
    api=(api.bp, api.plans.bp),
    permissions=(
        Area(
            "counting",
            order=70,
            verbs=(
                Verb(
                    "count",
                    "Count on a tablet, without seeing what the books say",
                    ("manager", "warehouse"),
                ),
                Verb("view", "See counts and their differences", ("manager",)),
                Verb("manage", "Have things counted, cancel counts", ("manager",)),
                Verb(
                    "approve",
                    "Approve differences and post them, ask for a recount",
                    ("manager",),
                ),
            ),
        ),
    ),
    choices=(
        ChoiceList(
            name="count-locations", permissions=("counting.manage",), find=any_location_choices
        ),
        ChoiceList(
            name="count-places", permissions=("counting.manage",), find=place_or_product_choices
        ),
        ChoiceList(
            name="count-products", permissions=("counting.manage",), find=product_choices
        ),
    ),
    settings=SETTINGS,
    places=(
        Place("Counts", "counts.index", "clipboard", "counting.view", 50, "Stock"),
        COUNT,
    ),
    tablet_places=(COUNT,),
    schedule={
        "run-count-plans": Periodic(
            "10 3 * * *",
            jobs.run_count_plans.enqueue,
            "Have counted what the plans say",
            order=34,
        ),
    },
    records={
        "count_plan": "count_plans.show",
        "count_task": "counts.show",
        services.COUNT: "counts.show",
    },
    uses={
        "location": services.uses_of_location,
        "product": services.uses_of_product,
    },
    documents={services.COUNT: services.names_of_counts},
    topics={"counts": "counting.view"},
)
