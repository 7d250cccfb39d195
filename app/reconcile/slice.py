"""What reconciliation brings."""

from app.core.navigation import Place
from app.core.slices import Slice
from app.reconcile import api, views

SLICE = Slice(
    name="reconcile",
    pages=(views.bp, views.payouts),
    api=(api.bp,),
    places=(Place("Money", "money.index", "activity", "money.view", 48, "Sales"),),
    records={"money_payout": "payouts.show"},
)
