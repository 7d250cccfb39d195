"""Imports that were begun, for programs."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.jobs import runner
from tests.core.conftest import bearer
from tests.factories import ProductFactory

__all__ = ["bearer"]

AT = "/api/v1/imports"
ROWS = b"Code,Words,Cost\nA-1,Kettle,3.50\nA-2,Cup,many\n"
COUNTED = {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "failed": 1}


@pytest.fixture
def program(bearer: Any) -> FlaskClient:
    made: FlaskClient = bearer("products.import", "products.costs")
    return made


def checked(program: FlaskClient, **fields: Any) -> int:
    """Upload the file, and try what importing it would do."""
    mapping = '{"sku": "Code", "name": "Words", "cost": "Cost"}'
    body = {"file": (BytesIO(ROWS), "goods.csv"), "mapping": mapping, "dry_run": "1"}
    started: Any = program.post("/api/v1/products/import", data=body | fields).json
    runner.perform(started["job_id"])
    number: int = started["import_id"]
    return number


def test_an_import_says_how_far_it_is_and_what_came_of_it(program: FlaskClient) -> None:
    number = checked(program)

    shown: Any = program.get(f"{AT}/{number}").json
    listed: Any = program.get(f"{AT}?q=goods&stage=checked").json

    assert (shown["stage"], shown["state"], shown["kind"]) == (
        *("checked", "succeeded", "products"),
    )
    assert shown["columns"] == ["Code", "Words", "Cost"]
    assert shown["mapping"] == {"sku": "Code", "name": "Words", "cost": "Cost"}
    assert (shown["result"]["created"], shown["result"]["failed"]) == (1, 1)
    assert shown["result"]["errors"][0]["value"] == "many"
    assert [one["id"] for one in listed["items"]] == [number]
    assert program.get(f"{AT}?stage=applied").json["total"] == 0  # type: ignore[index]


def test_what_was_checked_is_applied_once(program: FlaskClient, session: Session) -> None:
    number = checked(program)

    started: Any = program.post(f"{AT}/{number}/apply").json
    runner.perform(started["job_id"])

    assert [one.sku for one in session.query(Product)] == ["A-1"]
    assert program.get(f"{AT}/{number}").json["stage"] == "applied"  # type: ignore[index]
    again = program.post(f"{AT}/{number}/apply")
    assert (again.status_code, again.json["code"]) == (409, "not_ready")  # type: ignore[index]


def test_the_columns_are_chosen_anew(program: FlaskClient, session: Session) -> None:
    ProductFactory.create(sku="A-1", name="Pot")
    number = checked(program)

    chosen = {"mapping": {"sku": "Code", "name": "Words"}, "update": False}
    started: Any = program.post(f"{AT}/{number}/check", json=chosen).json
    runner.perform(started["job_id"])
    wrong: Any = program.post(f"{AT}/{number}/check", json={"mapping": {"sku": "Nowhere"}})

    shown: Any = program.get(f"{AT}/{number}").json
    assert (shown["mapping"], shown["update"]) == ({"sku": "Code", "name": "Words"}, False)
    assert (shown["result"]["created"], shown["result"]["failed"]) == (1, 0)
    assert (wrong.status_code, [*wrong.json["fields"]]) == (422, ["mapping"])


def test_each_sees_what_they_may_import_if_they_may_see_all_that_is_in_it(
    program: FlaskClient, bearer: Any
) -> None:
    number = checked(program)
    job = program.get(f"{AT}/{number}").json["job_id"]  # type: ignore[index]

    blind = bearer("products.import", "jobs.view")

    assert blind.get(f"{AT}/{number}").status_code == 404
    assert blind.get(AT).json["total"] == 0
    assert blind.get(f"/api/v1/jobs/{job}").json["result"] == COUNTED
    assert bearer("customers.import").get(f"{AT}/{number}").status_code == 404
    assert bearer("customers.import").get(AT).json["total"] == 0
    assert bearer("products.view").get(AT).status_code == 403
