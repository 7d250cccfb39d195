"""What an administrator decides for the whole company."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.core.db import transaction
from app.core.memories import Memory
from app.core.settings import (
    Setting,
    all_settings,
    set_settings,
    setting,
    settings_version,
)
from app.core.settings.services import MARK, UnfitSettings
from app.core.slices import slices
from app.core.versions import StaleVersion
from tests.conftest import SignIn
from tests.core.conftest import Bearer


def test_a_setting_that_nobody_made_has_its_default() -> None:
    assert setting("default_location") == "MAIN-01"


def test_every_default_fits_its_own_definition() -> None:
    settings = slices().settings

    assert len(settings) > 10
    assert [entry.refusal(entry.default) for entry in settings] == [None] * len(settings)


def test_a_change_is_seen_at_once() -> None:
    assert setting("currency") == "USD"

    set_settings(currency="EUR", self_registration=True)

    assert (setting("currency"), setting("self_registration")) == ("EUR", True)


def test_settings_are_read_once_in_a_request(queries: list[str]) -> None:
    setting("currency")
    setting("time_zone")

    assert len(queries) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("currency", "EURO"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("company_name", "  "),
        ("company_name", "two\nlines"),
        ("default_location", "no spaces"),
        ("session_hours", 0),
        ("session_hours", "12"),
        ("session_hours", True),
        ("self_registration", "yes"),
        ("colour", "red"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(key: str, value: Any) -> None:
    with pytest.raises(UnfitSettings) as refused:
        set_settings(**{key: value})

    assert list(refused.value.fields) == [key]


def test_a_refused_setting_keeps_the_others_as_they_were() -> None:
    with pytest.raises(UnfitSettings):
        set_settings(company_name="Roast & Co", currency="?")

    assert setting("company_name") == "My company"


def test_a_change_of_old_settings_hears_both_values() -> None:
    version = settings_version()
    set_settings(version=version, currency="EUR")

    with pytest.raises(StaleVersion) as refused:
        set_settings(version=version, currency="CHF", session_hours=12)

    assert refused.value.conflicts == {"currency": ("EUR", "CHF")}


@pytest.mark.committed
def test_many_changes_at_once_follow_each_other(app: Flask, session: Session) -> None:
    gate, failures = threading.Barrier(4), []

    def change(hours: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                set_settings(session_hours=hours)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=change, args=[hours]) for hours in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert settings_version() == 4


def test_a_change_is_audited(session: Session) -> None:
    set_settings(session_hours=8)
    set_settings(session_hours=9)

    entries = session.query(AuditEntry).filter_by(record_type="setting").order_by("id").all()
    assert [(e.label, e.changes) for e in entries] == [
        ("session_hours", {"value": ["", "8"]}),
        ("session_hours", {"value": ["8", "9"]}),
    ]


def form(**changes: Any) -> dict[str, Any]:
    values = all_settings() | {"version": settings_version()} | changes
    return {name: value for name, value in values.items() if value is not False}


def test_the_page_shows_every_setting(sign_in: SignIn) -> None:
    page = sign_in("settings.edit").get("/settings").text

    assert [entry.label for entry in slices().settings if entry.label not in page] == []


def test_the_page_saves_and_shows_who_changed_what(sign_in: SignIn) -> None:
    client = sign_in("settings.edit")

    response = client.post("/settings", data=form(company_name="Roast & Co"))

    assert response.status_code == 303
    page = client.get("/settings").text
    assert "Roast &amp; Co" in page
    assert "Robin" in page


def test_a_value_that_does_not_fit_is_refused_beside_its_field(sign_in: SignIn) -> None:
    response = sign_in("settings.edit").post("/settings", data=form(time_zone="Mars"))

    assert response.status_code == 422
    assert "This is not a time zone" in response.text


def test_the_slower_of_two_people_sees_both_values(sign_in: SignIn) -> None:
    slower = form(company_name="Slow Ltd")
    set_settings(company_name="Quick Ltd")

    response = sign_in("settings.edit").post("/settings", data=slower)

    assert response.status_code == 409
    assert "Slow Ltd" in response.text
    assert "Quick Ltd" in response.text


def test_saved_settings_stay_on_the_page_for_htmx(sign_in: SignIn) -> None:
    client = sign_in("settings.edit")

    response = client.post("/settings", data=form(), headers={"HX-Request": "true"})

    assert response.status_code == 204


def test_settings_are_closed_to_others(sign_in: SignIn) -> None:
    assert sign_in("stock.view").get("/settings").status_code == 403


def test_programs_read_and_change_settings(bearer: Bearer) -> None:
    api = bearer("settings.edit")
    before = api.get("/api/v1/settings").json

    answer = api.put("/api/v1/settings", json={"currency": "EUR", "version": before["version"]})

    assert answer.status_code == 200
    assert answer.json == before | {"currency": "EUR", "version": 1}


def test_programs_hear_of_a_stale_version(bearer: Bearer) -> None:
    set_settings(currency="EUR")

    body = {"currency": "CHF", "version": 0}
    answer = bearer("settings.edit").put("/api/v1/settings", json=body)

    assert (answer.status_code, answer.json["code"]) == (409, "stale_version")
    assert list(answer.json["fields"]) == ["currency", "version"]


def test_programs_hear_which_setting_does_not_fit(bearer: Bearer) -> None:
    answer = bearer("settings.edit").put("/api/v1/settings", json={"currency": "EURO"})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert list(answer.json["fields"]) == ["currency"]


@pytest.fixture
def elsewhere(app: Flask) -> Callable[[], None]:
    """Let what follows happen in another process, which remembers by itself."""
    there = Memory[Any](MARK, once_a_context=True)

    def go() -> None:
        nonlocal there
        app.extensions["settings"], there = there, app.extensions["settings"]

    return go


def asked(app: Flask, key: str) -> Any:
    """Give a setting as the next request sees it."""
    with app.app_context():
        return setting(key)


def test_the_next_request_does_not_ask_for_settings(app: Flask, queries: list[str]) -> None:
    asked(app, "currency")
    queries.clear()

    assert asked(app, "currency") == "USD"
    assert queries == []


def _sets(_session: Session) -> None:
    set_settings(currency="EUR")


def _writes(session: Session) -> None:
    with transaction():
        session.add(Setting(key="currency", value="EUR"))


def _inserts(session: Session) -> None:
    with transaction():
        session.execute(insert(Setting).values(key="currency", value="EUR"))


@pytest.mark.parametrize("change", [_sets, _writes, _inserts])
def test_a_change_is_seen_by_the_next_request_of_every_process(
    app: Flask, session: Session, elsewhere: Callable[[], None], change: Callable[[Any], None]
) -> None:
    for _ in range(2):  # both remember
        assert asked(app, "currency") == "USD"
        elsewhere()

    change(session)

    for _ in range(2):
        assert asked(app, "currency") == "EUR"
        elsewhere()


def test_without_the_mark_another_process_would_not_see_it(
    app: Flask, elsewhere: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(app, "currency")
    elsewhere()
    monkeypatch.setattr(Memory, "change_mark", lambda _self: None)

    set_settings(currency="EUR")

    elsewhere()
    assert asked(app, "currency") == "USD"  # so what these tests see is the mark


def test_what_is_not_durable_is_seen_by_nobody_else(app: Flask) -> None:
    assert asked(app, "currency") == "USD"

    with pytest.raises(ZeroDivisionError):
        _sets_and_fails()

    assert asked(app, "currency") == "USD"


def _sets_and_fails() -> None:
    with transaction():
        set_settings(currency="EUR")
        assert setting("currency") == "EUR"
        raise ZeroDivisionError
