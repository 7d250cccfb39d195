"""The bar of alerts on every page, and their own page."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.alerts import Alert, close_alert
from tests.conftest import SignIn
from tests.core.test_alerts import KEY, raised

HTMX = {"HX-Request": "true"}
PAGE = "/account"  # anybody's


def test_the_bar_tells_whoever_may_put_it_right_and_nobody_else(sign_in: SignIn) -> None:
    raised(text="Sign in again & go on")

    told, other = (sign_in(may).get(PAGE).text for may in ("jobs.manage", "jobs.view"))

    assert "QuickBooks is away" in told
    assert "Sign in again &amp; go on" in told
    assert 'href="/jobs"' in told
    assert "QuickBooks is away" not in other


def test_whoever_may_do_everything_is_told_of_everything(sign_in: SignIn) -> None:
    raised()

    assert "QuickBooks is away" in sign_in("*").get(PAGE).text


def test_a_page_without_alerts_has_no_bar(sign_in: SignIn) -> None:
    assert 'class="alerts"' not in sign_in("*").get(PAGE).text


def test_strangers_are_told_nothing(app: Flask) -> None:
    raised()

    assert "QuickBooks is away" not in app.test_client().get("/session/new").text


def test_the_bar_shows_the_three_worst_and_counts_the_others(sign_in: SignIn) -> None:
    smoke = {"kind": "connection.expires", "title": "Smoke"}  # the others are problems
    raised("connection:1:expires:7", **smoke)
    raised("connection:2:expires:7", **smoke | {"title": "Tea"})
    raised(title="Fire")
    client = sign_in("jobs.manage")
    assert "more</a>" not in client.get(PAGE).text

    raised("connection:4:reconnect", title="Flood")
    raised("connection:5:reconnect", title="Not mine", permission="users.edit")
    page = client.get(PAGE).text

    places = [page.index(title) for title in ("Flood", "Fire", "Tea", "and 1 more")]
    assert places == sorted(places)
    assert "Smoke" not in page


def test_many_of_a_kind_are_one_line_that_counts_those_one_may_put_right(
    sign_in: SignIn,
) -> None:
    for number in range(4):
        raised(f"connection:{number}:reconnect", title=f"Away {number}")
    raised("connection:9:reconnect", title="Not mine", permission="users.edit")

    page = sign_in("jobs.manage").get(PAGE).text

    assert "A connection must be made again (4)" in page
    assert 'href="/alerts?kind=connection.reconnect"' in page
    assert "Away" not in page


def test_what_is_put_right_disappears(sign_in: SignIn) -> None:
    raised()
    close_alert(KEY)

    assert "QuickBooks is away" not in sign_in("jobs.manage").get(PAGE).text


def test_the_alerts_are_read_once_in_a_while(
    app: Flask, sign_in: SignIn, queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 10)
    monkeypatch.setitem(app.extensions, "cache", {})
    client = sign_in("jobs.manage")
    client.get(PAGE)
    raised()
    queries.clear()

    early = client.get(PAGE).text
    asked = [query for query in queries if "FROM alert" in query]
    later = time.monotonic() + 11
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert "QuickBooks is away" not in early
    assert asked == []
    assert "QuickBooks is away" in client.get(PAGE).text


def test_no_page_fails_for_its_bar(
    sign_in: SignIn, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in("jobs.manage")
    session.execute(text("ALTER TABLE alert RENAME TO mislaid"))
    session.commit()

    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert "The bar of alerts is left out" in caplog.text


def test_a_page_fetches_its_bar_alone_and_as_it_is_now(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 10)
    monkeypatch.setitem(app.extensions, "cache", {})
    told, other = sign_in("jobs.manage"), sign_in("jobs.view")
    told.get(PAGE)
    raised()

    fragment = told.get("/alerts?region=bar", headers=HTMX).text

    assert "QuickBooks is away" in fragment
    assert "<html" not in fragment
    assert other.get("/alerts?region=bar", headers=HTMX).text.strip() == ""


def test_the_page_lists_what_is_open_and_what_was_put_right(sign_in: SignIn) -> None:
    raised("connection:1:reconnect", title="Mended")
    close_alert("connection:1:reconnect")
    raised()
    raised()
    raised("connection:5:reconnect", title="Not mine", permission="users.edit")

    page = sign_in("jobs.manage").get("/alerts").text

    assert "QuickBooks is away" in page
    assert "seen 2 times" in page
    assert "Mended" in page
    assert "Not mine" not in page


def test_what_was_put_right_long_ago_is_left_out(sign_in: SignIn, session: Session) -> None:
    raised()
    long_ago = datetime.now(UTC) - timedelta(days=31)
    session.query(Alert).update({"closed_at": long_ago})
    session.commit()

    assert "QuickBooks is away" not in sign_in("jobs.manage").get("/alerts").text


def test_the_list_is_refreshed_alone(sign_in: SignIn) -> None:
    raised()

    fragment = sign_in("jobs.manage").get("/alerts", headers=HTMX).text

    assert "QuickBooks is away" in fragment
    assert "<html" not in fragment


def test_nothing_to_put_right_says_so(sign_in: SignIn) -> None:
    raised()

    page = sign_in().get("/alerts").text

    assert "Nothing is wrong." in page
    assert "QuickBooks is away" not in page


def test_the_page_is_closed_to_strangers(app: Flask) -> None:
    answer = app.test_client().get("/alerts")

    assert "/session/new" in answer.headers["Location"]


def test_the_list_asks_as_often_however_long_it_is(sign_in: SignIn, queries: list[str]) -> None:
    client = sign_in("jobs.manage")
    raised()
    queries.clear()
    client.get("/alerts")
    few = len(queries)
    for number in range(20):
        raised(f"connection:{number}:reconnect")
    queries.clear()

    client.get("/alerts")

    assert len(queries) == few
