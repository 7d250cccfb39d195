"""The OpenAPI document: valid, and true of every call."""

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.accounts.services import create_token
from app.core.api import Blueprint
from app.core.api_document import METHODS, described_path, operation_id
from app.core.db import transaction
from app.core.permissions import PUBLIC, SIGNED_IN
from app.core.slices import slices
from app.integrations.hub.models import Connection
from app.planning.services import create_scenario
from app.supply.jobs import make_supply_plan
from app.supply.services import create_plan
from app.webhooks.services import create_endpoint
from tests.conftest import contract_of
from tests.factories import RoleFactory, UserFactory
from tests.planning.factories import open_cycle_of_one

KEYLESS = {  # writes that have no key: what they are asked twice, they do twice or not at all
    "login": "each login is a session of its own",
    "logout": "a session ends once",
    "register": "a username is taken once",
    "refresh": "a refresh token works once",
    "update_password": "the present password works once",
    "create_password_reset": "asked again, another link is sent: three an hour at most",
    "update_password_resets": "a link works once",
    "create_user_password": "its secret is not kept to be given again",
    "create_token": "its secret is not kept to be given again",
    "create_webhook_endpoint": "its secret is not kept to be given again",
    "secret_webhook_endpoint": "its secret is not kept to be given again",
    "refresh_cache": "a sync that runs is not started again",
    "create_fulfilment_session": "who has a pick task gets that one",
    "release_fulfilment_session": "it is given back once",
    "complete_fulfilment_session": "a parcel leaves once",
    "scan_fulfilment_session": "the scan has an id",
    "short_fulfilment_session": "the report has an id",
    "pack_fulfilment_session": "the scan has an id",
    "quantity_fulfilment_session": "the step has an id",
    "skip_fulfilment_session": "the step has an id",
    "undo_fulfilment_session": "the step has an id",
    "empty_fulfilment_session": "the answer has an id",
    "stop_fulfilment_session": "the step has an id",
    "repack_fulfilment_session_order": "the step has an id",
    "removal_fulfilment_session_order_parcel": "the step has an id",
    "scan_fulfilment_putback": "the scan has an id",
    "undo_fulfilment_putback": "the step has an id",
    "create_connection": "an account is one connection, whoever connects it once more",
    "check_connection": "it keeps nothing",
    "test_connection": "it keeps nothing",
    "claim_count": "who has it keeps it",
    "release_count": "it is given back once",
    "scan_count": "the scan has an id",
    "quantity_count": "the step has an id",
    "undo_count": "the step has an id",
    "empty_count": "the step has an id",
    "finish_count": "the step has an id",
    "create_receiving_session": "who has the order's gets that one",
    "complete_receiving_session": "it is posted once",
    "scan_receiving_session": "the scan has an id",
    "quantity_receiving_session": "the step has an id",
    "damage_receiving_session": "the step has an id",
    "aside_receiving_session": "the step has an id",
    "undo_receiving_session": "the step has an id",
    "lot_receiving_session": "the step has an id",
    "delete_report_schedule": "it is deleted once",
    "delete_approval_limit": "it is taken out once",
    "delete_reorder_rule": "it is taken out once",
    "delete_sop_cycle": "it is deleted once",
    "delete_sop_row": "it is taken out once",
    "create_attendance_punch": "a punch has its device, boot and number",
    "create_attendance_pin_punch": "said twice within a minute, it is a duplicate",
    "create_attendance_heartbeat": "it says what is, and is said again all the time",
    "create_attendance_command": "a sensor is told once of each slot",
    "create_attendance_device": "its secret is not kept to be given again",
    "token_attendance_device": "its secret is not kept to be given again",
    "create_attendance_allowance": "somebody has one for each type and year",
    "create_attendance_lock": "a period is locked once",
    "delete_attendance_lock": "it is opened once",
    "delete_attendance_absence": "it is taken out once",
    "delete_attendance_holiday": "it is taken out once",
    "delete_my_time_absence": "it is taken out once",
    "capture_enrollment": "a reader waits for one card",
    "delete_enrollment_capture": "it ends once",
    "create_enrollment_credential": "a card is one person's",
    "create_enrollment_finger": "a slot is one finger's",
    "delete_enrollment_credential": "it is revoked once",
    "consent_enrollment_employee": "somebody has one consent",
    "delete_enrollment_employee_consent": "it is withdrawn once",
    "pin_enrollment_employee": "somebody has one PIN",
    "delete_enrollment_employee_pin": "it is taken out once",
}


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    return contract_of(app).document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_call_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = Counter(said["operationId"] for _, _, said in operations(document))

    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if not name.isidentifier()] == []


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("get", "/api/v1/saved-views", "list_saved_views"),
        ("post", "/api/v1/saved-views", "create_saved_view"),
        ("put", "/api/v1/inventory/{product_id}", "update_inventory"),
        ("get", "/api/v1/jobs/status", "get_job_status"),
        ("post", "/api/v1/orders/{order_id}/confirm", "confirm_order"),
        ("post", "/api/v1/orders/{order_id}/sent-documents", "create_order_sent_document"),
        ("post", "/api/v1/auth/login", "login"),
        ("post", "/api/v1/products/import", "import_products"),
        ("get", "/api/indexes/status", "get_index_status"),
    ],
)
def test_names_are_verb_and_noun(method: str, path: str, name: str) -> None:
    is_list = name.startswith("list_")

    assert operation_id(method, path, is_list=is_list) == name


