"""Pick & pack for programs."""

from inspect import unwrap
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.services import create_token
from app.catalog.models import Product
from app.orders import services as orders
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory
from tests.fulfilment.conftest import confirmed
from tests.orders.conftest import again

pytestmark = pytest.mark.usefixtures("totes")

BASE, ALIAS = "/api/v1/fulfilment", "/api/v1/magento"


class Program:
    def __init__(self, client: FlaskClient, token: str, base: str) -> None:
        self.client, self.base = client, base
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(f"{self.base}/{path}", json=body, headers=self.headers)

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(f"{self.base}/{path}", json=body, headers=self.headers)

    def get(self, path: str) -> Any:
        return self.client.get(f"{self.base}/{path}", headers=self.headers)

    def scan(self, number: int, code: str) -> Any:
        return self.post(f"sessions/{number}/scan", id=str(uuid4()), code=code).json


@pytest.fixture(params=[BASE, ALIAS])
def program(app: Flask, request: pytest.FixtureRequest) -> Program:
    role = RoleFactory.create(permissions=["fulfilment.pick", "fulfilment.pack"])
    token = create_token(UserFactory.create(role=role), name="test")
    return Program(app.test_client(), token, request.param)


def test_the_queue_names_lines_and_units(program: Program, filters: Product) -> None:
    order = confirmed((filters, 3))

    answer = program.get("queue").json

    [item] = answer["items"]
    assert (item["order_number"], item["lines"]) == (order.number, 1)
    assert item["units"] in ("3.000", "3")


def test_an_order_is_picked_packed_and_shipped(program: Program, filters: Product) -> None:
    order = confirmed((filters, 2))
    created = program.post("sessions")
    number = created.json["id"]

    for code in ("A-01", "FILTER1"):
        assert program.scan(number, code)["outcome"] == "ok"
    assert program.scan(number, "FILTER1")["outcome"] == "done"
    for _ in range(2):
        packed = program.post(
            f"sessions/{number}/pack", id=str(uuid4()), code="FILTER1", order_id=order.id
        )
    ended = program.post(f"sessions/{number}/complete")

    assert created.status_code == 201
    assert packed.json["outcome"] == "done"
    assert ended.json["state"] == "done"
    assert again(order).status == "shipped"


def test_pick_tasks_are_listed_by_their_state(
    app: Flask, program: Program, filters: Product
) -> None:
    order = confirmed((filters, 2))
    number = program.post("sessions").json["id"]
    role = RoleFactory.create(permissions=["fulfilment.manage"])
    token = create_token(UserFactory.create(role=role), name="board")
    board = Program(app.test_client(), token, program.base)

    some = board.get("sessions?state=claimed").json

    assert [(one["id"], one["orders"][0]["order_id"]) for one in some["items"]] == [
        (number, order.id)
    ]
    assert some["items"][0]["lines"][0]["location"] == "A-01"
    assert board.get("sessions?state=done").json["items"] == []
    assert board.get("sessions?state=lost").status_code == 422
    assert program.get("sessions").status_code == 403


def test_a_wrong_scan_is_an_answer(program: Program, filters: Product) -> None:
    confirmed((filters, 2))
    number = program.post("sessions").json["id"]

    answer = program.scan(number, "FILTER1")

    assert answer["outcome"] == "wrong"
    assert "Scan the bin first" in answer["message"]


def test_the_same_id_counts_once(program: Program, filters: Product) -> None:
    confirmed((filters, 2))
    number = program.post("sessions").json["id"]
    program.scan(number, "A-01")
    body = {"id": str(uuid4()), "code": "FILTER1"}

    answers = [program.post(f"sessions/{number}/scan", **body).json for _ in range(2)]

    assert [answer["is_repeat"] for answer in answers] == [False, True]
    assert answers[1]["session"]["lines"][0]["picked"] in ("1.000", "1")


