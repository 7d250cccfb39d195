"""Signing in, for people: the page that asks whether a program may see the company."""

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from tests.standins.quickbooks.state import State
from tests.standins.quickbooks.templates import CONSENT, MISTAKEN

SCOPES = {"com.intuit.quickbooks.accounting", "openid", "email", "profile", "phone", "address"}


def consent(state: State) -> Blueprint:
    """The consent page; its address is checked when it is shown and when it is answered."""
    routes = Blueprint("consent", __name__)

    @routes.before_request
    def check() -> ResponseReturnValue | None:
        wrong = mistake(state)
        return (render_template_string(MISTAKEN, wrong=wrong), 400) if wrong else None

    @routes.get("/connect/oauth2")
    def ask() -> str:
        address = request.args["redirect_uri"]
        return render_template_string(
            CONSENT, company=state.company, realm=state.realm, address=address
        )

    @routes.post("/connect/oauth2")
    def answer() -> ResponseReturnValue:
        address, told = request.args["redirect_uri"], {"state": request.args["state"]}
        if "connect" in request.form:
            told |= {"code": state.grants.code(address), "realmId": state.realm}
        else:
            told |= {"error": "access_denied"}
        return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(told)}")

    return routes


def mistake(state: State) -> str:
    """What is wrong with the address that a program sent somebody to; empty if nothing.

    The vendor shows this to the person: an address that is not trusted gets nobody back.
    """
    asked = request.args
    address = urlsplit(asked.get("redirect_uri", ""))
    allowed = state.redirects or {address.geturl()}
    rules = {
        "client_id": asked.get("client_id") == state.client_id,
        "redirect_uri": bool(address.scheme and address.netloc) and address.geturl() in allowed,
        "response_type": asked.get("response_type") == "code",
        "scope": bool(scopes := set(asked.get("scope", "").split())) and scopes <= SCOPES,
        "state": bool(asked.get("state")),
    }
    return next((name for name, is_right in rules.items() if not is_right), "")
