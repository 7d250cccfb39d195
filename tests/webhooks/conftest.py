"""Somebody who manages webhooks, and a program that listens."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import services as accounts
from app.webhooks import services
from app.webhooks.services import EndpointSecret
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory
from tests.webhooks.receiver import Receiver

Made = Callable[..., EndpointSecret]


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in("webhooks.manage")


@pytest.fixture
def bearer() -> dict[str, str]:
    user = UserFactory.create(role=RoleFactory.create(permissions=["webhooks.manage"]))
    return {"Authorization": f"Bearer {accounts.create_token(user, name='test')}"}


@pytest.fixture
def receiver(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setitem(app.config, "WEBHOOKS_TO_THIS_MACHINE", value=True)
    with Receiver().running() as running:
        yield running


@pytest.fixture
def listens(receiver: Receiver) -> Made:
    def listens(*events: str, name: str = "Warehouse robot") -> EndpointSecret:
        names = list(events) or ["product.changed"]
        return services.create_endpoint(name=name, url=receiver.url, events=names)

    return listens


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
