"""What can be done to many users."""

from flask import Flask

from app.accounts.models import User
from app.core.db import db
from tests.bulk import act
from tests.conftest import client_of
from tests.factories import RoleFactory, UserFactory


def test_users_are_kept_out_but_not_oneself_nor_who_holds_more(app: Flask) -> None:
    """In the name of who asked, though a worker does it."""
    me = UserFactory.create(role=RoleFactory.create(permissions=["users.view", "users.edit"]))
    above = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    other = UserFactory.create(role=RoleFactory.create(permissions=[]))

    report = act(client_of(app, me), "users/actions/deactivate", [me.id, above.id, other.id])

    states = [db.session.get_one(User, one.id).is_active for one in (me, above, other)]
    assert states == [True, True, False]
    assert (report["done"], report["refused"]) == (1, 2)
    assert {error["record"] for error in report["errors"]} == {me.name, above.name}


def test_users_are_let_in_again(app: Flask) -> None:
    me = UserFactory.create(role=RoleFactory.create(permissions=["users.view", "users.edit"]))
    other = UserFactory.create(role=RoleFactory.create(permissions=[]), is_active=False)

    act(client_of(app, me), "users/actions/activate", [other.id])

    assert db.session.get_one(User, other.id).is_active
