"""For the tests of the stand-in: a small one per test, and a client that may ask it."""

from collections.abc import Iterator

import pytest
import requests

from tests.standins.magento import Magento
from tests.standins.magento.client import Client


@pytest.fixture
def magento() -> Iterator[Magento]:
    with Magento().running() as running:
        yield running


@pytest.fixture
def magento_client(magento: Magento) -> Iterator[Client]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {magento.access.access_token}"
        session.headers["Accept"] = "application/json"
        yield Client(magento, session)
