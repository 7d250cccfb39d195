"""Many rows at once, for programs: one call for all lists."""

from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.core.jobs.models import JobRun
from app.core.jobs.runner import perform
from tests.core.conftest import Bearer
from tests.factories import ProductFactory, VendorFactory

PRODUCTS = "/api/v1/lists/products/actions"
MAY = ("products.view", "products.edit")


def done(app: Flask, answer: Any) -> JobRun:
    """Do the job that a call has begun, and give it as it ended."""
    assert answer.status_code == 202, answer.text
    with app.app_context():
        perform(answer.json["id"])
    db.session.expire_all()
    return db.session.get_one(JobRun, answer.json["id"])


def test_ticked_rows_are_named_by_their_ids(app: Flask, bearer: Bearer) -> None:
    first, second, other = ProductFactory.create_batch(3, is_active=True)

    body = {"ids": [first.id, second.id]}
    run = done(app, bearer(*MAY).post(f"{PRODUCTS}/deactivate", json=body))

    assert run.result == {"done": 2, "refused": 0}
    assert [p.is_active for p in (first, second, other)] == [False, False, True]


def test_filters_mean_all_rows_that_they_let_through(app: Flask, bearer: Bearer) -> None:
    kettle, pan = ProductFactory.create(name="Kettle"), ProductFactory.create(name="Pan")
    vendor = VendorFactory.create()

    body = {"filters": {"search": "kettle"}, "values": {"supplier": vendor.code}}
    run = done(app, bearer(*MAY).post(f"{PRODUCTS}/supplier", json=body))

    assert run.result == {"done": 1, "refused": 0}
    assert [p.supplier_id for p in (kettle, pan)] == [vendor.id, None]


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("deactivate", {}, "ids"),
        ("deactivate", {"ids": [1], "filters": {}}, "ids"),
        ("deactivate", {"ids": []}, "ids"),
        ("deactivate", {"ids": [1], "values": {"why": "so"}}, "values.why"),
        ("supplier", {"ids": [1], "values": {"supplier": "nobody"}}, "values.supplier"),
        ("deactivate", {"filters": {"colour": "red"}}, None),
        ("deactivate", {"filters": {"search": "no such thing"}}, None),
    ],
    ids=["no rows", "both", "none", "not asked for", "no such vendor", "no filter", "no match"],
)
def test_what_does_not_fit_is_refused_and_nothing_begins(
    bearer: Bearer, action: str, body: dict[str, Any], field: str | None
) -> None:
    before = db.session.query(JobRun).count()

    answer = bearer(*MAY).post(f"{PRODUCTS}/{action}", json=body)

    assert answer.status_code == 422
    assert field is None or field in answer.json["fields"]
    assert db.session.query(JobRun).count() == before


@pytest.mark.parametrize("permissions", [("products.view",), ("products.edit",)])
def test_it_takes_the_permission_of_the_list_and_of_the_action(
    bearer: Bearer, permissions: tuple[str]
) -> None:
    body = {"ids": [ProductFactory.create().id]}

    answer = bearer(*permissions).post(f"{PRODUCTS}/deactivate", json=body)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["products/actions/labels", "products/actions/x", "x/actions/y"]
)
def test_what_no_job_does_is_not_there(bearer: Bearer, path: str) -> None:
    """Labels are a page for people, and a call of their own for programs."""
    answer = bearer("*").post(f"/api/v1/lists/{path}", json={"ids": [1]})

    assert answer.status_code == 404


def test_lists_say_what_can_be_done_by_whom(bearer: Bearer) -> None:
    told = {one["name"]: one for one in bearer(*MAY).get("/api/v1/lists").json}
    less = {one["name"]: one for one in bearer("products.view").get("/api/v1/lists").json}

    assert "search" in told["products"]["filters"]
    assert {"name": "supplier", "label": "Set supplier", "values": ["supplier"]} in (
        told["products"]["actions"]
    )
    assert less["products"]["actions"] == []
    assert "users" not in told


def test_the_same_key_begins_one_job(bearer: Bearer) -> None:
    program, product = bearer(*MAY), ProductFactory.create()
    product_id = product.id

    answers = [
        program.post(
            f"{PRODUCTS}/deactivate",
            json={"ids": [product_id]},
            headers={"Idempotency-Key": "once"},
        )
        for _ in range(2)
    ]

    assert answers[0].json["id"] == answers[1].json["id"]


def test_every_bulk_action_done_by_a_job_can_be_called(app: Flask, bearer: Bearer) -> None:
    """The same declaration serves the page and the call: none is left out."""
    told = {
        (one["name"], action["name"])
        for one in bearer("*").get("/api/v1/lists").json
        for action in one["actions"]
    }
    declared = {
        (name, action.name)
        for name, known in app.extensions["lists"].items()
        for action in known.page.actions
        if action.act or action.act_on_all
    }

    assert told == declared != set()
