"""States of documents: the table refuses what does not follow, and nobody forgets a list."""

from pathlib import Path

import pytest
from flask import Flask

from app.core.slices import slices
from app.documents.errors import NotAllowed
from app.documents.models import State, States
from app.documents.papers import DocumentType, document_types
from app.orders.papers import SALES_ORDERS
from tests.conftest import SignIn

LAMP = States(
    off=State("Off", then=("on", "off")),
    on=State("Burning", "ok", is_open=True, then=("off", "broken")),
    broken=State("Broken", "out"),
)


def test_the_table_says_what_may_follow_and_never_the_same() -> None:
    assert LAMP.transitions == {
        "off": frozenset({"on"}),
        "on": frozenset({"off", "broken"}),
        "broken": frozenset(),
    }
    assert LAMP.open == ("on",)
    assert LAMP.labels == {"off": "Off", "on": "Burning", "broken": "Broken"}


def test_what_does_not_follow_is_refused_in_a_sentence() -> None:
    LAMP.refuse("Lamp 7", "off", "on")

    with pytest.raises(NotAllowed, match=r"^Lamp 7 is broken: it cannot become burning\.$"):
        LAMP.refuse("Lamp 7", "broken", "on")
    with pytest.raises(NotAllowed, match=r"^Lamp 7 is already in this state: burning\.$"):
        LAMP.refuse("Lamp 7", "on", "on")


def test_a_state_that_is_none_cannot_follow() -> None:
    with pytest.raises(ValueError, match="off is followed by lost, which is no state"):
        States(off=State("Off", then=("lost",)))


def test_every_kind_of_document_is_found_by_its_table(app: Flask) -> None:
    assert SALES_ORDERS in document_types()
    for of in document_types():
        assert slices().provided[of.provided_as] is of


def test_every_state_has_a_label_and_a_badge_with_a_colour(app: Flask) -> None:
    css = "".join(path.read_text() for path in Path("static/css").glob("*.css"))
    for of in document_types():
        for name, state in of.model.states.items():
            assert state.label, name
            assert state.badge == "muted" or f".badge.{state.badge}" in css, name


def test_every_state_can_be_reached_from_a_draft(app: Flask) -> None:
    for of in document_types():
        assert reached(of.model.states, "draft") == set(of.model.states)


def reached(states: States, start: str) -> set[str]:
    known, todo = set[str](), {start}
    while todo:
        known |= todo
        todo = {after for state in todo for after in states.transitions[state]} - known
    return known


def test_every_state_is_a_filter_of_the_list(sign_in: SignIn) -> None:
    verbs = [f"{area}.{verb}" for area, verbs in slices().permissions.items() for verb in verbs]
    client = sign_in(*verbs)  # papers may take more than their list does
    for of in document_types():
        page = client.get(of.path).text
        for name, state in of.model.states.items():
            assert option(page, name) == state.label


def option(page: str, value: str) -> str:
    """What an option of a select says."""
    _before, found, after = page.partition(f'value="{value}"')
    assert found, f"there is no filter for {value}"
    return after.partition(">")[2].partition("<")[0].strip()


def test_the_permissions_of_every_kind_of_document_are_declared(app: Flask) -> None:
    def is_declared(permission: str) -> bool:
        area, _dot, verb = permission.partition(".")
        return verb in slices().permissions[area]

    def asked(of: DocumentType) -> tuple[str, str]:
        return of.view_permission, of.send_permission

    assert all(is_declared(one) for of in document_types() for one in asked(of))
