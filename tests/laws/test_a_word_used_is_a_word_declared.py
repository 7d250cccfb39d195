"""Names written in one place and declared in another: neither side has one the other lacks."""

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from app.accounts.services.audit_entries import SIGN_IN
from app.core.audit import Audited
from app.core.db import Model
from app.core.events import Event
from app.core.permissions import PUBLIC, SIGNED_IN
from app.core.slices import Slices
from app.wiring import SIDE_BAR, SLICES, WIRING

OURS = Slices(SLICES, groups=SIDE_BAR)
PLACES = [place for group in OURS.places.values() for place in group] + OURS.tablet_places
PERMISSIONS = {f"{area}.{verb}" for area, verbs in OURS.permissions.items() for verb in verbs}
IMPORTS = {importer.permission for importer in OURS.importers.values()}
# Asked for as f"{area}.view" and the like, for customers and vendors alike.
BY_AREA = {f"{area}.{verb}" for area in ("customers", "vendors") for verb in ("view", "edit")}
# Written together: COMPANY in the documents of orders.
SETTINGS_TOGETHER = {"company_address", "company_vat_id", "company_footer"}
# Audited, but shown on the page of something else, or on none.
PAGELESS = {
    "home_location": "of its product",
    "reservation": "of its product or its order",
    "order_return": "of its order",
    "api_token": "of its owner",
    "integration_app": "of the connections that use it",
    "magento_stock_source": "of its connection",
    "stock_comparison": "of the list of discrepancies",
    "pick_task": "the picking board has them all",
    "employment_contract": "of its employee",
    "credential": "of its employee",
    "finger_consent": "of its employee",
    "absence_allowance": "of its employee",
    "planning_submission": "of its cycle",
    "attendance_lock": "the list of payroll has them",
}
# Announced for whoever will listen.
UNHEARD = {
    "CustomerChanged": "pages of customers do not refresh by themselves",
    "ParcelsShipped": "the order's own event says that it has left",
    "VendorChanged": "pages of vendors do not refresh by themselves",
}


def sources(*patterns: str) -> Iterator[str]:
    for pattern in patterns:
        for path in Path().glob(pattern):
            yield path.read_text()


def found(expression: str, *patterns: str) -> set[str]:
    return {name for text in sources(*patterns) for name in re.findall(expression, text)}


def test_every_permission_that_is_asked_for_is_declared(app: Flask) -> None:
    views = app.view_functions.values()
    asked = {getattr(view, "required_permission", PUBLIC) for view in views}
    asked |= found(r"\bmay\(\"([a-z_]+\.[a-z]+)\"\)", "app/**/*.py", "templates/**/*.html")
    asked |= found(r"\bensure\(\"([a-z_]+\.[a-z]+)\"\)", "app/**/*.py")
    asked |= IMPORTS | set(OURS.topics.values())
    asked |= {place.permission for place in PLACES if isinstance(place.permission, str)}

    assert asked - {PUBLIC, SIGNED_IN} <= PERMISSIONS
    assert asked >= {"products.view", "stock.import"}


def test_every_permission_that_is_declared_is_asked_for() -> None:
    """One that nothing asks for is a box in the role editor that does nothing."""
    written = found(r"[\"' ]([a-z_]+\.[a-z]+)[\"' ]", "app/**/*.py", "templates/**/*.html")

    assert {
        permission for permission in PERMISSIONS if permission not in written | BY_AREA
    } <= IMPORTS


def test_every_setting_that_is_read_is_defined_and_each_is_read() -> None:
    read = found(r"\bsetting\([\"']([a-z_]+)[\"']\)", "app/**/*.py", "templates/**/*.html")

    assert read | SETTINGS_TOGETHER == {definition.key for definition in OURS.settings}


def test_every_icon_that_a_page_draws_is_drawn() -> None:
    drawn = {*re.findall(r"<symbol id=\"([a-z]+)\"", Path("static/icons.svg").read_text())}
    asked = {place.icon for place in PLACES}
    asked |= found(r"\bicon(?:_name)?(?:\(|=)\"([a-z]+)\"", "templates/**/*.html")

    assert asked <= drawn


def test_every_audited_record_has_a_page_or_is_named() -> None:
    mappers = [m for m in Model.registry.mappers if issubclass(m.class_, Audited)]
    audited = {str(mapper.local_table) for mapper in mappers}

    assert audited - set(OURS.records) == set(PAGELESS)
    tables = {str(mapper.local_table) for mapper in Model.registry.mappers}
    # Kinds of documents stand beside, and what is told without a row of its own.
    assert set(OURS.records) - set(OURS.documents) - {SIGN_IN} <= tables


def test_every_page_of_a_record_and_every_place_is_there(app: Flask) -> None:
    endpoints = {place.endpoint for place in PLACES} | set(OURS.records.values())

    assert endpoints <= set(app.view_functions)


def test_something_follows_from_every_event_or_it_is_named() -> None:
    events = {e.__name__ for e in Event.__subclasses__() if e.__module__.startswith("app.")}
    heard = {event.__name__ for event in (*WIRING.jobs, *WIRING.live)}

    assert events - heard == set(UNHEARD)
