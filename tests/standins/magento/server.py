"""The server itself: built with counts of objects, run in a thread or in the foreground."""

from collections import deque

from flask import Flask

from tests.standins.exchanges import Exchange
from tests.standins.faults import Faults
from tests.standins.magento import generate
from tests.standins.magento.access import Access
from tests.standins.magento.shop import Shop
from tests.standins.magento.state import State
from tests.standins.magento.web import web
from tests.standins.serving import Served


class Magento(Served):
    """A stand-in Magento 2 with one shop of so many products and orders."""

    def __init__(
        self, *, products: int = 200, orders: int = 60, seed: int = 1, record: bool = True
    ) -> None:
        self.state = State(record=record)
        generate.fill(self.shop, {"products": products, "orders": orders}, seed)

    def application(self) -> Flask:
        """Build the application."""
        return web(self.state)

    @property
    def shop(self) -> Shop:
        """The shop, to look at and to change."""
        return self.state.shop

    @property
    def access(self) -> Access:
        """The credentials, and whom they let in."""
        return self.state.access

    @property
    def faults(self) -> Faults:
        """The planned faults."""
        return self.state.faults

    @property
    def exchanges(self) -> deque[Exchange]:
        """The newest 300 requests of the API, with their answers."""
        return self.state.exchanges
