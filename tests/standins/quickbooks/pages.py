"""Pages on which people look at the company and change it."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template_string, request
from werkzeug import Response

from tests.standins.objects import Object
from tests.standins.quickbooks import templates
from tests.standins.quickbooks.company import ENTITIES, NAMES
from tests.standins.quickbooks.state import State

PER_PAGE = 50
PERSON = [
    "DisplayName",
    "CompanyName",
    "PrimaryEmailAddr.Address",
    "PrimaryPhone.FreeFormNumber",
    "Balance",
]
SHOWN = {
    "Customer": PERSON,
    "Vendor": PERSON,
    "Item": ["Name", "Sku", "Description", "UnitPrice", "PurchaseCost", "QtyOnHand"],
    "Invoice": ["DocNumber", "TxnDate", "DueDate", "TotalAmt", "Balance"],
    "Bill": ["DocNumber", "TxnDate", "DueDate", "TotalAmt", "Balance"],
    "PurchaseOrder": ["DocNumber", "TxnDate", "DueDate", "TotalAmt", "POStatus"],
    "SalesReceipt": ["DocNumber", "TxnDate", "TotalAmt", "Balance"],
    "CreditMemo": ["DocNumber", "TxnDate", "TotalAmt", "Balance"],
    "Estimate": ["DocNumber", "TxnDate", "TotalAmt", "TxnStatus"],
    "Payment": ["PaymentRefNum", "TxnDate", "TotalAmt", "UnappliedAmt"],
}
NUMBERS = {"UnitPrice", "PurchaseCost", "QtyOnHand", "TotalAmt", "Balance"}


def pages(state: State) -> Blueprint:
    """The routes for people."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def overview() -> str:
        return shown(templates.OVERVIEW, state=state)

    @routes.post("/tokens")
    def tokens() -> Response:
        change_tokens(state, request.form["do"])
        return redirect("/")

    @routes.get("/objects/<entity>")
    def listing(entity: str) -> str:
        return listed(state, entity)

    @routes.get("/objects/<entity>/<int:key>")
    def form(entity: str, key: int) -> str:
        fields = existing(state, entity, key)
        values = {name: value(fields, name) for name in SHOWN[entity]}
        told: Object = {"entity": entity, "key": key, "object": fields}
        return shown(templates.FORM, fields=values, switchable=entity in NAMES, **told)

    @routes.post("/objects/<entity>/<int:key>")
    def change(entity: str, key: int) -> Response:
        existing(state, entity, key)
        save(state, entity, str(key), request.form["do"])
        gone = request.form["do"] == "delete"
        return redirect(f"/objects/{entity}" if gone else f"/objects/{entity}/{key}")

    return routes


def shown(template: str, **told: Any) -> str:
    """Write a page."""
    return render_template_string(template, entities=ENTITIES, **told)


def change_tokens(state: State, what: str) -> None:
    """Do what a button of the overview says."""
    if what == "revoke":
        state.grants.living.clear()
    elif what == "rotate":
        state.grants.rotate()
    else:
        state.grants.expire()


def listed(state: State, entity: str) -> str:
    """One page of the objects whose text holds what is sought."""
    if entity not in ENTITIES:
        abort(404)
    q, page = request.args.get("q", ""), max(1, request.args.get("page", 1, int))
    table, sought = state.company.tables[entity], q.lower().encode()
    ids = [n for n in table.all if sought in table.rows[n].raw.lower()]
    part = ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    told: Object = {"objects": [table.rows[n].fields for n in part], "total": len(ids)}
    more = page * PER_PAGE < len(ids)
    return shown(templates.LISTING, entity=entity, q=q, page=page, more=more, **told)


def existing(state: State, entity: str, key: int) -> Object:
    """The object, or the page that says there is none."""
    if entity not in ENTITIES or key not in state.company.tables[entity].rows:
        abort(404)
    return state.company.get(entity, str(key))


def value(fields: Object, name: str) -> Any:
    """The value of a field that may lie inside another."""
    outer, _, inner = name.partition(".")
    found = fields.get(outer, {} if inner else "")
    return found.get(inner, "") if inner else found


def save(state: State, entity: str, key: str, what: str) -> None:
    """Do what a button of the form says, and tell of it."""
    if what == "delete":
        state.company.delete(entity, key)
    elif what in {"activate", "deactivate"} and entity in NAMES:
        getattr(state.company, what)(entity, key)
    else:
        state.company.change(entity, key, **typed(entity))
    state.announce(entity, key, "Delete" if what == "delete" else "Update")


def typed(entity: str) -> Object:
    """The fields as typed; an empty one is taken away."""
    fields: Object = {}
    for name in SHOWN[entity]:
        outer, _, inner = name.partition(".")
        text: Any = request.form.get(name, "").strip() or None
        number = number_typed(name, text) if text and name in NUMBERS else text
        fields[outer] = {inner: text} if inner and text else number
    return fields


def number_typed(name: str, text: str) -> int | float:
    """Read a number that JSON can hold, whole where it can be; else say which is none."""
    try:
        number = float(text)
        return int(number) if number == int(number) else number
    except (ValueError, OverflowError):
        abort(400, f"{name} is a number; {text} is none.")
