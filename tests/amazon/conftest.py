"""A stand-in Amazon over HTTP, and a connection to it; what was said fits the models."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.db import db
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.systems.amazon.connector import Amazon as Connector
from tests.integrations.conftest import again, work
from tests.standins.amazon import Amazon, vendor

Sync = Callable[..., SyncRun]
FAST = Rate(10_000, 10_000)


@pytest.fixture
def amazon(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Amazon]:
    """A seller of nothing, without their pace; all that is said fits."""
    monkeypatch.setattr(Connector, "rate", FAST)
    monkeypatch.setattr(Connector, "rates", {})
    monkeypatch.setattr("app.integrations.hub.http.PAUSES", (0.01, 0.01))
    monkeypatch.setattr("app.integrations.hub.reports.SOONEST", timedelta(seconds=-1))
    with Amazon(skus=0).running() as standin:
        monkeypatch.setitem(app.config, "AMAZON_STANDIN", standin.url)
        yield standin
        if vendor.AVAILABLE:
            wrong = [line for one in standin.exchanges for line in vendor.problems(one)]
            assert wrong == []


def typed(amazon: Amazon, **more: str) -> dict[str, str]:
    """What a person types."""
    ends = datetime.now(UTC) + timedelta(days=170)
    return {
        "marketplace": "DE", "client_id": amazon.state.client,
        "client_secret": amazon.state.secret, "refresh_token": amazon.state.refresh,
        "secret_ends": f"{ends:%Y-%m-%d}",
    } | more  # fmt: skip


def connected(amazon: Amazon, **more: str) -> Connection:
    """Connect as a person does; its first sync waits."""
    return connect_with_credentials(
        "amazon", address=amazon.number, method="eu", credentials=typed(amazon, **more)
    )


@pytest.fixture
def connection(amazon: Amazon) -> Connection:
    """A connection whose first sync is done."""
    made = connected(amazon)
    work()
    return made


@pytest.fixture
def sync(connection: Connection) -> Sync:
    """Sync, hours after the last time, as a worker would, and let our records follow."""

    def sync(mode: str = "changes") -> SyncRun:
        db.session.execute(
            text("UPDATE stream_state SET read_at = read_at - interval '2 days'")
        )
        db.session.commit()
        run = start_sync(connection.id, mode=mode, cause="person")
        for _ in range(3):  # each time a report is not made yet, its job waits a moment
            work()
        return again(run)

    return sync


def rows(model: Any, **values: Any) -> list[Any]:
    """Ours, in the order of their external ids."""
    query = select(model).filter_by(**values).order_by(model.external_id)
    return [*db.session.scalars(query.execution_options(populate_existing=True))]
