"""Counts for programs."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.accounts.services import create_token
from tests.counting.conftest import bin_, corrections, goods
from tests.factories import RoleFactory, UserFactory

ROOT = "/api/v1/counts"
ALL = ("count", "view", "manage", "approve")


class Program:
    def __init__(self, app: Flask, *verbs: str) -> None:
        role = RoleFactory.create(permissions=[f"counting.{verb}" for verb in verbs])
        token = create_token(UserFactory.create(role=role), name="test")
        self.client = app.test_client()
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def get(self, path: str = "") -> Any:
        return self.client.get(f"{ROOT}{path}")

    def post(self, path: str = "", **body: Any) -> Any:
        return self.client.post(f"{ROOT}{path}", json=body)

    def step(self, count_id: int, verb: str, **body: Any) -> Any:
        return self.post(f"/{count_id}/{verb}", id=str(uuid4()), **body)


@pytest.fixture
def program(app: Flask) -> Program:
    return Program(app, *ALL)


def test_a_bin_is_counted_and_what_was_found_is_approved(program: Program) -> None:
    goods(10, bin_("A-01", sequence=1), "FILTER", "F1")
    [created] = program.post(location="A-01").json["items"]
    number = created["id"]

    claimed = program.post(f"/{number}/claim")
    program.step(number, "scan", code="A-01")
    program.step(number, "scan", code="F1")
    finished = program.step(number, "finish")
    found = program.get(f"/{number}").json

    assert (claimed.status_code, finished.json["outcome"]) == (200, "done")
    assert found["lines"][0]["counted"] == "1"
    assert found["lines"][0]["on_hand"] == "10"
    assert found["state"] in {"review", "recount"}
    if found["state"] == "recount":
        program.post(f"/{number}/claim")
        program.step(number, "scan", code="A-01")
        program.step(number, "scan", code="F1")
        program.step(number, "finish")
    approved = program.post(f"/{number}/approve", reason="Seen it")
    assert (approved.status_code, approved.json["state"]) == (200, "done")
    assert corrections() == [("FILTER", -9)]


def test_a_quantity_is_said_undone_and_said_again(program: Program) -> None:
    goods(10, bin_("A-01"), "FILTER", "F1")
    number = program.post(sku="FILTER").json["items"][0]["id"]
    program.post(f"/{number}/claim")
    program.step(number, "scan", code="A-01")
    program.step(number, "scan", code="F1")
    line_id = program.get(f"/{number}").json["lines"][0]["id"]

    said = program.step(number, "quantity", line_id=line_id, quantity="10")
    undone = program.step(number, "undo")

    assert (said.json["outcome"], undone.status_code) == ("ok", 200)


def test_an_empty_bin_is_said_to_be_empty(program: Program) -> None:
    bin_("A-01")
    number = program.post(location="A-01").json["items"][0]["id"]
    program.post(f"/{number}/claim")
    program.step(number, "scan", code="A-01")

    assert program.step(number, "empty").json["outcome"] != "wrong"


def test_a_count_is_released_and_cancelled(program: Program) -> None:
    bin_("A-01")
    number = program.post(location="A-01").json["items"][0]["id"]
    program.post(f"/{number}/claim")

    released = program.post(f"/{number}/release")
    cancelled = program.post(f"/{number}/cancel", reason="Later")

    assert released.status_code == 200
    assert cancelled.json["state"] == "cancelled"
    assert program.post(f"/{number}/cancel").status_code == 409


def test_counts_are_listed_by_state(program: Program) -> None:
    bin_("A-01")
    program.post(location="A-01")

    assert program.get("?state=unfinished").json["total"] == 1
    assert program.get("?state=done").json["total"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "location"),
        ({"location": "nowhere"}, "location"),
        ({"sku": "nothing"}, "sku"),
        ({"oldest": 0}, "oldest"),
        ({"oldest": 3}, "oldest"),
        ({"location": "MAIN-01", "sku": "A"}, "location"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_its_name(
    program: Program, body: dict[str, Any], field: str
) -> None:
    answer = program.post(**body)

    assert answer.status_code in {409, 422}
    assert list(answer.json["fields"]) == [field]


def test_who_counts_does_not_see_what_the_books_say(app: Flask) -> None:
    assert Program(app, "count").get().status_code == 403


def test_a_count_of_somebody_else_is_not_given_back(program: Program, app: Flask) -> None:
    bin_("A-01")
    number = program.post(location="A-01").json["items"][0]["id"]
    program.post(f"/{number}/claim")

    other = Program(app, "count")

    assert other.post(f"/{number}/release").status_code == 409
