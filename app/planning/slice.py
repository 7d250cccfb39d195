"""What planning brings."""

from app.catalog.choices import customer_choices, product_choices
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.planning import api, jobs
from app.planning.settings import SETTINGS
from app.planning.views import PAGES

SLICE = Slice(
    name="planning",
    permissions=(
        Area(
            "forecasts",
            order=97,
            verbs=(
                Verb("view", "See own forecasts and their cycles", ("manager", "sales_rep")),
                Verb("edit", "Write and submit own forecasts", ("manager", "sales_rep")),
                Verb(
                    "manage",
                    "Make cycles, see and write all forecasts, approve and return them",
                    ("manager",),
                ),
            ),
        ),
    ),
    pages=PAGES,
    api=api.BLUEPRINTS,
    settings=SETTINGS,
    choices=(
        ChoiceList(
            name="planning-products", permissions=("forecasts.manage",), find=product_choices
        ),
        ChoiceList(
            name="planning-customers", permissions=("forecasts.manage",), find=customer_choices
        ),
    ),
    places=(Place("Forecasts", "cycles.index", "chart", "forecasts.view", 45, "Sales"),),
    records={"planning_cycle": "cycles.show", "planning_scenario": "scenarios.show"},
    schedule={
        "remind-forecasts": Periodic(
            "0 7 * * *", jobs.remind_late.enqueue, "Remind of forecasts that are due", order=63
        ),
    },
)
