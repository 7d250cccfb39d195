"""The server itself: built with a number of goods, run in a thread or in the foreground."""

from collections import deque

from flask import Flask

from tests.standins.amazon import generate
from tests.standins.amazon.seller import Seller
from tests.standins.amazon.state import NUMBER, State
from tests.standins.amazon.web import web
from tests.standins.exchanges import Exchange
from tests.standins.faults import Faults
from tests.standins.serving import Served


class Amazon(Served):
    """A stand-in Amazon with one seller in one marketplace."""

    number = NUMBER

    def __init__(
        self, *, skus: int = 16, days: int = 30, seed: int = 1, rows: int = 0,
        record: bool = True,
    ) -> None:  # fmt: skip
        self.state = State(record=record)
        generate.fill(self.seller, skus, days, seed, rows=rows)

    def application(self) -> Flask:
        """Build the application."""
        return web(self.state)

    @property
    def seller(self) -> Seller:
        """The seller, to look at and to let things happen."""
        return self.state.seller

    @property
    def faults(self) -> Faults:
        """The planned faults."""
        return self.state.faults

    @property
    def exchanges(self) -> deque[Exchange]:
        """The newest 300 requests of the API, with their answers."""
        return self.state.exchanges
