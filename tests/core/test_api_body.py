"""What programs send is checked once, at the door: nothing of it is answered with a 500."""

import json
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.services import create_token
from app.core.api_body import DEEPEST, LARGEST_JSON, is_kept, parse_json
from tests.factories import ProductFactory, RoleFactory, UserFactory

PRODUCTS = "/api/v1/products"
HUGE = b"9" * 20_000


@pytest.fixture
def program(app: Flask) -> Any:
    user = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='door')}"
    return client


def sent(client: Any, body: bytes, kind: str = "application/json") -> Any:
    return client.post(PRODUCTS, data=body, content_type=kind)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"\xff\xfe", 400),
        (b'{"sku": NaN}', 400),
        (b'{"sku": Infinity}', 400),
        (b'{"supplier_id": ' + HUGE + b"}", 400),
        (b'{"supplier_id": 9223372036854775808}', 400),
        (b'{"supplier_id": -' + HUGE + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000, 400),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400),
        (b'{"sku": "A", "sku": "B"}', 400),
        (b'{"sku": "A", "name": "a\\u0000b"}', 422),
        (b'{"sku": "A", "name": "a\\ud800b"}', 422),
        (b'{"sku": "A", "na\\u0000me": "b"}', 422),
        (b'{"sku": "A", "name": 1e400}', 422),
        (b'{"sku": "A", "barcodes": [[]]}', 422),
        (b'{"sku": "A", "barcodes": {"code": 1}}', 422),
        (b"", 422),
    ],
)
def test_no_body_makes_a_defect(program: Any, body: bytes, status: int) -> None:
    answer = sent(program, body)

    assert answer.status_code == status
    assert answer.json["error"]


def test_an_odd_character_is_named_by_its_way(program: Any) -> None:
    body = {"sku": "A", "name": "B", "barcodes": [{"code": "1"}, {"code": "a\x00"}]}

    answer = program.post(PRODUCTS, json=body)

    assert list(answer.json["fields"]) == ["barcodes.1.code"]


def test_a_body_is_at_most_so_large(program: Any) -> None:
    answer = sent(program, b'{"sku": "' + b"A" * LARGEST_JSON + b'"}')

    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "multipart/form-data"])
def test_a_body_of_another_type_is_refused(program: Any, kind: str) -> None:
    answer = sent(program, b'{"sku": "A", "name": "B"}', kind)

    assert (answer.status_code, answer.json["code"]) == (415, "wrong_type")


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "application/octet-stream"])
def test_a_file_is_sent_as_a_form(program: Any, kind: str) -> None:
    answer = program.post(f"{PRODUCTS}/import", data=b"sku,name", content_type=kind)

    assert answer.status_code == 415


def test_json_of_a_named_kind_is_json(program: Any) -> None:
    answer = sent(program, b'{"sku": "A", "name": "B"}', "application/merge-patch+json")

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("address", "status", "field"),
    [
        ("?colour=red", 422, "colour"),
        ("?page=1&paeg=2", 422, "paeg"),
        ("?items.0=1", 422, "items.0"),
        ("?page=x", 422, "page"),
        (f"?page={'9' * 5000}", 422, "page"),
        ("?per_page=201", 422, "per_page"),
        ("?q=a%00b", 422, "q"),
        ("?sort=colour", 422, "sort"),
        ("?sort=-", 422, "sort"),
        ("?sort=--name", 422, "sort"),
        ("?sort=", 200, None),
        ("?sort=name&sort=sku", 422, "sort"),
        ("?page=1&page=2", 422, "page"),
        ("/1?colour=red&colour=red", 422, "colour"),
        ("/99999999999999999999", 404, None),
        ("/1?colour=red", 422, "colour"),
    ],
)
def test_an_address_is_read_as_strictly(
    program: Any, address: str, status: int, field: str | None
) -> None:
    answer = program.get(f"{PRODUCTS}{address}")

    assert answer.status_code == status
    assert list(answer.json.get("fields", [])) == ([field] if field else [])


def test_parts_of_a_form_that_no_call_knows_are_named(program: Any) -> None:
    form = {"dryrun": "1", "file": (BytesIO(b"sku"), "a.csv")}

    answer = program.post(f"{PRODUCTS}/import", data=form)

    assert (answer.status_code, list(answer.json["fields"])) == (422, ["dryrun"])


def test_parts_of_a_form_that_are_sent_twice_are_named(program: Any) -> None:
    files = [(BytesIO(b"sku,name"), "a.csv"), (BytesIO(b"sku,name"), "b.csv")]

    answer = program.post(f"{PRODUCTS}/import", data={"file": files})

    assert (answer.status_code, list(answer.json["fields"])) == (422, ["file"])


@given(st.text(alphabet=st.characters(), max_size=50))
def test_what_is_kept_can_be_written(text: str) -> None:
    try:
        writable = "\x00" not in text and bool(text.encode()) | (text == "")
    except UnicodeEncodeError:
        writable = False

    assert is_kept(text) == writable


@given(
    st.dictionaries(
        st.text(alphabet="abc", max_size=3),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.text("xyz"),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(alphabet="abc", max_size=3), inner, max_size=3)
            ),
            max_leaves=10,
        ),
        max_size=4,
    )
)
def test_what_is_well_formed_is_read_as_it_is(body: dict[str, Any]) -> None:
    assert DEEPEST > 10
    assert parse_json(json.dumps(body).encode()) == body


def test_no_such_call_is_said_in_json(program: Any, app: Flask) -> None:
    assert program.get("/api").json["code"] == "not_found"
    assert program.get("/api/v1/nowhere").json["code"] == "not_found"
    assert program.get("/nowhere").json["code"] == "not_found"
    asked = app.test_client().get("/nowhere", headers={"Accept": "application/json"})
    assert asked.json is not None
    assert app.test_client().get("/nowhere", headers={"Accept": "text/html, */*"}).json is None


def test_a_wrong_method_is_said_in_json(program: Any) -> None:
    answer = program.patch(PRODUCTS)

    assert (answer.status_code, answer.json["code"]) == (405, "wrong_method")
    assert "POST" in answer.headers["Allow"]


def test_who_is_not_signed_in_hears_how(app: Flask) -> None:
    answer = app.test_client().get(PRODUCTS)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_what_has_a_version_says_it(program: Any) -> None:
    product = ProductFactory.create()

    assert program.get(f"{PRODUCTS}/{product.id}").headers["ETag"] == '"1"'
    role = RoleFactory.create()
    assert program.get(f"/api/v1/roles/{role.id}").headers["ETag"] == f'"{role.version}"'
