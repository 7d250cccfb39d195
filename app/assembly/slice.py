"""What assembly brings."""

from app.assembly import api, queries, services, views
from app.assembly.search import GROUPS
from app.catalog.building import BUILDABLE, BuildableOf
from app.catalog.choices import product_choices
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.stock.choices import any_location_choices

SLICE = Slice(
    name="assembly",
    pages=(views.bp,),
    api=(api.bp,),
    permissions=(
        Area(
            "assembly",
            order=57,
            verbs=(
                Verb("view", "See what was built", ("manager", "warehouse")),
                Verb(
                    "build",
                    "Build products of components, and undo that",
                    ("manager", "warehouse"),
                ),
            ),
        ),
    ),
    places=(Place("Builds", "builds.index", "boxes", "assembly.view", 45, "Stock"),),
    choices=(
        ChoiceList(name="assemblies", permissions=("assembly.build",), find=product_choices),
        ChoiceList(
            name="build-locations", permissions=("assembly.build",), find=any_location_choices
        ),
    ),
    records={queries.BUILD: "builds.show"},
    documents={queries.BUILD: services.numbers_of},
    provides={BUILDABLE: BuildableOf("assembly.view", services.buildable)},
    search=GROUPS,
)
