"""What the tests of documents have in common."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.jobs import JobRun, runner
from tests.factories import CustomerFactory, ProductFactory
from tests.mailbox import Mailbox
from tests.orders.conftest import drafted


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        yield mailbox


@pytest.fixture
def order(session: Session) -> Any:
    """A draft of an order of somebody with an address."""
    customer = CustomerFactory.create(
        name="Ada Lovelace", email="ada@example.com", currency="EUR"
    )
    return drafted((product(), 3), customer=customer)


def product() -> Product:
    return ProductFactory.create(sku="P-1", name="Paper filters")


def work(session: Session) -> list[str]:
    """Do what waits, and say how each ended."""
    waiting = select(JobRun).where(JobRun.state == "queued").order_by(JobRun.id)
    runs = session.scalars(waiting).all()
    for run in runs:
        runner.perform(run.id)
        session.refresh(run)
    return [run.state for run in runs]
