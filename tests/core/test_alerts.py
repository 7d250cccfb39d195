"""Alerts: one for each cause, until it is put right."""

import json
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.alerts import Alert, close_alert, keep_alert, raise_alert
from app.core.alerts.events import AlertsChanged
from app.core.alerts.live import show_news
from app.core.broker import broker, live_channel
from app.core.db import db, transaction
from app.core.jobs import JobRun
from app.core.slices import slices

KEY = "connection:3:reconnect"


def raised(key: str = KEY, **words: Any) -> Alert:
    usual = {
        "kind": "connection.reconnect",
        "permission": "jobs.manage",
        "title": "QuickBooks is away",
        "href": "/jobs",
    }
    return raise_alert(key=key, **usual | words)


def test_a_cause_that_is_raised_again_is_counted_in_its_last_words(session: Session) -> None:
    first = raised(text="since noon")

    again = raised(text="since one")

    assert again.id == first.id
    assert (again.text, again.severity, again.occurrences) == ("since one", "problem", 2)
    assert session.query(Alert).count() == 1


def test_what_was_put_right_and_goes_wrong_again_is_a_new_alert(session: Session) -> None:
    first = raised()
    close_alert(KEY)

    again = raised()

    assert again.id != first.id
    assert (again.is_open, again.occurrences) == (True, 1)
    assert [a.is_open for a in session.query(Alert).order_by("id")] == [False, True]


def test_closing_twice_or_closing_nothing_changes_nothing(session: Session) -> None:
    raised()
    close_alert(KEY)
    closed_at = session.query(Alert.closed_at).scalar()

    close_alert(KEY)
    close_alert("no such cause")

    assert session.query(Alert.closed_at).scalar() == closed_at


def test_an_alert_goes_with_the_transaction_that_raised_it(session: Session) -> None:
    with suppress(ZeroDivisionError), transaction():
        raised()
        raise ZeroDivisionError

    assert (session.query(Alert).count(), session.query(JobRun).count()) == (0, 0)


def test_an_alert_that_nobody_could_ever_see_is_refused() -> None:
    with pytest.raises(ValueError, match="No permission"):
        raised(permission="jobs.mange")


@pytest.mark.parametrize("href", ["https://evil.example", "//evil.example", r"/\evil", "jobs"])
def test_an_alert_leads_to_a_place_of_ours(href: str) -> None:
    with pytest.raises(IntegrityError, match="ck_alert_local"):
        raised(href=href)


@pytest.mark.parametrize("href", ["/", "/jobs", "/jobs?state=failed#results"])
def test_places_of_ours_are_taken(href: str) -> None:
    assert raised(href=href).href == href


def test_a_state_that_lasts_is_seen_once_and_told_in_its_last_words(session: Session) -> None:
    for text in ("3 are late", "3 are late", "4 are late"):
        keep_alert(kind="backup.missing", key="backup", title="Old", text=text, href="/jobs")

    alert = session.query(Alert).one()
    assert (alert.text, alert.occurrences) == ("4 are late", 1)
    mails = [run.arguments for run in session.query(JobRun) if "mail_alert" in run.job]
    assert mails == [{"alert_id": alert.id}]


@pytest.mark.parametrize(
    ("kind", "key", "reason"),
    [
        ("connection.lost", KEY, "No kind of alert"),
        ("connection.expires", KEY, "no key of connection.expires"),
        ("document.unsent", "sent_document:order:1:invoice", "No permission"),
    ],
)
def test_who_raises_an_alert_says_what_is_declared(kind: str, key: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        raised(key, kind=kind, permission="")


def test_open_pages_hear_of_what_is_raised_and_closed() -> None:
    channel = broker().pubsub(ignore_subscribe_messages=True)
    channel.subscribe(live_channel())
    channel.get_message(timeout=1)

    raised()
    close_alert(KEY)
    close_alert(KEY)

    messages = iter(lambda: channel.get_message(timeout=0.05), None)
    heard = [json.loads(message["data"])["event"] for message in messages]
    assert heard.count("AlertsChanged") == 2


def test_the_news_tell_every_page_to_ask_for_its_own_bar(app: Flask) -> None:
    fragments = show_news(AlertsChanged())

    assert {fragment.topic for fragment in fragments} == set(slices().topics)
    assert 'data-news="#alerts"' in fragments[0].html


@pytest.mark.committed
def test_the_migration_goes_back_and_forward(app: Flask, session: Session) -> None:
    session.close()
    try:
        downgrade("migrations", revision="0007", x_arg="drop-data")
        assert not inspect(db.engine).has_table("alert")
    finally:
        upgrade("migrations")

    assert inspect(db.engine).has_table("alert")
