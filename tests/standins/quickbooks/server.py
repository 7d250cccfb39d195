"""The server itself: built with counts of objects, run in a thread or in the foreground."""

import threading
from collections import deque
from collections.abc import Sequence

import requests
from flask import Flask

from tests.standins.exchanges import Exchange
from tests.standins.faults import Faults
from tests.standins.quickbooks import generate, sending
from tests.standins.quickbooks.company import Company
from tests.standins.quickbooks.deliveries import Delivery
from tests.standins.quickbooks.grants import Rotation
from tests.standins.quickbooks.state import State
from tests.standins.quickbooks.web import web
from tests.standins.quickbooks.webhooks import Change
from tests.standins.serving import Served


class QuickBooks(Served):
    """A stand-in QuickBooks Online with one company of so many objects."""

    def __init__(  # noqa: PLR0913
        self,
        *,
        items: int = 200,
        customers: int = 60,
        vendors: int = 20,
        invoices: int = 150,
        bills: int = 30,
        purchase_orders: int = 20,
        others: int = 0,
        seed: int = 1,
        record: bool = True,
        webhook_url: str | None = None,
    ) -> None:
        self.state = State(record=record)
        self.state.announce = self.announce
        self.state.webhook_url = webhook_url
        counts = {"Item": items, "Customer": customers, "Vendor": vendors, "Bill": bills}
        counts |= {"Invoice": invoices, "PurchaseOrder": purchase_orders}
        counts |= dict.fromkeys(("SalesReceipt", "CreditMemo", "Estimate", "Payment"), others)
        generate.fill(self.state.company, counts, seed)

    def application(self) -> Flask:
        """Build the application."""
        return web(self.state)

    @property
    def company(self) -> Company:
        """The company, to look at and to change."""
        return self.state.company

    @property
    def faults(self) -> Faults:
        """The planned faults."""
        return self.state.faults

    @property
    def exchanges(self) -> deque[Exchange]:
        """The newest 300 requests of the API and the sign-in, with their answers."""
        return self.state.exchanges

    @property
    def realm(self) -> str:
        """The company's number."""
        return self.state.realm

    @property
    def client_id(self) -> str:
        """The name that the client signs in with."""
        return self.state.client_id

    @property
    def client_secret(self) -> str:
        """The password that the client signs in with."""
        return self.state.client_secret

    @property
    def verifier_token(self) -> str:
        """The key that webhooks are signed with."""
        return self.state.verifier_token

    @property
    def refresh_count(self) -> int:
        """How often a refresh token was exchanged so far."""
        return self.state.grants.refresh_count

    @property
    def rotates(self) -> bool:
        """Whether each refresh gives a new refresh token and kills the old one."""
        return self.rotation == "always"

    @rotates.setter
    def rotates(self, rotates: bool) -> None:
        self.rotation = "always" if rotates else "never"

    @property
    def rotation(self) -> Rotation:
        """When a refresh replaces the refresh token: never, always, or daily as theirs."""
        return self.state.grants.rotation

    @rotation.setter
    def rotation(self, rotation: Rotation) -> None:
        self.state.grants.rotation = rotation

    @property
    def redirects(self) -> set[str]:
        """Where people may be sent back to; anywhere while it is empty."""
        return self.state.redirects

    @property
    def limit(self) -> tuple[int, int] | None:
        """So many requests a second and a minute are answered; (10, 500) is the vendor's."""
        return self.state.pace.limit

    @limit.setter
    def limit(self, limit: tuple[int, int] | None) -> None:
        self.state.pace.limit = limit

    @property
    def webhook_url(self) -> str | None:
        """Where webhooks go, if anywhere."""
        return self.state.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.state.webhook_url = url

    @property
    def deliveries(self) -> deque[Delivery]:
        """How the newest webhooks went."""
        return self.state.deliveries

    @property
    def access_seconds(self) -> int:
        """How long access tokens given from now on live."""
        return self.state.grants.access_seconds

    @access_seconds.setter
    def access_seconds(self, seconds: int) -> None:
        self.state.grants.access_seconds = seconds

    def grant(self) -> tuple[str, str]:
        """Consent without the pages; gives an access and a refresh token."""
        return self.state.grants.grant()

    def expire(self) -> None:
        """End all access tokens given so far."""
        self.state.grants.expire()

    def signed(
        self, changes: Sequence[Change], form: str = "cloudevents"
    ) -> tuple[bytes, dict[str, str]]:
        """A webhook about changes of (entity, id, operation): its body and its headers."""
        return sending.signed(self.state, changes, form)

    def send_webhook(
        self, changes: Sequence[Change], form: str = "cloudevents"
    ) -> requests.Response:
        """Send it to `webhook_url`, which must be set."""
        return sending.send(self.state, changes, form)

    def announce(self, entity: str, key: str, operation: str) -> None:
        """Tell of a change made on a page or through the API, if anybody wants to know."""
        if self.webhook_url:
            told = [(entity, key, operation)]
            threading.Thread(target=sending.tell, args=(self.state, told)).start()
