"""Pages of what marketplaces keep of ours."""

from flask import Blueprint

from app.reconcile import marketplace_lists as lists

bp = Blueprint("marketplaces", __name__, url_prefix="/marketplaces")

lists.STOCK.add_to(bp)
lists.LEDGER.add_to(bp, rule="/ledger", endpoint="ledger")
lists.DAYS.add_to(bp, rule="/days", endpoint="days")
lists.REIMBURSEMENTS.add_to(bp, rule="/reimbursements", endpoint="reimbursements")
lists.RETURNS.add_to(bp, rule="/returns", endpoint="returns")
lists.REMOVALS.add_to(bp, rule="/removals", endpoint="removals")
lists.SHIPMENTS.add_to(bp, rule="/shipments", endpoint="shipments")
lists.FEES.add_to(bp, rule="/fees", endpoint="fees")
