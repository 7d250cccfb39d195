"""Every form that edits a record knows the version it opened with, and merges."""

from operator import attrgetter

import pytest
from flask import Flask
from sqlalchemy import inspect

from app.core.audit import Audited
from app.core.db import Model
from app.core.forms import VersionField
from app.core.pages import Action
from app.core.versions import Versioned

# Forms that change a record and are no edit of its fields, with the reason.
NO_EDITS = {
    "imports.update_layout": "a step of a wizard: its file is read again",
    "accounts.update_password": "asks for the present password",
    "accounts.update_password_reset": "asks for the token of a link",
    "stock.update_home": "one field, which is replaced",
}
# Records with versions whose history is not kept, with the reason.
NOT_TOLD = {"saved_view": "private: nobody else edits it"}


def updates(app: Flask) -> dict[str, Action]:
    """Every action that edits, by the endpoint of its form's POST."""
    actions = {
        f"{one.resource.area}.{one.name}": one
        for view in app.view_functions.values()
        if isinstance(one := getattr(view, "action", None), Action)
    }
    return {name: one for name, one in actions.items() if one.is_update}


def test_every_form_that_edits_has_the_version_it_opened_with(app: Flask) -> None:
    found = updates(app)
    without = set()
    for name, action in found.items():
        with app.test_request_context():
            form = action.form() if action.form else None
        if form is None and action.make:
            continue  # it depends on the record: see the tests of its slice
        if not any(isinstance(field, VersionField) for field in form or ()):
            without.add(name)

    assert {"products.update", "customers.update", "settings.update"} <= found.keys()
    assert without == NO_EDITS.keys() & found.keys()


@pytest.mark.parametrize(
    "kind",
    # Sorted, since mappers come as a set: two test processes have to find the same tests.
    sorted(
        (m.class_ for m in Model.registry.mappers if issubclass(m.class_, Versioned)),
        key=attrgetter("__tablename__"),
    ),
    ids=attrgetter("__tablename__"),
)
def test_every_record_with_versions_tells_its_history(kind: type) -> None:
    """Without it, what differs could not be told apart, and every field would be asked."""
    table: str = inspect(kind).local_table.name

    assert issubclass(kind, Audited) is (table not in NOT_TOLD)
