"""Pages on which people make the server misbehave, and send webhooks."""

from typing import Any

import requests
from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from tests.standins import look
from tests.standins.quickbooks import sending, templates
from tests.standins.quickbooks.company import ENTITIES
from tests.standins.quickbooks.faults import GROUPS, USUAL
from tests.standins.quickbooks.pages import shown
from tests.standins.quickbooks.state import State
from tests.standins.quickbooks.webhooks import PAST

FORMS = ("cloudevents", "eventNotifications")
MATCHES = (*GROUPS, "page", "count", "cdc", "object", "token", "revoke")
PACES = {"off": None, "vendor": (10, 500)}


def controls(state: State) -> Blueprint:
    """The routes of the controls."""
    routes = Blueprint("controls", __name__)

    @routes.get("/faults")
    def faults() -> str:
        told: dict[str, Any] = {"state": state, "usual": USUAL, "matches": MATCHES}
        return shown(templates.FAULTS, **told)

    @routes.post("/faults")
    def plan() -> ResponseReturnValue:
        change_plan(state)
        return redirect("/faults")

    @routes.get("/webhook")
    def webhook() -> str:
        told: dict[str, Any] = {"state": state, "forms": FORMS, "operations": list(PAST)}
        return shown(templates.WEBHOOK, **told)

    @routes.post("/webhook")
    def webhook_set() -> ResponseReturnValue:
        state.webhook_url = request.form.get("url", "").strip() or None
        state.webhook_form = one_of(FORMS, "form")
        if request.form.get("do") == "send":
            send(state)
        return redirect("/webhook")

    return routes


def one_of(known: tuple[str, ...], name: str) -> str:
    """A field of the form that has only these values."""
    value = request.form.get(name, known[0])
    return value if value in known else abort(400, f"{name} cannot be {value}.")


def change_plan(state: State) -> None:
    """Do what a button of the page of faults says."""
    if pace := request.form.get("pace"):
        state.pace.limit = PACES.get(pace)
    else:
        look.change_plan(state.faults, MATCHES)


def send(state: State) -> None:
    """Send what the form says, if there is anywhere to send it; how it went is shown."""
    change = (one_of(ENTITIES, "entity"), request.form.get("key", "1"))
    if state.webhook_url:
        told = [(*change, one_of(tuple(PAST), "operation"))]
        try:
            sending.send(state, told, state.webhook_form)
        except requests.RequestException:
            return