def test_each_call_says_the_permission_that_its_view_asks_for(
    app: Flask, document: dict[str, Any]
) -> None:
    views: dict[str, Any] = {
        described_path(rule): app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods
    }
    for path, _, said in [one for one in operations(document) if one[1] == "get"]:
        needed = views[path].required_permission
        if needed == PUBLIC:
            assert said["security"] == []
        else:
            assert "security" not in said
            assert said.get("x-permission", SIGNED_IN) == needed


def test_permissions_are_explained(document: dict[str, Any]) -> None:
    label = slices().permissions["stock"]["adjust"]
    said = document["paths"]["/api/v1/inventory/adjustments"]["post"]

    assert said["x-permission"] == "stock.adjust"
    assert f"Needs the permission `stock.adjust`: {label}." in said["description"]


def test_decimals_are_strings(document: dict[str, Any]) -> None:
    product = document["components"]["schemas"]["Product"]["properties"]

    assert product["price"]["type"] == "string"
    assert product["price"]["format"] == "decimal"


def test_every_field_says_its_type(document: dict[str, Any]) -> None:
    typed = {"type", "$ref", "anyOf", "oneOf", "allOf", "enum"}
    fields = {
        (name, field): said
        for name, schema in document["components"]["schemas"].items()
        for field, said in schema.get("properties", {}).items()
    }

    assert len(fields) > 500
    assert [name for name, said in fields.items() if not typed & said.keys()] == []


def test_what_may_be_missing_may_be_null(document: dict[str, Any]) -> None:
    order = document["components"]["schemas"]["Order"]["properties"]

    assert order["delivery_date"]["type"] == ["string", "null"]
    assert order["split_from_id"]["type"] == ["integer", "null"]


def test_a_file_and_what_to_do_with_it_are_one_form(document: dict[str, Any]) -> None:
    said = document["paths"]["/api/v1/products/import"]["post"]

    content = said["requestBody"]["content"]
    form = content["multipart/form-data"]["schema"]
    assert list(content) == ["multipart/form-data"]
    assert form["properties"]["file"]["format"] == "binary"
    assert "dry_run" in form["properties"]
    assert form["required"] == ["file"]


def test_every_write_takes_a_key_but_a_named_few(document: dict[str, Any]) -> None:
    without = {
        said["operationId"]
        for _, method, said in operations(document)
        if method != "get" and "Idempotency-Key" not in _headers(said)
    }
    deprecated = {
        said["operationId"] for _, _, said in operations(document) if said.get("deprecated")
    }

    assert without - deprecated == set(KEYLESS)


# A record that a body names, and that may not be there: `one_or_404(queries.x(body["x_id"]))`.
NAMED_BY_BODY = re.compile(r"one_or_404\([^\n]*\b(?:body|given|values)\b")


def test_a_record_that_a_body_names_may_be_missing_and_the_document_says_so(
    app: Flask, document: dict[str, Any]
) -> None:
    silent, found = [], 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        item = document["paths"].get(described_path(rule), {})
        for method in {one.lower() for one in rule.methods or ()} & item.keys():
            if NAMED_BY_BODY.search(inspect.getsource(inspect.unwrap(view))):
                found += 1
                if "404" not in item[method]["responses"]:
                    silent.append(f"{method} {rule.rule}")

    assert silent == []
    assert found > 2


def test_every_list_names_the_keys_it_sorts_by_and_sorts_by_each(
    app: Flask, document: dict[str, Any]
) -> None:
    admin = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(admin, name='sorts')}"
    connection = Connection(
        system="quickbooks",
        account="1",
        name="Books",
        environment="sandbox",
        connected_at=datetime.now(UTC),
    )
    with transaction() as session:
        session.add(connection)
    heard = create_endpoint(
        name="Robot", url="https://example.com", events=["product.changed"]
    ).endpoint
    cycle_id = open_cycle_of_one().id
    named = {
        "scenario_id": create_scenario(cycle_id, name="Fair").id,
        "connection_id": connection.id,
        "endpoint_id": heard.id,
        "cycle_id": cycle_id,
        "plan_id": create_plan(make_supply_plan, months=1).id,
    }
    keys = {
        path: one["schema"]
        for path, method, said in operations(document)
        for one in said.get("parameters", ())
        if method == "get" and one["name"] == "sort"
    }

    assert len(keys) > 25
    for path, said in keys.items():
        for key in said["enum"]:
            answer = client.get(path.format(**named), query_string={"sort": key})
            assert answer.status_code == 200, (path, key, answer.text)
        assert said["default"] in said["enum"]
        assert len(said["x-enum-varnames"]) == len(said["enum"])


def test_every_change_of_what_has_a_version_takes_it(document: dict[str, Any]) -> None:
    for path, method, said in operations(document):
        if method == "put" and "ETag" in said["responses"]["200"].get("headers", {}):
            assert "If-Match" in _headers(said), path


def test_examples_are_what_the_schemas_allow(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    examples = [
        (properties, example)
        for schema in schemas.values()
        for properties in [schema, *schema.get("properties", {}).values()]
        for example in properties.get("examples", [])
    ]

    assert len(examples) > 50
    for schema, example in examples:
        whole = {"allOf": [schema], "components": document["components"]}
        jsonschema_rs.validate(json.loads(json.dumps(whole)), example)


def test_all_calls_are_read_by_one_parser(app: Flask) -> None:
    """Others would let through what `app.core.api_body` refuses."""
    assert [one.name for one in slices().api if not isinstance(one, Blueprint)] == []


def _headers(said: dict[str, Any]) -> set[str]:
    return {one["name"] for one in said.get("parameters", []) if one["in"] == "header"}
