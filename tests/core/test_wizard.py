"""What every wizard does, whatever it is about: here a small one, made on the spot."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug import Response

from app import create_app
from app.core.db import db, transaction
from app.core.jobs.models import ScheduleEntry
from app.core.pages import Action, Resource, Step, Wizard
from app.core.permissions import Area, Verb, requires
from app.core.slices import Slice
from app.wiring import SLICES
from tests.conftest import Browser, client_of
from tests.factories import RoleFactory, UserFactory

HTMX = {"HX-Request": "true"}
BODIES = {
    "tea/_water.html": "<p>How hot is {{ tea.name }}?</p>",
    "tea/_leaves.html": "<p>{{ grams }} g of leaves{{ ' please' if asked_nicely }}</p>",
    "tea/_cup.html": "<p>{{ tea.name }} is ready.</p>",
}
bp = Blueprint("teas", __name__, url_prefix="/teas")


def tea(tea_id: int) -> Select[ScheduleEntry]:
    return select(ScheduleEntry).where(ScheduleEntry.id == tea_id)


def heat(tea_id: int) -> None:
    with transaction() as session:
        session.get_one(ScheduleEntry, tea_id).cron = "leaves"


TEA = Resource(name="tea", area="teas", query=tea, rule="/<int:tea_id>", keys={"tea_id": "id"})
on = Action(
    resource=TEA, name="heat", path="/heat", title="It boils", permission="teas.make", act=heat
)
MAKING = Wizard(
    resource=TEA,
    permission="teas.make",
    heading="Make {0.name}",
    crumbs=lambda _tea: [("Teas", "/teas")],
    at=lambda tea: tea.cron,
    steps=(
        Step(
            name="water",
            title="Water",
            body="tea/_water.html",
            buttons=(on,),
            can_return=lambda tea: tea.cron == "leaves",
        ),
        Step(
            name="leaves",
            title="Leaves",
            body="tea/_leaves.html",
            context=lambda tea: {"grams": len(tea.name)},
        ),
    ),
    done=Step(name="cup", title="Cup", body="tea/_cup.html"),
)


@bp.post("/<int:tea_id>/weighing")
@requires("teas.make")
def weigh(tea_id: int) -> Response:
    return MAKING.show(TEA.find(tea_id), step="leaves", status=422, asked_nicely=True)


MAKING.add_to(bp)
on.add_to(bp)
SLICE = Slice(
    name="teas", pages=(bp,), permissions=(Area("teas", 700, (Verb("make", "Make tea"),)),)
)

Member = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def house(app: Flask) -> Iterator[Flask]:
    """Build the application with one slice more."""
    house = create_app(app.config, slices=[*SLICES, SLICE])
    house.test_client_class = Browser
    loader: Any = house.jinja_env.loader
    house.jinja_env.loader = ChoiceLoader([DictLoader(BODIES), loader])
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

    with house.app_context():
        engines: Any = db.engines
        own, engines[None] = engines[None], connection
        yield member
        db.session.remove()
        engines[None] = own


@pytest.fixture
def client(member: Member) -> FlaskClient:
    return member("teas.make")


def stored(at: str, name: str = "Oolong") -> ScheduleEntry:
    entry = ScheduleEntry(name=name, cron=at, is_enabled=True)
    db.session.add(entry)
    db.session.commit()
    return entry


def test_it_shows_the_step_that_the_record_has_come_to(client: FlaskClient) -> None:
    page = client.get(f"/teas/{stored('water').id}").text

    assert "How hot is Oolong?" in page
    assert "<title>Make Oolong · Opsroom</title>" in page
    assert page.index("Water") < page.index("Leaves")
    assert page.count('aria-current="step"') == 1
    assert "g of leaves" not in page


def test_its_buttons_lead_on_and_one_may_leave_and_come_back(client: FlaskClient) -> None:
    one = stored("water")

    client.post(f"/teas/{one.id}/heat")
    page = client.get(f"/teas/{one.id}").text

    assert "6 g of leaves" in page  # what the step says of the record
    assert "Done:" in page
    assert "How hot" not in page


def test_an_earlier_step_is_shown_where_it_can_be_gone_back_to(client: FlaskClient) -> None:
    leaves, cup = stored("leaves"), stored("cup", "Assam")

    assert "How hot" in client.get(f"/teas/{leaves.id}?step=water").text
    assert "How hot" not in client.get(f"/teas/{cup.id}?step=water").text
    assert "g of leaves" not in client.get(f"/teas/{cup.id}?step=leaves").text
    assert "g of leaves" in client.get(f"/teas/{leaves.id}?step=nonsense").text


def test_after_the_last_step_it_says_so(client: FlaskClient) -> None:
    page = client.get(f"/teas/{stored('cup').id}").text

    assert "Oolong is ready." in page
    assert 'aria-current="step"' not in page
    assert page.count("Done:") == 2


def test_htmx_receives_only_the_step(client: FlaskClient) -> None:
    answer = client.get(f"/teas/{stored('water').id}", headers=HTMX)

    assert "How hot is Oolong?" in answer.text
    assert "<html" not in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_view_shows_a_step_again_with_what_it_knows(client: FlaskClient) -> None:
    """A form that does not fit comes back in its step, with the status that says so."""
    response = client.post(f"/teas/{stored('water').id}/weighing")

    assert response.status_code == 422
    assert "6 g of leaves please" in response.text


def test_it_is_for_those_who_may(member: Member) -> None:
    assert member("jobs.view").get(f"/teas/{stored('water').id}").status_code == 403


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/teas/987654").status_code == 404
