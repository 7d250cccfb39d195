"""What a page can do with connections a program can do, and nothing secret is ever told."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.inbound.models import RecordLink
from app.integrations.outbox.models import OutboxMessage
from app.integrations.services import connecting
from app.integrations.sync.models import ExternalRecord, RejectedRecord, SyncRun, WebhookEvent
from app.integrations.sync.services import start_due_syncs, start_sync
from tests.factories import CustomerFactory, RoleFactory, UserFactory
from tests.integrations.conftest import again, work
from tests.standins.quickbooks import QuickBooks

ROOT = "/api/v1/connections"
ALL = ("integrations.view", "integrations.sync", "integrations.manage")
Program = Callable[..., FlaskClient]


@pytest.fixture
def program(app: Flask) -> Program:
    """A program with a token of somebody who holds just these permissions."""

    def program(*permissions: str) -> FlaskClient:
        role = RoleFactory.create(permissions=list(permissions))
        token = accounts.create_token(UserFactory.create(role=role), name="test")
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return program


def test_a_program_follows_a_connection_pauses_it_and_ends_it(
    program: Program, connection: Connection, quickbooks: QuickBooks
) -> None:
    robot, here = program(*ALL), f"{ROOT}/{connection.id}"

    [listed] = got(robot, ROOT)["items"]
    assert (listed["name"], listed["status"]) == ("Kitchen & Co", "connected")
    assert {one["name"] for one in got(robot, f"{ROOT}/systems")} >= {"quickbooks", "magento"}
    [tried] = posted(robot, f"{here}/test", 200)
    assert (tried["is_bad"], tried["label"]) == (False, "Company number")

    run = posted(robot, f"{here}/syncs", 201, mode="full")
    assert posted(robot, f"{here}/syncs", 201)["id"] == run["id"]  # it covers changes, too
    work()
    done = got(robot, f"{here}/syncs/{run['id']}")
    assert (done["state"], done["read"]) == ("succeeded", 84)
    assert posted(robot, f"{here}/syncs/{run['id']}/cancel", 200)["state"] == "succeeded"
    assert got(robot, here)["mirrored"]["item"] == 40
    assert [one["id"] for one in got(robot, f"{here}/syncs")["items"]] == [run["id"]]

    asked = len(quickbooks.exchanges)
    assert posted(robot, f"{here}/pause", 200)["status"] == "paused"
    assert start_due_syncs("changes") == []
    assert posted(robot, f"{here}/syncs", 409)["error"] == "Kitchen & Co is paused."
    assert len(quickbooks.exchanges) == asked

    assert posted(robot, f"{here}/resume", 200)["status"] == "connected"
    work()
    newest = got(robot, f"{here}/syncs")["items"][0]
    assert (newest["mode"], newest["state"]) == ("changes", "succeeded")

    assert posted(robot, f"{here}/disconnect", 200)["status"] == "disconnected"
    posted(robot, f"{here}/pause", 409)
    posted(robot, f"{here}/test", 409)
    assert got(robot, f"{ROOT}/0", 404)["code"] == "not_found"


def test_what_a_paused_connection_is_told_waits_until_it_goes_on(
    connection: Connection, session: Session
) -> None:
    run = start_sync(connection.id, mode="full", cause="person")
    connecting.pause(connection.id)
    assert again(run).state == "cancelled"
    message = OutboxMessage(
        connection_id=connection.id, key="a", label="A", subject_type="order", subject_id=1,
        payload={},
    )  # fmt: skip
    session.add(message)
    session.commit()
    work()
    assert (message.state, message.attempts) == ("waiting", 0)

    connecting.resume(connection.id)
    connecting.resume(connection.id)  # nothing more
    work()

    assert message.attempts == 1
    assert [one.mode for one in db.session.scalars(select(SyncRun).order_by(SyncRun.id))] == [
        "full",
        "full",  # it had never been read
    ]


def test_a_program_decides_what_waits_for_somebody(
    program: Program, connection: Connection, session: Session
) -> None:
    robot, here = program(*ALL), f"{ROOT}/{connection.id}"
    same = {"connection_id": connection.id, "kind": "customer", "external_id": "7"}
    link = RecordLink(
        **same, record_id=CustomerFactory.create().id, state="doubtful", reason="Alike"
    )
    bad = [RejectedRecord(**(same | {"external_id": n}), reason="No name") for n in ("8", "9")]
    refused = OutboxMessage(
        connection_id=connection.id, key="a", label="A", subject_type="order", subject_id=1,
        payload={}, state="refused", reason="No",
    )  # fmt: skip
    session.add_all([ExternalRecord(**same, payload={"DisplayName": "X"}), link, *bad, refused])
    session.commit()
    state = got(robot, here)
    waits = ("matches", "rejected", "outbox_refused", "outbox_waiting")
    assert [state[name] for name in waits] == [1, 2, 1, 0]

    [match] = got(robot, f"{here}/matches?kind=customer")["items"]
    assert (match["id"], match["reason"]) == (link.id, "Alike")
    assert got(robot, f"{here}/matches?kind=item")["items"] == []
    decided = posted(robot, f"{here}/matches/decide", 200, ids=[link.id], decision="separate")
    assert decided == {"done": 1, "refused": 0, "errors": []}
    assert now(link).state == "separate"

    [newest, _] = got(robot, f"{here}/rejected")["items"]
    assert (newest["external_id"], newest["reason"]) == ("9", "No name")
    posted(robot, f"{here}/rejected/settle", 200, ids=[bad[0].id])
    assert now(bad[0]).settled_by != ""
    posted(robot, f"{here}/rejected/retry", 200, ids=[bad[1].id])
    assert session.scalars(select(WebhookEvent.external_id)).all() == ["9"]

    assert len(got(robot, f"{here}/outbox?state=refused")["items"]) == 1
    posted(robot, f"{here}/outbox/retry", 200, ids=[refused.id])
    assert now(refused).state == "waiting"
    told = posted(robot, f"{here}/outbox/dismiss", 200, ids=[refused.id])
    assert (told["done"], told["refused"]) == (0, 1)

    stranger = posted(robot, f"{here}/outbox/retry", 422, ids=[refused.id, 999_999])
    assert stranger["fields"] == {"ids": ["999999 is none of this connection's."]}


def test_a_program_says_whose_value_stays(program: Program, connection: Connection) -> None:
    robot, here = program(*ALL), f"{ROOT}/{connection.id}"
    fields = got(robot, f"{here}/precedence")["fields"]
    [name, *_] = [one for one, side in fields.items() if side == "ours"]
    kept = robot.put(f"{here}/precedence", json={"fields": {name: "theirs"}})
    assert (kept.json or {})["fields"] == fields | {name: "theirs"}
    again_sent = robot.put(f"{here}/precedence", json=kept.json)
    assert again_sent.json == kept.json
    assert robot.put(f"{here}/precedence", json={"fields": {"a.b": "ours"}}).status_code == 422


def test_of_two_programs_neither_undoes_what_the_other_decided(
    program: Program, connection: Connection
) -> None:
    robot, here = program(*ALL), f"{ROOT}/{connection.id}/precedence"
    read = got(robot, here)["fields"]
    other, mine = [one for one, side in read.items() if side == "theirs"][:2]
    robot.put(here, json={"fields": {other: "ours"}})

    answer = robot.put(here, json={"fields": read | {mine: "ours"}, "was": read})

    assert (answer.json or {})["fields"] == read | {mine: "ours", other: "ours"}


def test_each_call_needs_its_permission_and_tells_no_secret(
    app: Flask, program: Program, connection: Connection
) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(ROOT)]
    views: list[Any] = [app.view_functions[rule.endpoint] for rule in rules]
    assert {view.required_permission for view in views} == set(ALL)
    viewer = program("integrations.view")
    told = viewer.get(ROOT).text + viewer.get(f"{ROOT}/{connection.id}").text
    for rule, view in zip(rules, views, strict=True):
        url = rule.rule.replace("<int:connection_id>", str(connection.id)).replace(
            "<int:sync_id>", "1"
        )
        method = next(iter({"GET", "POST", "PUT"} & (rule.methods or set())))
        if view.required_permission != "integrations.view":
            assert viewer.open(url, method=method, json={}).status_code == 403, rule
    assert "token" not in told
    secrets = db.session.get_one(Connection, connection.id)
    assert secrets.access_token is not None
    assert secrets.access_token not in told


def now(record: Any) -> Any:
    db.session.refresh(record)
    return record


def got(robot: FlaskClient, url: str, status: int = 200) -> Any:
    answer = robot.get(url)
    assert answer.status_code == status, answer.text
    return answer.json


def posted(robot: FlaskClient, url: str, status: int, **body: Any) -> Any:
    answer = robot.post(url, json=body) if body or url.endswith("syncs") else robot.post(url)
    assert answer.status_code == status, answer.text
    return answer.json
