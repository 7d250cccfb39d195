"""What reconciliation brings."""

from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.reconcile import api, marketplace_api, marketplace_views, views

SLICE = Slice(
    name="reconcile",
    pages=(views.bp, views.payouts, marketplace_views.bp),
    api=(api.bp, marketplace_api.bp),
    permissions=(
        Area(
            "reconcile",
            order=114,
            verbs=(
                Verb("view", "See stock at marketplaces, and what differs", ("manager",)),
                Verb("manage", "Explain, close and look for what differs", ("manager",)),
            ),
        ),
    ),
    places=(
        Place("Money", "money.index", "activity", "money.view", 48, "Sales"),
        Place("Marketplaces", "marketplaces.index", "boxes", "reconcile.view", 48, "Stock"),
    ),
    records={"money_payout": "payouts.show"},
)
