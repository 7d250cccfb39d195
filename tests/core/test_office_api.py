"""Alerts, the audit trail and permissions for programs."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.services import create_token
from app.core.alerts import close_alert, raise_alert
from app.core.permissions import catalogue
from tests.factories import ProductFactory, RoleFactory, UserFactory


@pytest.fixture
def program(app: Flask) -> Any:
    def program(*permissions: str) -> Any:
        role = RoleFactory.create(permissions=list(permissions))
        client = app.test_client()
        token = create_token(UserFactory.create(role=role), name="test")
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return program


def test_alerts_are_those_that_one_is_told_of(program: Any) -> None:
    raise_alert(kind="codes.twins", key="catalog:twins", title="Twins", href="/stock")
    raise_alert(kind="job.failed", key="job:x", title="A job failed", href="/jobs")
    close_alert("catalog:twins")

    keeper = program("products.edit")

    [told] = keeper.get("/api/v1/alerts").json["items"]
    assert (told["kind"], told["severity"]) == ("codes.twins", "warning")
    assert keeper.get("/api/v1/alerts?is_open=1").json["total"] == 0
    assert program().get("/api/v1/alerts").json["total"] == 0


def test_the_audit_trail_is_filtered(program: Any) -> None:
    editor = program("products.view", "products.edit", "audit.view")
    product = ProductFactory.create(name="Kettle")
    editor.put(f"/api/v1/products/{product.id}", json={"name": "Teapot"})

    found = editor.get("/api/v1/audit?type=product&q=Teapot").json["items"]

    assert found[0]["changes"] == {"name": ["Kettle", "Teapot"]}
    assert editor.get("/api/v1/audit?type=vendor").json["total"] == 0
    assert editor.get("/api/v1/audit?to=2000-01-01").json["total"] == 0
    assert editor.get("/api/v1/audit?from=2000-01-01&type=product").json["total"] > 0
    assert program("products.view").get("/api/v1/audit").status_code == 403


def test_permissions_are_listed_with_those_one_holds(program: Any) -> None:
    items = program("stock.view").get("/api/v1/permissions").json["items"]

    assert len(items) == sum(len(verbs) for verbs in catalogue().values())
    assert [one["name"] for one in items if one["is_held"]] == ["stock.view"]
