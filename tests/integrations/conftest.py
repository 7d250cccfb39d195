"""A stand-in QuickBooks over HTTP, and a connection to it; what was said fits the schema."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db, transaction
from app.core.jobs import JobRun, runner
from app.integrations.hub import apps
from app.integrations.hub.connector import TokenSet
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.hub.tokens import store_tokens
from app.integrations.sync import full
from app.integrations.sync.models import SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.systems.quickbooks.connector import QuickBooks as Connector
from tests.standins.quickbooks import QuickBooks, vendor

Sync = Callable[..., SyncRun]


class Killed(BaseException):
    """As if the process had ended there."""


@pytest.fixture(scope="module")
def small_company() -> Iterator[QuickBooks]:
    """A server costs time to start, so the tests of a file share one and what it holds."""
    with QuickBooks(
        items=40, customers=12, vendors=5, invoices=20, bills=4, purchase_orders=3
    ).running() as standin:
        yield standin


@pytest.fixture
def quickbooks(
    app: Flask, small_company: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> Iterator[QuickBooks]:
    """The stand-in, at its address and without its pace; every exchange fits the schema."""
    monkeypatch.setitem(app.config, "QUICKBOOKS_STANDIN", small_company.url)
    monkeypatch.setattr(Connector, "rate", Rate(10_000, 10_000))
    monkeypatch.setattr("app.integrations.hub.http.PAUSES", (0.01, 0.01))
    small_company.faults.clear()
    small_company.exchanges.clear()
    small_company.rotates = True
    yield small_company
    small_company.faults.clear()
    if vendor.AVAILABLE:
        wrong = [line for one in small_company.exchanges for line in vendor.problems(one)]
        assert wrong == []


@pytest.fixture
def registered(quickbooks: QuickBooks) -> QuickBooks:
    """Our app is known there, and its secrets here."""
    apps.save_app(
        "quickbooks",
        version=None,
        environment="standin",
        client_id=quickbooks.client_id,
        client_secret=quickbooks.client_secret,
        webhook_secret=quickbooks.verifier_token,
    )
    return quickbooks


@pytest.fixture
def connection(registered: QuickBooks) -> Connection:
    """A connection with good tokens, which nothing has been synced through."""
    access, refresh = registered.grant()
    return connected(registered.realm, access, refresh)


def connected(realm: str, access: str, refresh: str) -> Connection:
    made = Connection(
        system="quickbooks",
        account=realm,
        name="Kitchen & Co",
        environment="standin",
        connected_at=datetime.now(UTC),
    )
    store_tokens(made, TokenSet(access, refresh, datetime.now(UTC) + timedelta(hours=1)))
    with transaction() as session:
        session.add(made)
    return made


@pytest.fixture
def sync(connection: Connection) -> Sync:
    """Sync, as a worker would, and let our records follow."""

    def sync(mode: str = "full") -> SyncRun:
        run = start_sync(connection.id, mode=mode, cause="person")
        work()
        return again(run)

    return sync


def work() -> None:
    """Do what waits, as a worker does; what fails is told by its row."""
    query = select(JobRun).where(JobRun.state == "queued").order_by(JobRun.id)
    while run := db.session.scalars(query.execution_options(populate_existing=True)).first():
        try:
            runner.perform(run.id)
        except Exception:  # RQ would log it
            db.session.rollback()
        db.session.refresh(run)
        if run.state == "queued":  # it waits for a time to come
            return


def killed_at(page: int, run: SyncRun) -> None:
    """Perform a run whose process ends before it keeps that page, from 0; its job is lost."""
    kept: list[object] = []
    really = full._keep

    def dies(*arguments: object) -> None:
        if len(kept) == page:
            raise Killed
        really(*arguments)  # type: ignore[arg-type]
        kept.append(arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(full, "TOGETHER", 1)
        patch.setattr(full, "_keep", dies)
        with pytest.raises(Killed):
            runner.perform(run.job_run_id or 0)
    assert (again(run).state, again(run).pages) == ("running", page)
    db.session.get_one(JobRun, run.job_run_id).lose()  # as the sweeper does
    db.session.commit()


def again(run: SyncRun) -> SyncRun:
    query = select(SyncRun).where(SyncRun.id == run.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def ours(model: Any, **values: Any) -> Any:
    found = select(model).filter_by(**values).execution_options(populate_existing=True)
    return db.session.scalars(found).one()
