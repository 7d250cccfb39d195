"""The API: lists of a hundred at most, the newest first, single objects, and the balance."""

from flask import Blueprint, Response, request

from tests.standins.objects import Object, encoded
from tests.standins.stripe import errors
from tests.standins.stripe.state import State
from tests.standins.stripe.table import Table

LISTS = {
    "charges": "charge",
    "balance_transactions": "balance_transaction",
    "payouts": "payout",
    "disputes": "dispute",
}
MOST, USUAL = 100, 10


def api(state: State) -> Blueprint:
    """The routes of the API."""
    routes = Blueprint("api", __name__, url_prefix="/v1")

    @routes.before_request
    def check() -> Response | None:
        return refusal(state)

    @routes.get("/balance")
    def balance() -> Response:
        return answer(encoded(state.account.balance()))

    @routes.get("/account")
    def account() -> Response:
        return errors.no_right(request.path)  # no restricted key may

    @routes.get("/<plural>")
    def listing(plural: str) -> Response:
        return listing_of(state, plural)

    @routes.get("/<plural>/<key>")
    def show(plural: str, key: str) -> Response:
        table: Table | None = state.account.tables.get(LISTS.get(plural, ""))
        if table is None or key not in table.places:
            return errors.missing(LISTS.get(plural, plural), key)
        return answer(table.text(key))

    return routes


def refusal(state: State) -> Response | None:
    """What is said to a key that is none, or may not do this."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if shown != state.key:
        return errors.bad_key(shown or "nothing")
    right = request.path.split("/")[2]
    return None if right not in state.forbidden else errors.no_right(request.path)


def listing_of(state: State, plural: str) -> Response:
    """A page of a list, if there is such a list, and what it is to begin after."""
    if plural not in LISTS:
        return errors.refused(404, f"Unrecognized request URL (GET: {request.path}).")
    try:
        return listed(state, LISTS[plural])
    except KeyError as error:
        return errors.missing(LISTS[plural], str(error.args[0]))


def listed(state: State, kind: str) -> Response:
    """A page of a list. Raises KeyError."""
    asked = request.args
    most, since = min(asked.get("limit", USUAL, int), MOST), asked.get("created[gte]", 0, int)
    payout = asked.get("payout")

    def fits(one: Object) -> bool:
        return bool(one["created"] >= since)

    with state.account.lock:
        among = None if payout is None else state.account.settled[payout]
        texts, has_more = state.account.tables[kind].page(
            after=asked.get("starting_after"), most=most, fits=fits, among=among
        )
    more = b"true" if has_more else b"false"
    head = b'{\n  "object": "list",\n  "data": [' + b",".join(texts)
    return answer(head + b'],\n  "has_more": ' + more + b',\n  "url": "%s"\n}' % url())


def url() -> bytes:
    """The path of the list, as its answers say."""
    return request.path.encode()


def answer(body: bytes) -> Response:
    """An answer as the API gives it."""
    response = Response(body, content_type="application/json")
    response.headers["Request-Id"] = "req_StandIn"
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", "")
    return response
