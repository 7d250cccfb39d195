"""What follows from what has happened."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.core.events import Event, publish
from app.core.jobs import JobRun, job
from app.realtime.events import PresenceChanged
from app.wiring import WIRING


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRanOut(Event):
    tray: int


@job(queue="interactive", label="Order paper")
def order_paper(tray: int) -> dict[str, Any]:
    return {"tray": tray}


@pytest.fixture(autouse=True)
def _wired(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    wired = replace(WIRING, jobs={PaperRanOut: [order_paper]})
    monkeypatch.setitem(app.extensions, "wiring", wired)


def test_a_job_follows_its_event_in_the_same_unit_of_work(session: Session) -> None:
    with transaction():
        publish(PaperRanOut(tray=2))
        run = session.query(JobRun).one()
        assert run.arguments == {"tray": 2}


def test_a_job_does_not_follow_what_was_undone(session: Session) -> None:
    with suppress(ZeroDivisionError), transaction():
        publish(PaperRanOut(tray=2))
        raise ZeroDivisionError

    assert session.query(JobRun).count() == 0


@pytest.mark.usefixtures("no_redis")
def test_live_updates_that_cannot_be_told_are_lost_quietly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    publish(PresenceChanged(topic="stock"))

    assert "Live update lost" in caplog.text
