"""What pick & pack brings."""

from app.core.navigation import ON_TABLETS, Place
from app.core.permissions import Area, Verb, may
from app.core.slices import Slice
from app.fulfilment import api, views
from app.fulfilment.settings import SETTINGS
from app.fulfilment.uses import uses_of_location

# On the side bar and on the first screen of a tablet.
PLACES = (
    Place("Pick", "pick.index", "box", "fulfilment.pick", 10, "Fulfilment"),
    Place("Pack", "pack.index", "boxes", "fulfilment.pack", 20, "Fulfilment"),
    Place("Put back", "putbacks.index", "undo", "fulfilment.pick", 30, "Fulfilment"),
)


def _is_on_tablets() -> bool:
    """Tell whether somebody picks or packs, and has nobody to look after."""
    picks = may("fulfilment.pick") or may("fulfilment.pack")
    return picks and not may("fulfilment.manage")


SLICE = Slice(
    name="fulfilment",
    pages=(views.pick, views.pack, views.putbacks, views.picking),
    api=(api.bp, api.bp.alias),
    permissions=(
        Area(
            "fulfilment",
            order=60,
            verbs=(
                Verb("pick", "Pick orders on a tablet", ("manager", "warehouse")),
                Verb("pack", "Pack and ship on a tablet", ("manager", "warehouse")),
                Verb(
                    "quantity", "Type quantities instead of scanning each piece", ("manager",)
                ),
                Verb("takeover", "Take over somebody else's pick task", ("manager",)),
                Verb("manage", "See who picks what, give pick tasks to others", ("manager",)),
            ),
        ),
    ),
    settings=SETTINGS,
    places=(
        *PLACES,
        Place(
            "Picking board", "picking.index", "activity", "fulfilment.manage", 50, "Fulfilment"
        ),
    ),
    tablet_places=PLACES,
    topics={
        "picking": "fulfilment.manage",
        "pick": "fulfilment.pick",
        "pack": "fulfilment.pack",
    },
    uses={"location": uses_of_location},
    provides={ON_TABLETS: _is_on_tablets},
)
