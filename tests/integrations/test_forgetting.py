"""What is long over is forgotten; what still waits for somebody is not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.integrations.hub.models import Connection
from app.integrations.jobs import KEEP, cleanup
from app.integrations.sync.models import SyncRun, WebhookEvent

NOW = datetime.now(UTC)
LONG_AGO = NOW - KEEP - timedelta(hours=1)


def run_of(connection: Connection, state: str, finished_at: datetime | None) -> int:
    with transaction() as session:
        run = SyncRun(
            connection_id=connection.id,
            mode="changes",
            cause="schedule",
            state=state,
            finished_at=finished_at,
        )
        session.add(run)
    return run.id


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled"])
def test_a_run_that_is_long_over_is_forgotten(
    connection: Connection, session: Session, state: str
) -> None:
    run_of(connection, state, LONG_AGO)
    fresh = run_of(connection, state, NOW)

    cleanup()

    assert session.scalars(select(SyncRun.id)).all() == [fresh]


@pytest.mark.parametrize(
    ("state", "finished_at"), [("asking", LONG_AGO), ("running", None), ("waiting", None)]
)
def test_a_run_that_is_not_over_stays(
    connection: Connection, session: Session, state: str, finished_at: datetime | None
) -> None:
    run = run_of(connection, state, finished_at)

    cleanup()

    assert session.scalars(select(SyncRun.id)).all() == [run]


def test_an_old_notice_is_forgotten(session: Session) -> None:
    for event_id, moment in [("old", LONG_AGO), ("new", NOW)]:
        event = WebhookEvent(system="quickbooks", account="1", event_id=event_id, kind="item")
        event.external_id, event.created_at = "7", moment
        session.add(event)
    session.flush()

    cleanup()

    assert session.scalars(select(WebhookEvent.event_id)).all() == ["new"]
