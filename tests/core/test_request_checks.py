"""What no view should have to think of is refused once, for all of them."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.core.request_checks import STRANGER
from tests.conftest import SignIn
from tests.core.conftest import Bearer
from tests.test_permissions import CATALOGUE

ODD = {"nul": "a\x00b", "digits": "9" * 3000}  # no view sees these
FAR = ["9" * 30, "9223372036854775808", "-1"]
STRANGE = ["/a\r\nSet-Cookie: b=c", "[" * 500, "x" * 600]
# What a browser may send in the query of any page.
NAMES = {
    **dict.fromkeys(("page", "per_page", "before"), FAR),
    **dict.fromkeys(("sort", "search", "q", "columns", "view", "file", "next"), STRANGE),
}


def pages(app: Flask) -> list[Rule]:
    """Give what a browser can ask for; calls for programs are fuzzed by their document."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not (rule.websocket or rule.endpoint == "static" or rule.rule.startswith("/api"))
    ]


def test_no_page_breaks_by_its_address(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(*CATALOGUE)

    broken = []
    for rule in pages(app):
        for turn, (far, strange) in enumerate(zip(FAR, STRANGE, strict=True)):
            number = re.sub(r"<int:[^>]+>", quote(far), rule.rule)
            path = re.sub(r"<[^>]+>", quote(strange, safe=""), number)
            query = "&".join(f"{name}={quote(odd[turn])}" for name, odd in NAMES.items())
            address = path if rule.arguments else f"{path}?{query}"
            status = client.get(address).status_code
            broken += [(address[:80], status)] if status >= 500 else []
    assert broken == []


@pytest.mark.parametrize("odd", ODD)
def test_what_no_view_can_use_reaches_none(sign_in: SignIn, odd: str) -> None:
    client, value = sign_in("products.view"), quote(ODD[odd])

    for address in (f"/products?search={value}", f"/products?{value}=1", f"/products/{value}"):
        assert client.get(address).status_code == 400


@pytest.mark.parametrize("odd", ["nul", "digits"])
def test_forms_are_looked_at(sign_in: SignIn, odd: str) -> None:
    answer = sign_in("products.edit").post("/products", data={"name": ODD[odd], "sku": "A-1"})

    assert answer.status_code == 400


def test_names_of_files_are_looked_at(sign_in: SignIn) -> None:
    about = b'Content-Disposition: form-data; name="file"; filename="a\0.csv"'
    upload = b"--b\r\n" + about + b"\r\n\r\na\r\n--b--"
    answer = sign_in("products.import").post(
        "/imports?kind=products", data=upload, content_type="multipart/form-data; boundary=b"
    )

    assert answer.status_code == 400


def test_a_stranger_sends_little(app: Flask) -> None:
    client = app.test_client()
    form = {"username": "ana", "password": "x" * (STRANGER + 1)}

    assert client.post("/session", data=form).status_code == 413
    assert client.post("/api/v1/auth/login", json=form).status_code in {413, 404}
    assert client.post("/products", data=form).status_code in {303, 413}


def test_a_strangers_body_is_not_read(app: Flask) -> None:
    class Unreadable:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("It was read.")

        readline = readlines = __iter__ = read

    def asked(path: str) -> int:
        environ: dict[str, Any] = {
            "wsgi.input": Unreadable(),
            "CONTENT_LENGTH": "50000000",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
        }
        return app.test_client().post(path, environ_overrides=environ).status_code

    assert asked("/session") == 413
    assert asked("/products") == 303
    assert asked("/api/v1/products") == 401


def test_next_leads_to_a_page_of_ours_in_one_line(sign_in: SignIn) -> None:
    client = sign_in()

    for target in ("/a\r\nSet-Cookie: b=c", "/\tb", "//elsewhere", "/\\elsewhere"):
        answer = client.get(f"/session/new?next={quote(target)}")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_number_that_no_row_has_is_no_page(sign_in: SignIn) -> None:
    client = sign_in("products.view")

    for number in ("9223372036854775808", "9" * 900, "9223372036854775807"):
        assert client.get(f"/products/{number}").status_code == 404
        assert client.get(f"/api/v1/products/{number}").status_code == 404
    assert client.get(f"/products/{'9' * 7000}").status_code == 400


def test_what_no_column_can_hold_is_no_fault_of_ours(bearer: Bearer) -> None:
    body = {"sku": "A-1", "name": "A", "price": "1" * 40}

    answer = bearer("products.edit").post("/api/v1/products", data=json.dumps(body))

    assert answer.status_code < 500
