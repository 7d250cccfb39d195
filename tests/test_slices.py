"""A new slice is a folder and one line: here `load("greenhouse")`."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import Role
from app.accounts.services import install_roles
from app.core.db import db
from app.core.jobs import schedule
from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.settings import set_settings, setting
from app.core.settings.services import UnfitSettings
from app.core.slices import Slice, Slices, UnfitSlice, load
from app.realtime.access import allowed
from app.setup import install
from app.wiring import SIDE_BAR, SLICES
from tests.conftest import Browser, client_of
from tests.factories import RoleFactory, UserFactory

MANIFEST = '''"""What the greenhouse brings."""

import click
from flask import Blueprint, render_template, url_for
from sqlalchemy import Text

from app.core.events import Periodic
from app.core.navigation import Place
from app.core.permissions import Area, Verb, requires
from app.core.search import Result, SearchGroup
from app.core.settings import set_settings
from app.core.settings.definitions import Definition, between
from app.core.slices import Slice
from app.imports.definition import Counts, Field, Importer

bp = Blueprint("plants", __name__, url_prefix="/plants")


@bp.get("")
@requires("plants.view")
def index():
    return render_template("nothing.html")


@click.command("water")
def water():
    click.echo("The plants are watered.")


def install():
    set_settings(plant_water=7)


def find(term):
    return [Result("plant-7", url_for("plants.index"), f"Fern that heard {term}")]


SLICE = Slice(
    name="greenhouse",
    pages=(bp,),
    commands=(water,),
    installs=(install,),
    permissions=(Area("plants", 500, (Verb("view", "See the plants", ("warehouse",)),)),),
    settings=(
        Definition(
            key="plant_water",
            group="Greenhouse",
            order=500,
            label="Water for a plant",
            default=3,
            check=between(1, 9),
        ),
    ),
    places=(Place("Plants", "plants.index", "box", "plants.view", 500, "Stock"),),
    tablet_places=(Place("Water", "plants.index", "box", "plants.view", 500),),
    records={"plant": "plants.index"},
    search=(SearchGroup("plants", "plants.view", 500, find),),
    importers=(
        Importer(
            kind="plants",
            label="Plants of the greenhouse",
            permission="plants.view",
            fields=(Field(name="name", label="Name", parse=str, type=Text()),),
            key=("name",),
            load=lambda staging: Counts(0, 0, 0),
        ),
    ),
    topics={"plants": "plants.view"},
    schedule={"water": Periodic("0 6 * * *", print, "Water the plants", 500)},
)
'''


@pytest.fixture
def greenhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slice]:
    """Make the slice as its author would: a folder, and nothing outside of it."""
    folder = tmp_path / "greenhouse"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "slice.py").write_text(MANIFEST)
    monkeypatch.syspath_prepend(tmp_path)
    yield load("greenhouse")[0]
    for name in ("greenhouse.slice", "greenhouse"):
        sys.modules.pop(name)


@pytest.fixture
def house(app: Flask, session: Session, greenhouse: Slice) -> Iterator[Flask]:
    """Build the application with one slice more, on the database of this test."""
    connection: Any = db.engine
    other = create_app(app.config, slices=[*SLICES, greenhouse])
    other.test_client_class = Browser
    with other.app_context():
        engines: Any = db.engines
        own, engines[None] = engines[None], connection
        yield other
        db.session.remove()
        engines[None] = own
        own.dispose()


@pytest.fixture
def gardener(house: Flask) -> FlaskClient:
    return member(house, "plants.view")


def member(house: Flask, *permissions: str) -> FlaskClient:
    role = RoleFactory.create(permissions=list(permissions))
    return client_of(house, UserFactory.create(role=role))


def test_its_page_opens_to_those_who_hold_its_permission(house: Flask) -> None:
    assert member(house, "plants.view").get("/plants").status_code == 200
    assert member(house, "stock.view").get("/plants").status_code == 403


def test_its_place_stands_on_the_side_bar(house: Flask, gardener: FlaskClient) -> None:
    assert 'href="/plants"' in gardener.get("/account").text
    assert 'href="/plants"' not in member(house, "stock.view").get("/account").text


def test_its_place_stands_on_tablets(gardener: FlaskClient) -> None:
    assert "Water" in gardener.get("/tablet").text


def test_the_role_editor_offers_its_permission(house: Flask) -> None:
    page = member(house, "users.view", "users.edit", "plants.view").get("/roles/new").text

    assert "See the plants" in page


def test_the_built_in_roles_it_names_are_given_its_permission(house: Flask) -> None:
    install_roles()

    holders = {role.name for role in db.session.scalars(select(Role)) if _sees_plants(role)}
    assert holders == {"admin", "warehouse"}


def _sees_plants(role: Role) -> bool:
    return role.is_built_in and role.allows("plants.view")


def test_its_setting_is_shown_changed_and_checked(house: Flask) -> None:
    assert "Water for a plant" in member(house, "settings.edit").get("/settings").text
    assert setting("plant_water") == 3

    set_settings(plant_water=5)

    assert setting("plant_water") == 5
    with pytest.raises(UnfitSettings):
        set_settings(plant_water=10)


def test_its_setting_is_in_the_api(house: Flask) -> None:
    answer = member(house, "settings.edit").get("/api/v1/settings").get_json()

    assert answer["plant_water"] == 3


def test_the_schedule_lists_what_it_starts(house: Flask) -> None:
    assert "Water the plants" in member(house, "jobs.manage").get("/schedule").text
    assert [entry.name for entry in schedule.planned()][-1] == "water"


def test_what_it_can_import_is_offered(gardener: FlaskClient) -> None:
    assert "Plants of the greenhouse" in gardener.get("/imports/new").text
    assert 'href="/imports"' in gardener.get("/account").text


def test_the_command_bar_searches_it(house: Flask, gardener: FlaskClient) -> None:
    assert "Fern that heard rain" in gardener.get("/search?q=rain").text
    assert "Fern" not in member(house, "stock.view").get("/search?q=rain").text


def test_those_who_may_listen_to_its_topic(house: Flask) -> None:
    for permission, heard in (("plants.view", {"plants"}), ("stock.view", set())):
        role = RoleFactory.create(permissions=[permission])
        with house.test_request_context():
            login_user(UserFactory.create(role=role))
            assert allowed("plants") == heard


def test_its_command_is_there(house: Flask) -> None:
    assert house.test_cli_runner().invoke(args=["water"]).output == "The plants are watered.\n"


def test_what_it_begins_with_is_made_by_the_setup(house: Flask) -> None:
    install()

    assert setting("plant_water") == 7


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ("blueprint plants", "pages"),
        ("command water", "commands"),
        ("permission plants.view", "permissions"),
        ("setting plant_water", "settings"),
        ("record plant", "records"),
        ("search group plants", "search"),
        ("importer plants", "importers"),
        ("topic plants", "topics"),
        ("schedule water", "schedule"),
    ],
)
def test_two_slices_that_bring_the_same_are_refused_by_name(
    greenhouse: Slice, what: str, field: str
) -> None:
    orchard = Slice(name="orchard", **{field: getattr(greenhouse, field)})

    with pytest.raises(UnfitSlice) as refused:
        Slices([*SLICES, greenhouse, orchard], groups=SIDE_BAR)

    assert str(refused.value) == f"The {what} is brought twice: by greenhouse and orchard."


def test_two_slices_that_provide_the_same_are_refused() -> None:
    orchard = Slice(name="orchard", provides={"figures": len})

    with pytest.raises(UnfitSlice, match=r"answer figures .* by stock and orchard"):
        Slices([*SLICES, orchard], groups=SIDE_BAR)


def test_a_slice_that_is_named_twice_is_refused(greenhouse: Slice) -> None:
    with pytest.raises(UnfitSlice, match="name greenhouse"):
        Slices([greenhouse, replace(greenhouse, pages=())], groups=SIDE_BAR)


def test_a_place_in_a_group_that_is_not_there_is_refused() -> None:
    stray = Slice(
        name="orchard", places=(Place("Trees", "trees.index", "box", "x.y", 1, "Sky"),)
    )

    with pytest.raises(UnfitSlice, match=r"no group Sky \(orchard\)"):
        Slices([stray], groups=SIDE_BAR)


def test_no_two_of_ours_stand_at_the_same_place_of_a_row() -> None:
    """The order of the slices would decide, which is there for something else."""
    areas = [area.order for one in SLICES for area in one.permissions]
    house = Slices(SLICES, groups=SIDE_BAR)
    rows = [
        areas,
        [entry.order for entry in house.schedule.values()],
        [group.order for group in house.search],
        [place.order for place in house.tablet_places],
        *([place.order for place in places] for places in house.places.values()),
        [order for order, _group in {(entry.order, entry.group) for entry in house.settings}],
    ]

    assert [row for row in rows if len(set(row)) < len(row)] == []


def test_what_stands_in_a_row_stands_by_its_order_then_by_slice() -> None:
    first = Slice(name="a", permissions=(_area("late", 20), _area("early", 10)))
    second = Slice(name="b", permissions=(_area("middle", 10),))

    assert list(Slices([first, second], groups=()).permissions) == ["early", "middle", "late"]


def _area(name: str, order: int) -> Area:
    return Area(name, order, (Verb("view", f"See {name}"),))
