"""The pages of discrepancies, and what programs are told and may do."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.core.jobs import JobRun
from app.integrations.hub.models import Connection
from app.reconcile.discrepancies import services
from app.reconcile.discrepancies.models import Discrepancy, StockComparison
from app.reconcile.uses import uses_of_location
from app.stock.models import Location
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.reconcile.test_discrepancies import (
    Told,
    account,
    comparison,
    move,
    place,
    told,
)

__all__ = ["account", "comparison", "place", "told"]
HTMX = {"HX-Request": "true"}
Program = Callable[..., FlaskClient]


@pytest.fixture
def one(comparison: StockComparison, place: Location, told: Told) -> Discrepancy:
    """Three pieces that are missing there."""
    product = ProductFactory.create(sku="MUG-1", name="Mug, blue", price=2)
    move(product, place, 10, ago=timedelta(days=9))
    told(product, 7)
    services.find_discrepancies()
    return db.session.scalars(select(Discrepancy)).one()


def state() -> str:
    return str(db.session.scalar(select(Discrepancy.state)))


def test_the_list_says_what_differs_and_what_was_compared(
    one: Discrepancy, sign_in: SignIn
) -> None:
    person = sign_in("reconcile.view")

    page = person.get("/discrepancies")
    part = person.get("/discrepancies", headers=HTMX | {"HX-Target": "results"})

    for words in ("MUG-1", "Mug, blue", "FBA-DE", "1 products as of"):
        assert words in page.text
    assert "Compare now" not in page.text
    assert "<html" not in part.text
    assert "MUG-1" in person.get("/discrepancies?search=mug&direction=missing").text
    assert "Nothing matches." in person.get("/discrepancies?direction=too_many").text
    assert "MUG-1" in person.get("/discrepancies?file=csv").text


def test_one_shows_what_may_be_behind_it_and_is_explained(
    one: Discrepancy, sign_in: SignIn
) -> None:
    person = sign_in("reconcile.view", "reconcile.manage")
    here = f"/discrepancies/{one.id}"

    shown = person.get(here)
    asked = person.get(f"{here}/explanations/new")
    missing = person.post(f"{here}/explanations", data={"note": ""})
    done = person.post(f"{here}/explanations", data={"note": "Lost at the dock"})

    assert "Neither ledger says anything of it." in shown.text
    assert "Why" in asked.text
    assert missing.status_code == 422
    assert (done.status_code, state()) == (303, "explained")
    assert "Lost at the dock" in person.get(here).text
    assert person.post(f"{here}/reopening", headers=HTMX).status_code == 204
    assert state() == "open"
    person.post(f"{here}/dismissal", data={"note": "Too small"})
    assert state() == "dismissed"
    assert person.get("/discrepancies/0").status_code == 404


def test_a_location_is_named_and_a_search_is_started(
    account: Connection, place: Location, told: Told, sign_in: SignIn
) -> None:
    told(None, 5)
    person = sign_in("reconcile.view", "reconcile.manage")
    here = f"/discrepancies/accounts/{account.id}/comparison"

    page = person.get("/discrepancies")
    asked = person.get(f"{here}/new")
    wrong = person.post(here, data={"location": "NOWHERE", "tolerance": "0"})
    right = person.post(here, data={"location": "fba-de", "tolerance": "1.5"})
    started = person.post("/discrepancies/searches")

    assert "No location of ours stands for it yet." in page.text
    assert "Kitchen &amp; Co (DE)" in asked.text
    assert wrong.status_code == 422
    assert (right.status_code, started.status_code) == (303, 303)
    made = db.session.scalars(select(StockComparison)).one()
    assert (made.location_id, made.tolerance) == (place.id, Decimal("1.5"))
    assert uses_of_location(place.id) == [
        "It stands for the stock of one account at a marketplace"
    ]
    jobs = select(JobRun.job).where(JobRun.label == "Look for discrepancies")
    assert len(db.session.scalars(jobs).all()) == 1


@pytest.mark.parametrize("path", ["explanations", "dismissal", "reopening"])
def test_who_may_only_look_changes_nothing(
    one: Discrepancy, sign_in: SignIn, path: str
) -> None:
    person = sign_in("reconcile.view")

    answer = person.post(f"/discrepancies/{one.id}/{path}", data={"note": "x"})

    assert answer.status_code == 403
    assert person.post("/discrepancies/searches").status_code == 403
    assert sign_in("stock.view").get("/discrepancies").status_code == 403
    assert state() == "open"


def got(client: FlaskClient, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_program_is_told_and_may_do_the_same(
    one: Discrepancy, account: Connection, program: Program
) -> None:
    robot = program("reconcile.view", "reconcile.manage")

    [listed] = got(robot, "discrepancies?direction=missing")["items"]
    assert (listed["sku"], listed["quantity"], listed["value"]) == ("MUG-1", "-3", "6")
    assert got(robot, "sync/discrepancies")["total"] == 1
    shown = got(robot, f"discrepancies/{one.id}")
    assert (shown["causes"], shown["explained"]) == ([], "0")
    [known] = got(robot, "stock-comparisons")
    assert (known["location"], known["differing"]) == ("FBA-DE", 1)
    said = robot.post(f"/api/v1/discrepancies/{one.id}/explain", json={"note": "Lost"})
    assert (said.status_code, said.get_json()["state"]) == (200, "explained")
    said = robot.post(f"/api/v1/discrepancies/{one.id}/dismiss", json={"note": "Small"})
    assert said.get_json()["state"] == "dismissed"
    assert robot.post(f"/api/v1/discrepancies/{one.id}/reopen").get_json()["state"] == "open"
    where = f"/api/v1/stock-comparisons/{account.id}"
    put = robot.post(where, json={"location": "FBA-DE", "tolerance": "3"})
    assert put.get_json()["tolerance"] == "3"
    assert robot.post(where, json={"location": "NOWHERE"}).status_code == 422
    started = robot.post("/api/v1/jobs/discrepancies")
    assert started.status_code == 202
    assert str(started.get_json()["job_id"]) in started.get_json()["status_url"]
    [status] = got(robot, "sync/status")
    assert (status["account"], status["status"]) == (account.account, "connected")
    assert status["stock_read_at"] is not None
    assert got(robot, "sync/status/1") == [status]
    assert program("reconcile.view").post("/api/v1/jobs/discrepancies").status_code == 403
