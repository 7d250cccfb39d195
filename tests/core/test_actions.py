"""What every action does, whatever it is about: here alarms (tests/core/alarms.py)."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.core.db import db
from app.core.jobs.models import ScheduleEntry
from app.wiring import SLICES
from tests.conftest import Browser, client_of
from tests.core.alarms import SLICE, looked_for, rung, stored
from tests.factories import RoleFactory, UserFactory

HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])

Member = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def house(app: Flask) -> Iterator[Flask]:
    """Build the application with one slice more."""
    house = create_app(app.config, slices=[*SLICES, SLICE])
    house.test_client_class = Browser
    yield house
    with house.app_context():
        db.engine.dispose()


@pytest.fixture
def member(house: Flask, session: Session) -> Iterator[Member]:
    """Sign somebody in, on the database of this test."""
    connection: Any = db.engine

    def member(*permissions: str) -> FlaskClient:
        role = RoleFactory.create(permissions=list(permissions))
        return client_of(house, UserFactory.create(role=role))

    rung.clear()
    looked_for.clear()
    with house.app_context():
        engines: Any = db.engines
        own, engines[None] = engines[None], connection
        yield member
        db.session.remove()
        engines[None] = own


@pytest.fixture
def client(member: Member) -> FlaskClient:
    return member("alarms.view", "alarms.edit", "alarms.dispatch")


def typed(**changes: str) -> dict[str, str]:
    return {"version": "1", "name": "Morning", "cron": "six"} | changes


def cron_of(alarm: ScheduleEntry) -> str | None:
    return db.session.scalar(select(ScheduleEntry.cron).where(ScheduleEntry.id == alarm.id))


@BOTH
def test_a_form_is_a_page_and_a_dialog(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.get(f"/alarms/{stored().id}/edit", headers=headers)

    assert response.status_code == 200
    assert ("<html" in response.text) is not bool(headers)
    assert "Edit Morning" in response.text
    assert 'value="dawn"' in response.text  # to update begins with what there is
    assert response.vary.as_set() >= {"hx-request"}


def test_a_form_begins_as_its_action_says(client: FlaskClient) -> None:
    page = client.get(f"/alarms/{stored().id}/rings/new").text

    assert 'value="for Morning"' in page


def test_a_browser_goes_to_the_record(client: FlaskClient) -> None:
    alarm = stored()

    response = client.post(f"/alarms/{alarm.id}", data=typed(), follow_redirects=True)

    assert response.request.path == f"/alarms/{alarm.id}"
    assert "Morning saved." in response.text
    assert cron_of(alarm) == "six"


def test_htmx_stays_and_hears_what_to_refresh(client: FlaskClient) -> None:
    response = client.post(f"/alarms/{stored().id}", data=typed(), headers=HTMX)

    heard = json.loads(response.headers["HX-Trigger"])
    assert response.status_code == 204
    assert heard == {"opsroom:saved": {"message": "Morning saved."}, "alarms:changed": None}


def test_a_change_that_can_be_undone_says_so(client: FlaskClient) -> None:
    data = {"key": "k", "note": "loud"}

    response = client.post(f"/alarms/{stored().id}/rings", data=data, headers=HTMX)

    heard = json.loads(response.headers["HX-Trigger"])["opsroom:saved"]
    assert heard == {"message": "Morning rings: loud", "undo": "/undo/loud"}


def test_what_is_new_is_where_everybody_goes(client: FlaskClient) -> None:
    response = client.post("/alarms", data=typed(version="", name="Noon"), headers=HTMX)

    alarm = db.session.scalars(select(ScheduleEntry).filter_by(name="Noon")).one()
    assert response.headers["HX-Redirect"] == f"/alarms/{alarm.id}"
    assert "Noon added." in client.get("/account").text


@BOTH
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "This is needed."),
        ({"cron": "noon"}, "Noon is no alarm."),
        ({"cron": "late"}, "The night is over."),
    ],
    ids=["the form says so", "a field", "the rule is about no field"],
)
def test_what_does_not_fit_comes_back(
    client: FlaskClient, headers: dict[str, str], changes: dict[str, str], reason: str
) -> None:
    alarm = stored()

    response = client.post(f"/alarms/{alarm.id}", data=typed(**changes), headers=headers)

    assert response.status_code == 422
    assert ("<html" in response.text) is not bool(headers)
    assert reason in response.text
    assert "Edit Morning" in response.text
    assert cron_of(alarm) == "dawn"


def test_a_refusal_loads_the_record_again(client: FlaskClient) -> None:
    alarm = stored()

    client.post(f"/alarms/{alarm.id}", data=typed(cron="late"))

    assert looked_for == [alarm.id, alarm.id]


def test_an_error_of_a_field_stands_beside_it(client: FlaskClient) -> None:
    page = client.post(f"/alarms/{stored().id}", data=typed(cron="noon")).text

    assert '<p class="error" id="cron-error">Noon is no alarm.</p>' in page


@BOTH
def test_who_is_slower_sees_both_values(client: FlaskClient, headers: dict[str, str]) -> None:
    alarm = stored()
    client.post(f"/alarms/{alarm.id}", data=typed(cron="five"))

    response = client.post(f"/alarms/{alarm.id}", data=typed(cron="six"), headers=headers)

    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "this"  # a dialog shows it, too
    assert "<span>six</span>" in response.text
    assert "<span>five</span>" in response.text
    assert re.search(r'name="seen-version"[^>]*value="2"', response.text)
    assert response.text.count('name="keep-cron"') == 2  # to choose from
    assert cron_of(alarm) == "five"


def test_a_key_is_the_person_s_own(member: Member) -> None:
    alarm = stored()

    for _person in "12":
        client = member("alarms.dispatch")
        client.post(f"/alarms/{alarm.id}/rings", data={"key": "k", "note": ""})

    assert len(set(rung)) == 2
    assert all(re.fullmatch(r"form:\d+:k", key) for key in rung)


def test_a_form_without_its_key_is_out_of_date(client: FlaskClient) -> None:
    response = client.post(f"/alarms/{stored().id}/rings", data={"key": "", "note": ""})

    assert response.status_code == 422
    assert "This form is out of date: open it again." in response.text
    assert rung == []


def test_a_button_needs_no_form(client: FlaskClient) -> None:
    alarm = stored()

    response = client.post(f"/alarms/{alarm.id}/off", follow_redirects=True)

    assert "Morning is off." in response.text
    assert client.get(f"/alarms/{alarm.id}/off/new").status_code == 404


def test_a_refusal_without_a_form_is_a_page(client: FlaskClient) -> None:
    response = client.post(f"/alarms/{stored(is_enabled=False).id}/off")

    assert response.status_code == 409
    assert "It is off already." in response.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/alarms/new"),
        ("POST", "/alarms"),
        ("GET", "/alarms/{id}/edit"),
        ("POST", "/alarms/{id}"),
        ("GET", "/alarms/{id}/rings/new"),
        ("POST", "/alarms/{id}/rings"),
        ("POST", "/alarms/{id}/off"),
    ],
)
def test_who_does_not_hold_the_permission_is_refused(
    member: Member, method: str, path: str
) -> None:
    alarm = stored()

    response = member("alarms.view").open(path.format(id=alarm.id), method=method)

    assert response.status_code == 403
    assert looked_for == []


@pytest.mark.parametrize("method_and_path", ["GET /edit", "POST ", "POST /off", "GET "])
def test_what_a_person_may_not_see_is_not_there(
    client: FlaskClient, method_and_path: str
) -> None:
    method, path = method_and_path.split(" ")
    alarm = stored(name="hidden one")

    response = client.open(f"/alarms/{alarm.id}{path}", method=method, data=typed())

    assert response.status_code == 404


def test_buttons_follow_from_the_actions(client: FlaskClient) -> None:
    alarm = stored()

    page = client.get(f"/alarms/{alarm.id}").text

    assert f'hx-get="/alarms/{alarm.id}/edit"' in page
    assert 'data-confirm="Switch Morning off?" data-confirm-yes="Switch off"' in page
    assert f'href="/alarms/{alarm.id}/rings/new"' in page
    assert f'href="/bells/{alarm.id}"' in page
    assert "Bell of Morning" in page


def test_buttons_are_for_those_who_may(member: Member) -> None:
    page = member("alarms.view").get(f"/alarms/{stored().id}").text

    assert "Edit" not in page
    assert "Switch off" not in page
    assert 'aria-label="More"' not in page  # a menu with nothing in it
    assert "Bell of Morning" in page


def test_buttons_are_for_records_that_offer_them(client: FlaskClient) -> None:
    assert "Switch off" not in client.get(f"/alarms/{stored(is_enabled=False).id}").text


def test_a_page_refreshes_itself(client: FlaskClient) -> None:
    alarm = stored()

    whole = client.get(f"/alarms/{alarm.id}").text
    part = client.get(f"/alarms/{alarm.id}", headers=HTMX).text

    heard = "alarms:changed from:body, bells:changed from:body, opsroom:back from:body"
    assert f'hx-trigger="{heard}, opsroom:news"' in whole
    assert f'hx-get="/alarms/{alarm.id}"' in whole
    assert "<html" not in part
    assert "Alarm Morning" in part
    assert "Switch off" in part  # what may be done follows, too


def test_a_page_tells_its_history(client: FlaskClient) -> None:
    alarm = stored()
    client.post(f"/alarms/{alarm.id}", data=typed())

    page = client.get(f"/alarms/{alarm.id}").text

    assert "<del>dawn</del>" in page
    assert "<ins>six</ins>" in page
