"""What reconciliation brings."""

from app.core.events import Periodic
from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.reconcile import api, jobs, marketplace_api, marketplace_views, views
from app.reconcile.discrepancies import api as discrepancy_api
from app.reconcile.discrepancies import views as discrepancy_views
from app.reconcile.discrepancies.alerts import ALERTS
from app.reconcile.uses import uses_of_location

SLICE = Slice(
    name="reconcile",
    pages=(views.bp, views.payouts, marketplace_views.bp, discrepancy_views.bp),
    api=(api.bp, marketplace_api.bp, discrepancy_api.bp),
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
        Place("Discrepancies", "discrepancies.index", "alert", "reconcile.view", 49, "Stock"),
    ),
    alerts=ALERTS,
    schedule={
        "find-discrepancies": Periodic(
            "25 */6 * * *", jobs.find_discrepancies.enqueue, "Look for discrepancies", order=78
        ),
    },
    uses={"location": uses_of_location},
    records={"money_payout": "payouts.show", "discrepancy": "discrepancies.show"},
)
