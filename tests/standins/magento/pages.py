"""Pages on which people look at the shop, and make it misbehave."""

from typing import Any

from flask import Blueprint, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from tests.standins import look
from tests.standins.magento import templates
from tests.standins.magento.access import Access
from tests.standins.magento.faults import GROUPS, USUAL
from tests.standins.magento.shop import Shop
from tests.standins.magento.state import State
from tests.standins.magento.stores import VIEWS
from tests.standins.magento.table import Table

PER_PAGE = 50
MATCHES = (*GROUPS, "page", "object", "ship", "write", "token")
HABITS = ("clamps_quantities", "shipping_touches_orders")


def pages(state: State) -> Blueprint:
    """The overview and the faults."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def overview() -> str:
        told = {"shop": state.shop, "access": state.access, "views": VIEWS}
        return render_template_string(templates.OVERVIEW, **told)

    @routes.post("/access")
    def access() -> ResponseReturnValue:
        change_access(state.access, request.form["do"])
        return redirect("/")

    @routes.get("/faults")
    def faults() -> str:
        told: dict[str, Any] = {"state": state, "shop": state.shop}
        return render_template_string(templates.FAULTS, usual=USUAL, matches=MATCHES, **told)

    @routes.post("/faults")
    def plan() -> ResponseReturnValue:
        change_plan(state)
        return redirect("/faults")

    return routes


def change_access(access: Access, what: str) -> None:
    """Do what a button of the overview says."""
    if what == "expire":
        access.expire()
    elif what == "bearer":
        access.allows_bearer = not access.allows_bearer
    elif what == "active":
        access.is_active = not access.is_active


def change_plan(state: State) -> None:
    """Do what a button of the page of faults says."""
    habit = request.form.get("habit")
    if habit in HABITS:
        setattr(state.shop, habit, not getattr(state.shop, habit))
    elif not habit:
        look.change_plan(state.faults, MATCHES)


def listed(shop: Shop, table: Table, template: str, *, is_reversed: bool, **told: Any) -> str:
    """One page of the objects whose text holds what is sought."""
    q, page = request.args.get("q", ""), max(1, request.args.get("page", 1, int))
    sought = q.lower().encode()
    with shop.lock:
        rows = [row for row in table.rows.values() if sought in row.raw.lower()]
    rows = rows[::-1] if is_reversed else rows
    objects = [row.fields for row in rows[(page - 1) * PER_PAGE : page * PER_PAGE]]
    told |= {"objects": objects, "total": len(rows), "more": page * PER_PAGE < len(rows)}
    return render_template_string(template, q=q, page=page, **told)
