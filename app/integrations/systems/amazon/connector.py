"""Amazon's Selling Partner API, as the hub sees it: a seller in a marketplace is an account.

Source: the vendor's models (github.com/amzn/selling-partner-api-models) and pages.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from requests import Response
from requests.auth import AuthBase

from app.integrations.hub import reports
from app.integrations.hub.auth import AuthMethod, Credentials, CredentialsConnector
from app.integrations.hub.connector import (
    Answer,
    Page,
    Request,
    Stream,
    TokenSet,
    Write,
    no_key,
)
from app.integrations.hub.errors import Rejected
from app.integrations.hub.limiter import Rate
from app.integrations.systems.amazon import addresses, answers, auth, stock
from app.integrations.systems.amazon.flat_files import FILES, Report, first_range
from app.integrations.systems.amazon.lists import LISTS

INVENTORY = stock.KIND
PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"
OFTEN, REPORTS, DAILY = timedelta(minutes=15), timedelta(hours=4), timedelta(days=1)


def _never(_record: Any) -> bool:
    return False


def _no_moment(_record: Any) -> None:
    """Rows of reports and lists do not say when they were changed."""


def _stream(kind: str, label: str, **more: Any) -> Stream:
    return Stream(kind=kind, label=label, changed_at=_no_moment, is_gone=_never, **more)


class Amazon(CredentialsConnector):
    """Amazon."""

    system = "amazon"
    label = "Amazon"
    about = (
        "Stock in Amazon's warehouses, their ledger, reimbursements, returns, shipments, fees."
    )
    rate = Rate(1, 5)
    # As the vendor's pages give them; those of a seller may be higher.
    rates: ClassVar[Mapping[str, Rate]] = {
        "createReport": Rate(0.0167, 15), "getReport": Rate(2, 15),
        "getReportDocument": Rate(0.0167, 15), "getInventorySummaries": Rate(2, 2),
        "getShipments": Rate(2, 30), "getShipmentItems": Rate(2, 30),
        "listTransactions": Rate(0.5, 10), "getMarketplaceParticipations": Rate(0.016, 15),
    }  # fmt: skip
    streams = (
        _stream(
            INVENTORY, "Stock", key=stock.key,
            every=OFTEN, is_whole=True,
        ),
        _stream(
            "inbound_shipment", "Inbound shipments",
            key=partial(answers.key, names=("ShipmentId",)), every=OFTEN,
        ),
        _stream(
            "inbound_item", "Contents of shipments",
            key=partial(answers.key, names=("ShipmentId", "SellerSKU")), every=OFTEN,
        ),
        _stream(
            "transaction", "Transactions",
            key=partial(answers.key, names=("transactionId",)), every=OFTEN,
        ),
        _stream("ledger", "Ledger", key=no_key, every=REPORTS),
        _stream("ledger_day", "Ledger by day", key=no_key, every=REPORTS),
        _stream("reimbursement", "Reimbursements", key=no_key, every=REPORTS),
        _stream("customer_return", "Customer returns", key=no_key, every=REPORTS),
        _stream("removal", "Removals", key=no_key, every=REPORTS),
        _stream(
            "fee_estimate", "Estimated fees", key=partial(answers.key, names=("sku", "fnsku")),
            every=DAILY, is_whole=True,
        ),
    )  # fmt: skip
    overlap = timedelta(hours=1)
    warnings = (7, 30, 90)
    account_label = "Seller"
    auth_methods: ClassVar[Mapping[str, AuthMethod]] = auth.AUTH_METHODS
    address_label = "Merchant token"
    address_help = "In Seller Central: Settings, Account Info, Your Merchant Token."

    def account(self, address: str) -> tuple[str, str]:
        """A seller is known by the merchant token."""
        seller = addresses.parse_seller(address)
        return seller, seller

    def number_of(self, account: str, method: str, credentials: Credentials) -> str:
        """Each marketplace of a seller is an account of its own: its stock is."""
        country = addresses.parse_country(credentials["marketplace"], method)
        return addresses.account_of(account, country)

    def base_url(self, environment: str, address: str = "") -> str:
        """Where requests go."""
        return addresses.base_of(address, environment)

    def authenticate(self, address: str, method: str, credentials: Credentials) -> TokenSet:
        """Get a token for an hour."""
        return auth.authenticate(self, address, method, credentials)

    def authorization(self, token: str) -> AuthBase | None:
        """The token, in the header that Amazon wants."""
        return auth.AccessToken(token) if token else None

    def access_checks(self) -> Mapping[str, Request]:
        """What can be read without making anything."""
        return {"Marketplaces": self.account_request("")}

    def describe_check(self, label: str, body: object) -> str:  # noqa: ARG002
        """Say what a trial has found."""
        return answers.store_name(body)

    def parse_error(self, response: Response) -> Rejected | None:
        """What Amazon says is wrong."""
        return answers.fault(response)

    def account_request(self, account: str) -> Request:  # noqa: ARG002
        """Ask where the seller takes part."""
        return Request(PARTICIPATIONS, {}, operation="getMarketplaceParticipations")

    def parse_account_name(self, answer: Answer) -> str:
        """The name of the shop, and where it sells."""
        return answers.store_name(answer.body)

    def count_request(self, account: str, kind: str) -> Request | None:  # noqa: ARG002
        """Nobody counts there."""
        return None

    def parse_count(self, answer: Answer) -> tuple[int, datetime]:
        """Nothing is counted, so nothing is asked."""
        raise NotImplementedError  # pragma: no cover

    def page_request(
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request | Write:
        """Ask for stock, for a page of a list, or for the next step of a report."""
        if kind == INVENTORY:
            return stock.request(account, position)
        here = position or _first(kind, since)
        if kind in LISTS:
            asked: Request | Write = LISTS[kind].request(account, here)
        else:
            source = Report(file=FILES[kind], account=account)
            asked = reports.request(source, reports.read_place(here))
        return asked._replace(place=f"{account} {here}")

    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        """The records of a page."""
        if kind == INVENTORY:
            return stock.page(position, answer)
        account, _, here = answer.place.partition(" ")
        if kind in LISTS:
            return LISTS[kind].page(kind, account, here, answer)
        source = Report(file=FILES[kind], account=account)
        return reports.page(source, kind, reports.read_place(here), answer)

    def ids_request(self, account: str, kind: str, external_ids: Sequence[str]) -> Request:
        """Nothing names single records, so none are asked for."""
        raise NotImplementedError  # pragma: no cover


def _first(kind: str, since: datetime | None) -> str:
    """Where a pass begins."""
    if kind in LISTS:
        return LISTS[kind].first(since)
    return reports.written(reports.Place(first_range(FILES[kind], since)))
