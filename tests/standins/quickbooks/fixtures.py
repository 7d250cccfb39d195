"""For the tests of the stand-in: a small one per test, and a client that may ask it."""

from collections.abc import Iterator

import pytest
import requests

from tests.standins.quickbooks import QuickBooks


@pytest.fixture
def qb() -> Iterator[QuickBooks]:
    with QuickBooks(others=20).running() as running:
        yield running


@pytest.fixture
def qb_client(qb: QuickBooks) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {qb.grant()[0]}"
        session.headers["Accept"] = "application/json"
        yield session
