"""Two people change accounts at the same moment."""

from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import services
from app.accounts.models import User
from app.core.db import db
from app.core.errors import AlreadyExists
from tests.accounts.conftest import PASSWORD
from tests.factories import UserFactory


def made(**changes: Any) -> User:
    given = {"email": "kim@example.com", "name": "Kim", "password": PASSWORD, "by": None}
    return services.create_user(**({"username": "kim"} | given | changes))


@pytest.mark.committed
def test_two_administrators_cannot_put_each_other_out_at_once(app: Flask, admin: User) -> None:
    other = UserFactory.create(role=admin.role)
    barrier, refused = Barrier(2), []

    def put_out(user_id: int, by_id: int) -> None:
        with app.app_context():
            by = db.session.scalars(select(User).where(User.id == by_id)).one()
            barrier.wait()
            try:
                services.deactivate_user(user_id, by=by)
            except services.LastAdministrator as error:
                refused.append(error)

    pairs = [(admin.id, other.id), (other.id, admin.id)]
    threads = [Thread(target=put_out, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1


@pytest.mark.committed
def test_of_two_people_who_take_one_name_at_once_one_hears_of_it(app: Flask) -> None:
    barrier, refused = Barrier(2), []

    def take(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                made(email=f"kim{number}@example.com")
            except AlreadyExists as error:
                refused.append(error.field)

    threads = [Thread(target=take, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["username"]
