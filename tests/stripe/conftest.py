"""A stand-in Stripe over HTTP, and a connection to it; what was said fits the schema."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.money.models import MoneyTransaction, Payout
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.systems.stripe.connector import Stripe as Connector
from tests.integrations.conftest import again, work
from tests.standins.stripe import Stripe, vendor

Sync = Callable[..., SyncRun]


@pytest.fixture
def stripe(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripe]:
    """An account without payments, without our pace; all that is said fits."""
    monkeypatch.setattr(Connector, "rate", Rate(10_000, 10_000))
    monkeypatch.setattr("app.integrations.hub.http.PAUSES", (0.01, 0.01))
    with Stripe(charges=0, days=1).running() as standin:
        monkeypatch.setitem(app.config, "STRIPE_STANDIN", standin.url)
        yield standin
        if vendor.AVAILABLE:
            wrong = [line for one in standin.exchanges for line in vendor.problems(one)]
            assert wrong == []


def connected(stripe: Stripe, **more: str) -> Connection:
    """Connect as a person does; its first sync waits."""
    typed = {"api_key": stripe.state.key, "webhook_secret": stripe.state.secret} | more
    return connect_with_credentials(
        "stripe", address=stripe.number, method="test", credentials=typed
    )


@pytest.fixture
def connection(stripe: Stripe) -> Connection:
    """A connection whose first sync is done."""
    made = connected(stripe)
    work()
    return made


@pytest.fixture
def sync(connection: Connection) -> Sync:
    """Sync, as a worker would, and let our records follow."""

    def sync(mode: str = "changes") -> SyncRun:
        run = start_sync(connection.id, mode=mode, cause="person")
        work()
        return again(run)

    return sync


def transactions(**values: object) -> list[MoneyTransaction]:
    """Ours, the oldest first."""
    query = select(MoneyTransaction).filter_by(**values).order_by(MoneyTransaction.external_id)
    return [*db.session.scalars(query.execution_options(populate_existing=True))]


def payouts() -> list[Payout]:
    """Ours, the oldest first."""
    query = select(Payout).order_by(Payout.external_id)
    return [*db.session.scalars(query.execution_options(populate_existing=True))]
