"""Magento 2 (Adobe Commerce), as the hub sees it.

Source: the vendor's REST schema, and `searchCriteria` as its developer pages describe it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from requests import Response
from requests.auth import AuthBase

from app.integrations.hub.auth import Credentials, CredentialsConnector
from app.integrations.hub.connector import Answer, Page, Request, Stream, TokenSet, Write
from app.integrations.hub.errors import Rejected
from app.integrations.hub.limiter import Rate
from app.integrations.systems.magento import addresses, answers, auth

PAGE = 100  # more, and shops of several thousand attributes run out of memory
SINCE = "%Y-%m-%d %H:%M:%S"
ALL = "/rest/all/V1"  # every store view
SOURCES, STOCK = f"{ALL}/inventory/source-items", "sourceItems"
KINDS = {"product": "products", "order": "orders", "invoice": "invoices"}


def _stream(kind: str, key: str) -> Stream:
    return Stream(
        kind=kind,
        label=KINDS[kind].capitalize(),
        key=lambda record: answers.key(record, key),
        changed_at=answers.changed_at,
        is_gone=lambda _record: False,
    )


class Magento(CredentialsConnector):
    """Magento 2."""

    system = "magento"
    label = "Magento"
    about = (
        "Products, orders and invoices of the shop; "
        "shipments and what is available go back to it."
    )
    rate = Rate(20, 40)  # a shop sets no limit; its other visitors want to be served too
    streams = (
        _stream("product", "id"), _stream("order", "entity_id"), _stream("invoice", "entity_id")
    )  # fmt: skip
    overlap = timedelta(minutes=10)
    is_urgent = True
    account_label = "Shop"
    takes_writes = True
    auth_methods = auth.AUTH_METHODS
    address_label = "Address of the shop"
    address_help = "As people open it: https://shop.example.com"

    def account(self, address: str) -> tuple[str, str]:
        """The shop is known by its address."""
        return addresses.parse(address)

    def base_url(self, environment: str, address: str = "") -> str:  # noqa: ARG002
        """Where requests go."""
        return address

    def authenticate(self, address: str, method: str, credentials: Credentials) -> TokenSet:
        """Show credentials as they are, or fetch an administrator's token."""
        return auth.authenticate(self, address, method, credentials)

    def authorization(self, token: str) -> AuthBase | None:
        """A token, or a signature of the request."""
        return auth.authorization(token)

    def access_checks(self) -> Mapping[str, Request]:
        """The shop itself, and what is read of it."""
        lists = {
            name.capitalize(): self.count_request("", kind) for kind, name in KINDS.items()
        }
        return {"Shop": self.account_request(""), **lists}

    def describe_check(self, label: str, body: object) -> str:
        """Say what a trial has found."""
        return answers.describe_check(label, body)

    def parse_error(self, response: Response) -> Rejected | None:
        """What Magento says is wrong."""
        return answers.fault(response)

    def account_request(self, account: str) -> Request:  # noqa: ARG002
        """Ask how the shop is set up."""
        return Request(f"{ALL}/store/storeConfigs", {})

    def parse_account_name(self, answer: Answer) -> str:
        """The name of the shop's machine."""
        return answers.shop_name(answer.body)

    def count_request(self, account: str, kind: str) -> Request:  # noqa: ARG002
        """One record, for the number of all that comes with it."""
        return Request(f"{ALL}/{KINDS[kind]}", {"searchCriteria[pageSize]": "1"})

    def parse_count(self, answer: Answer) -> tuple[int, datetime]:
        """How many there are."""
        return answers.total(answer.body), answer.at or datetime.now(UTC)

    def page_request(
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request:
        """What follows the last id of the page before.

        Not by the number of the page: Magento answers the last one again for ever, and what
        is added or changed meanwhile would move everything after it.
        """
        del account
        filters = []
        if position is not None:
            filters.append(("entity_id", "gt", position))
        if since is not None:
            filters.append(("updated_at", "gteq", since.astimezone(UTC).strftime(SINCE)))
        return Request(f"{ALL}/{KINDS[kind]}", criteria(filters), answers.Listed)

    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        """The records of a page."""
        return answers.page(kind, self.stream(kind).key, position, answer)

    def ids_request(self, account: str, kind: str, external_ids: Sequence[str]) -> Request:  # noqa: ARG002
        """Ask for single records."""
        named = ("entity_id", "in", ",".join(external_ids))
        return Request(f"{ALL}/{KINDS[kind]}", criteria([named]), answers.Listed)

    def lookup_request(self, payload: Mapping[str, Any]) -> Request | None:
        """Ask which shipments of an order there are; stock may be told twice."""
        if STOCK in payload:
            return None
        of_order = ("order_id", "eq", str(payload["order_id"]))
        return Request(f"{ALL}/shipments", criteria([of_order]))

    def parse_lookup(self, payload: Mapping[str, Any], answer: Answer) -> str | None:
        """The shipment that bears our sign, which is its comment."""
        return answers.shipment_saying(payload["comment"]["comment"], answer.body)

    def write_request(self, payload: Mapping[str, Any]) -> Write:
        """Tell stock, or ship.

        Never by `POST /V1/shipment`: that makes a second one of the same goods.
        """
        if STOCK in payload:
            return Write(SOURCES, payload)
        body = {name: value for name, value in payload.items() if name != "order_id"}
        return Write(f"{ALL}/order/{payload['order_id']}/ship", body)

    def parse_written(self, payload: Mapping[str, Any], answer: Answer) -> str:
        """The number of the shipment; stock has none."""
        return "" if STOCK in payload else answers.number_in(answer.body)


def criteria(filters: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Write a search for all of these, in the order of ids."""
    query = {
        "searchCriteria[pageSize]": str(PAGE),
        "searchCriteria[currentPage]": "1",
        "searchCriteria[sortOrders][0][field]": "entity_id",
        "searchCriteria[sortOrders][0][direction]": "ASC",
    }
    for number, (field, condition, value) in enumerate(filters):
        head = f"searchCriteria[filter_groups][{number}][filters][0]"
        query |= {f"{head}[field]": field, f"{head}[condition_type]": condition}
        query[f"{head}[value]"] = value
    return query
