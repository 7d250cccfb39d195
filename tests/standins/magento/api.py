"""The REST API: who is asking is checked first, then comes what is asked."""

from typing import Any

from flask import Blueprint, Response, g, request

from tests.standins.magento import oauth1, reading, writing
from tests.standins.magento.access import Access
from tests.standins.magento.errors import NO_ROUTE, Refused, answer, no_access, required
from tests.standins.magento.state import State
from tests.standins.magento.stores import EVERYWHERE

WRONG = (
    "The account sign-in was incorrect or your account is disabled temporarily. "
    "Please wait and try again later."
)
ALL = ["GET", "POST", "PUT", "DELETE"]
OPEN = {"token", "nothing"}
# Endpoint -> what one must be allowed to do for it.
RESOURCES = reading.RESOURCES | writing.RESOURCES


def api(state: State) -> Blueprint:
    """The routes of the API, with a store view in the address or without."""
    routes = Blueprint("api", __name__)

    @routes.url_value_preprocessor
    def note_store(endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.store = (values or {}).pop("store", "default")

    @routes.before_request
    def check() -> Response | None:
        name = (request.endpoint or "").rpartition(".")[2]
        if name == "nothing" or g.store not in EVERYWHERE:
            raise Refused(404, NO_ROUTE)
        if name not in OPEN:
            check_access(state.access, RESOURCES[name])
        return None

    @routes.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return error.response

    @routes.post("/V1/integration/admin/token")
    def token() -> Response:
        return signed_in(state.access)

    reading.add(routes, state)
    writing.add(routes, state)

    @routes.route("/<path:rest>", methods=ALL)
    def nothing(rest: str) -> Response:
        return Refused(404, NO_ROUTE).response

    return routes


def check_access(access: Access, resource: str) -> None:
    """Let pass who is known in one of the three ways. Raises Refused."""
    if resource in access.denied:
        raise no_access(resource)
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "oauth":
        oauth1.check(request, access)
    elif scheme.lower() != "bearer" or not access.knows(rest.strip()):
        raise no_access(resource)


def signed_in(access: Access) -> Response:
    """Give a token to an administrator who knows the password. Raises Refused."""
    sent = request.get_json(silent=True, force=True)
    sent = sent if isinstance(sent, dict) else {}
    for name in ("username", "password"):
        if not sent.get(name):
            raise required(name)
    if (sent["username"], sent["password"]) != (access.user, access.password):
        raise Refused(401, WRONG)
    return answer(access.sign_in())