def test_short_and_release(program: Program, filters: Product) -> None:
    confirmed((filters, 2))
    session = program.post("sessions").json
    number = session["id"]
    line_id = session["lines"][0]["id"]

    refused = program.post(
        f"sessions/{number}/short", id=str(uuid4()), line_id=line_id, reason="bored"
    )
    assert refused.status_code == 422
    assert program.post(f"sessions/{number}/release").json["state"] == "released"
    assert program.post(f"sessions/{number}/release").status_code == 409


def test_nothing_ready_is_a_conflict(program: Program) -> None:
    answer = program.post("sessions")

    assert (answer.status_code, answer.json["code"]) == (409, "nothing_ready")


def test_what_is_not_packed_does_not_leave(program: Program, filters: Product) -> None:
    order = confirmed((filters, 1))
    number = program.post("sessions").json["id"]
    program.scan(number, "A-01")
    program.scan(number, "FILTER1")

    assert program.post(f"sessions/{number}/complete").status_code == 409
    assert program.post(f"sessions/{number}/complete", order_id=0).status_code == 404
    assert again(order).status == "picked"


def test_writes_by_cookie_are_refused_at_both_addresses(sign_in: SignIn) -> None:
    client = sign_in("fulfilment.pick")

    assert [client.post(f"{base}/sessions").status_code for base in (BASE, ALIAS)] == [401, 401]


def test_the_alias_answers_every_operation_with_the_same_view(app: Flask) -> None:
    views = {
        base: {
            (rule.rule.removeprefix(base), method): unwrap(app.view_functions[rule.endpoint])
            for rule in app.url_map.iter_rules()
            for method in rule.methods or ()
            if rule.rule.startswith(f"{base}/")
        }
        for base in (BASE, ALIAS)
    }

    assert len(views[BASE]) > 8
    assert views[BASE] == views[ALIAS]


def test_the_alias_is_described_as_the_same_and_deprecated(sign_in: SignIn) -> None:
    paths: dict[str, Any] = sign_in().get("/api/openapi.json").get_json()["paths"]
    described = {
        base: {
            path.removeprefix(base): operations
            for path, operations in paths.items()
            if path.startswith(f"{base}/")
        }
        for base in (BASE, ALIAS)
    }

    for path, operations in described[ALIAS].items():
        same = described[BASE].pop(path)
        for method in operations.keys() & {"get", "post"}:
            alias, first = operations[method], same[method]
            assert alias.pop("deprecated") is True
            assert "deprecated" not in first
            assert alias.pop("operationId") != first.pop("operationId")
            assert alias | {"tags": []} == first | {"tags": []}
    assert described[BASE] == {}


def test_a_program_takes_a_chosen_order_and_undoes_what_it_did(
    program: Program, filters: Product
) -> None:
    confirmed((filters, 1))
    chosen = confirmed((filters, 2))
    number = program.post("sessions", order_id=chosen.id).json["id"]
    for code in ("A-01", "FILTER1", "FILTER1"):
        program.scan(number, code)

    undone = program.post(f"sessions/{number}/undo", id=str(uuid4())).json

    assert undone["message"] == "Put 1 x F-1 back into A-01."
    assert undone["session"]["state"] == "picking"
    assert [one["order_id"] for one in undone["session"]["orders"]] == [chosen.id]
    nothing = program.post(f"sessions/{number}/stop", id=str(uuid4())).json
    assert nothing["outcome"] == "ok"


def test_a_program_changes_parcels(program: Program, filters: Product) -> None:
    order = confirmed((filters, 2))
    number = program.post("sessions").json["id"]
    for code in ("A-01", "FILTER1", "FILTER1"):
        program.scan(number, code)
    for _ in range(2):
        program.post(
            f"sessions/{number}/pack", id=str(uuid4()), order_id=order.id, code="FILTER1"
        )
    about = f"sessions/{number}/orders/{order.id}"
    [parcel] = program.get(f"{about}/parcels").json["items"]
    wanted = {"line_id": parcel["lines"][0]["id"], "quantity": "2", "to": "new"}

    moved = program.post(f"{about}/repack", id=str(uuid4()), **wanted).json
    gone = program.post(f"{about}/parcels/{parcel['id']}/removal", id=str(uuid4())).json

    assert moved["message"] == "2 x F-1 is in parcel 2 now."
    assert gone["message"] == "Parcel 1 is gone."
    assert program.post(f"sessions/{number}/orders/999/repack", **wanted).status_code in (
        404,
        422,
    )


