"""The server itself: built with a number of payments, run in a thread or in the foreground."""

import threading
from collections import deque

from flask import Flask

from tests.standins.exchanges import Exchange
from tests.standins.faults import Faults
from tests.standins.objects import Object
from tests.standins.serving import Served
from tests.standins.stripe import generate, webhooks
from tests.standins.stripe.account import Account
from tests.standins.stripe.state import NUMBER, State
from tests.standins.stripe.web import web


class Stripe(Served):
    """A stand-in Stripe with one account."""

    number = NUMBER

    def __init__(
        self, *, charges: int = 60, days: int = 14, seed: int = 1, record: bool = True,
        webhook_url: str | None = None,
    ) -> None:  # fmt: skip
        self.state = State(record=record)
        generate.fill(self.account, charges, days, seed)
        self.state.webhook_url = webhook_url
        self.account.tell = self.tell

    def application(self) -> Flask:
        """Build the application."""
        return web(self.state)

    @property
    def account(self) -> Account:
        """The account, to look at and to change."""
        return self.state.account

    @property
    def faults(self) -> Faults:
        """The planned faults."""
        return self.state.faults

    @property
    def exchanges(self) -> deque[Exchange]:
        """The newest 300 requests of the API, with their answers."""
        return self.state.exchanges

    def signed(
        self, kind: str, about: Object, *, at: int | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """A webhook about an object: its body and its headers."""
        return webhooks.signed(self.state, kind, about, at)

    def tell(self, kind: str, about: Object) -> None:
        """Tell of a change, if anybody wants to know."""
        if self.state.webhook_url:
            threading.Thread(target=webhooks.send, args=(self.state, kind, about)).start()
