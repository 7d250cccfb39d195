"""The pages of users, for those who may not see or change them."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from tests.accounts.conftest import WRONG
from tests.conftest import SignIn


def filled(**changes: str) -> dict[str, str]:
    given = {"username": "kim", "name": "Kim", "email": "kim@example.com"}
    return given | {"role": "user", "time_zone": "UTC"} | changes


READING = ["", "/{id}"]
CHANGING = ["/new", "/{id}/edit"]
POSTS = ["", "/{id}", "/{id}/activation", "/{id}/activation/delete", "/{id}/password"]


def test_those_who_may_not_see_users_see_none(sign_in: SignIn, robin: User) -> None:
    client = sign_in("stock.view")

    for path in READING + CHANGING:
        assert client.get(f"/users{path}".format(id=robin.id)).status_code == 403


def test_those_who_may_only_look_change_nothing(sign_in: SignIn, robin: User) -> None:
    client = sign_in("users.view")

    for path in CHANGING:
        assert client.get(f"/users{path}".format(id=robin.id)).status_code == 403
    for path in [*POSTS, "/{id}/sessions/delete"]:
        address = f"/users{path}".format(id=robin.id)
        assert client.post(address, data=filled()).status_code == 403
    page = client.get(f"/users/{robin.id}").text
    assert not [word for word in ("Edit", "Deactivate", "Reset") if f"{word}<" in page]
    assert "New user" not in client.get("/users").text


def test_strangers_are_asked_to_sign_in(app: Flask, robin: User, session: Session) -> None:
    client = app.test_client()

    for path in READING + CHANGING:
        response = client.get(f"/users{path}".format(id=robin.id))
        assert response.location.startswith("/session/new")
    assert client.post("/users", data=filled()).status_code == 303
    assert session.scalar(select(User).where(User.username == "kim")) is None
    assert WRONG not in client.get("/session/new").text
