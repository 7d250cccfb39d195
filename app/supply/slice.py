"""What supply plans bring."""

from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.supply import api
from app.supply.settings import SETTINGS
from app.supply.views import bp

SLICE = Slice(
    name="supply",
    permissions=(
        Area(
            "supply",
            order=98,
            verbs=(
                Verb("view", "See supply plans", ("manager",)),
                Verb("make", "Make supply plans", ("manager",)),
            ),
        ),
    ),
    pages=(bp,),
    api=(api.bp,),
    settings=SETTINGS,
    places=(Place("Supply plan", "supply_plans.index", "truck", "supply.view", 46, "Sales"),),
)
