"""The API: who sells where, stock, shipments, transactions; signing in."""

import base64
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from tests.standins.amazon import errors
from tests.standins.amazon.state import State
from tests.standins.objects import Object, encoded

MARKETPLACE = "A1PA6795UKMFR9"
STOCK = "/fba/inventory/v1/summaries"
SHIPMENTS, ITEMS = "/fba/inbound/v0/shipments", "/fba/inbound/v0/shipmentItems"
TRANSACTIONS = "/finances/2024-06-19/transactions"
PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"
LISTS = {STOCK, SHIPMENTS, ITEMS, TRANSACTIONS}


def api(state: State) -> Blueprint:
    """The routes of the API."""
    routes = Blueprint("api", __name__)

    @routes.post("/auth/o2/token")
    def sign_in() -> Response:
        return signed_in(state)

    @routes.get(PARTICIPATIONS)
    def participations() -> Response:
        return answer({"payload": [participation()]})

    @routes.get(STOCK)
    def stock() -> Response:
        return stock_page(state)

    @routes.get(SHIPMENTS)
    def shipments() -> Response:
        found = [state.seller.shipments[one] for one in touched(state)]
        return inbound(state, found, "ShipmentData")

    @routes.get(ITEMS)
    def items() -> Response:
        found = [line for one in touched(state) for line in state.seller.items[one]]
        return inbound(state, found, "ItemData")

    @routes.get(TRANSACTIONS)
    def transactions() -> Response:
        after, before = (moment(request.args[name]) for name in ("postedAfter", "postedBefore"))
        with state.seller.lock:
            found = [
                one for one in state.seller.transactions
                if after <= moment(one["postedDate"]) < before
            ]  # fmt: skip
        rows, token = page_of(state, found, "nextToken")
        said = {"transactions": rows} | ({"nextToken": token} if token else {})
        return answer({"payload": said})

    return routes


def signed_in(state: State) -> Response:
    """Give a token for an hour."""
    given = request.form
    if (given.get("client_id"), given.get("client_secret")) != (state.client, state.secret):
        return errors.sign_in(401, "invalid_client", "Client authentication failed")
    if given.get("refresh_token") != state.refresh:
        return errors.sign_in(
            400, "invalid_grant", "The request has an invalid grant parameter"
        )
    return answer({
        "access_token": state.token, "refresh_token": state.refresh, "token_type": "bearer",
        "expires_in": 3600,
    })  # fmt: skip


def refusal(state: State) -> Response | None:
    """What is said to who shows no token, or another one."""
    shown = request.headers.get("x-amz-access-token", "")
    return None if shown == state.token else errors.bad_token()


def stock_page(state: State) -> Response:
    """A page of what lies there."""
    with state.seller.lock:
        found = [summary(one) for one in state.seller.goods.values()]
    rows, token = page_of(state, found, "nextToken")
    granularity = {"granularityType": "Marketplace", "granularityId": MARKETPLACE}
    said: Object = {"payload": {"granularity": granularity, "inventorySummaries": rows}}
    return answer(said | ({"pagination": {"nextToken": token}} if token else {}))


def summary(goods: Any) -> Object:
    """A SKU as it stands."""
    return {
        "asin": goods.asin, "fnSku": goods.fnsku, "sellerSku": goods.sku,
        "condition": "NewItem", "productName": goods.name,
        "lastUpdatedTime": goods.changed_at.isoformat(timespec="seconds"),
        "totalQuantity": goods.sellable + goods.unsellable + goods.inbound, "stores": [],
        "inventoryDetails": {
            "fulfillableQuantity": goods.sellable, "inboundWorkingQuantity": 0,
            "inboundShippedQuantity": goods.inbound, "inboundReceivingQuantity": 0,
            "reservedQuantity": {
                "totalReservedQuantity": 0, "pendingCustomerOrderQuantity": 0,
                "pendingTransshipmentQuantity": 0, "fcProcessingQuantity": 0,
            },
            "researchingQuantity": {
                "totalResearchingQuantity": 0, "researchingQuantityBreakdown": [],
            },
            "unfulfillableQuantity": {
                "totalUnfulfillableQuantity": goods.unsellable,
                "customerDamagedQuantity": goods.unsellable,
            },
        },
    }  # fmt: skip


def touched(state: State) -> list[str]:
    """The shipments of the span that is asked for."""
    after, before = (
        moment(request.args[name]) for name in ("LastUpdatedAfter", "LastUpdatedBefore")
    )
    with state.seller.lock:
        return [key for key, at in state.seller.touched.items() if after <= at < before]


def inbound(state: State, found: list[Object], name: str) -> Response:
    """A page of shipments or what is in them."""
    rows, token = page_of(state, found, "NextToken")
    return answer({"payload": {name: rows} | ({"NextToken": token} if token else {})})


def page_of(state: State, found: list[Object], name: str) -> tuple[list[Object], str]:
    """The rows of a page, and the token of the next: base64 with + / and =."""
    token = request.args.get(name, "")
    begin = int(base64.b64decode(token).decode().strip("?>")) if token else 0
    rows, end = found[begin : begin + state.page], begin + state.page
    after = base64.b64encode(f"??>>{end}??".encode()).decode() if end < len(found) else ""
    return rows, after


def participation() -> Object:
    """Where the seller takes part."""
    return {
        "marketplace": {
            "id": MARKETPLACE, "name": "Amazon.de", "countryCode": "DE",
            "defaultCurrencyCode": "EUR", "defaultLanguageCode": "de_DE",
            "domainName": "www.amazon.de",
        },
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
        "storeName": "Kitchen & Co",
    }  # fmt: skip


def moment(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text)


def answer(body: Any, status: int = 200) -> Response:
    """An answer as the API gives it."""
    response = Response(encoded(body), status, content_type="application/json")
    response.headers["x-amzn-RequestId"] = "req-standin"
    response.headers["x-amzn-RateLimit-Limit"] = "2.0"
    return response