def test_a_program_puts_back_what_was_cancelled(program: Program, filters: Product) -> None:
    order = confirmed((filters, 2))
    number = program.post("sessions").json["id"]
    for code in ("A-01", "FILTER1"):
        program.scan(number, code)
    orders.cancel_order(order.id)
    program.scan(number, "FILTER1")
    [row] = program.get("putbacks").json["items"]

    done = program.post(f"putbacks/{row['id']}/scan", id=str(uuid4()), code="A-01").json
    assert (row["tote"], done["outcome"]) == ("TOTE-1", "done")
    undone = program.post(f"putbacks/{row['id']}/undo", id=str(uuid4())).json

    assert "in tote TOTE-1 again" in undone["message"]
    assert len(program.get("putbacks").json["items"]) == 1


def test_parcels_have_weight_and_tracking(program: Program, filters: Product) -> None:
    order = confirmed((filters, 2))
    number = program.post("sessions").json["id"]
    program.scan(number, "A-01")
    program.scan(number, "FILTER1")
    program.scan(number, "FILTER1")
    body = {"id": str(uuid4()), "code": "FILTER1", "order_id": order.id}
    program.post(f"sessions/{number}/pack", **body)
    parcels = f"sessions/{number}/orders/{order.id}/parcels"
    [parcel] = program.get(parcels).json["items"]

    address = f"{parcels}/{parcel['id']}"
    same = program.put(address, parcel)
    said = program.put(address, {"weight_kg": "1.25", "carrier": "DHL", "tracking": "00340"})
    too_exact = program.put(address, {"length_cm": "10.25"})
    second = program.post(parcels)

    assert same.json == parcel
    assert (said.json["weight_kg"], said.json["tracking"]) == ("1.25", "00340")
    assert (too_exact.status_code, list(too_exact.json["fields"])) == (422, ["length_cm"])
    assert (second.status_code, second.json["number"]) == (201, 2)
    assert program.put(f"{parcels}/999999", {}).status_code == 404


def test_a_picker_undoes_and_skips(program: Program, filters: Product) -> None:
    confirmed((filters, 2))
    session = program.post("sessions").json
    number, line_id = session["id"], session["lines"][0]["id"]
    program.scan(number, "A-01")
    program.scan(number, "FILTER1")

    undone = program.post(f"sessions/{number}/undo", id=str(uuid4())).json
    skipped = program.post(f"sessions/{number}/skip", id=str(uuid4()), line_id=line_id).json

    assert undone["session"]["lines"][0]["picked"] in ("0.000", "0")
    assert skipped["outcome"] in {"ok", "line", "wrong"}


def test_a_pick_task_is_given_to_somebody_else(
    app: Flask, program: Program, filters: Product
) -> None:
    confirmed((filters, 2))
    number = program.post("sessions").json["id"]
    picks = RoleFactory.create(permissions=["fulfilment.pick"])
    other, stranger = UserFactory.create(role=picks), UserFactory.create()
    leads = RoleFactory.create(permissions=["fulfilment.manage"])
    token = create_token(UserFactory.create(role=leads), name="board")
    leader = Program(app.test_client(), token, program.base)
    at = f"sessions/{number}/assignee"

    given = leader.put(at, {"user_id": other.id})
    refused = leader.put(at, {"user_id": stranger.id})

    assert (given.status_code, given.json["claimed_by_id"]) == (200, other.id)
    assert (refused.status_code, [*refused.json["fields"]]) == (422, ["user_id"])
    assert program.put(at, {"user_id": other.id}).status_code == 403
    assert leader.put("sessions/999999/assignee", {"user_id": other.id}).status_code == 404
