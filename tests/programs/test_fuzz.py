"""Every call, asked by several roles for what nobody thought of: no defect, nothing undeclared.

`make fuzz` asks for more.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.accounts.services import create_token
from app.core.db import db
from tests.conftest import contract_of
from tests.factories import (
    CustomerFactory,
    OrderLineFactory,
    ProductFactory,
    UserFactory,
    VendorFactory,
)

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = Any  # schemathesis' own is generic in seven ways

MORE = int(os.environ.get("OPSROOM_FUZZ", "0"))
# Examples of each call, by role.
ASKED = {"admin": 4, "manager": 1, "warehouse": 1, "user": 1, "": 1}
PLAIN = "http://localhost"


@pytest.fixture
def records(app: Flask) -> dict[str, list[Any]]:
    """Something behind the addresses: by the name of what stands in them."""
    line = OrderLineFactory.create()
    return {
        "product_id": [ProductFactory.create().id],
        "contact_id": [CustomerFactory.create().id, VendorFactory.create().id],
        "order_id": [line.order_id],
        "user_id": [UserFactory.create().id],
        "index": ["product_names", "client_names"],
        "name": ["customers", "items"],
    }


@pytest.mark.filterwarnings("ignore")  # generators warn of what they cannot make
def test_no_call_has_a_defect_and_none_answers_what_is_not_declared(
    app: Flask, session: Session, records: dict[str, list[Any]]
) -> None:
    clients = {role: program(app, session, role) for role in ASKED}
    asked, wrong = 0, []
    for operation in operations(app):
        made = cases(operation, examples=MORE or max(ASKED.values()), records=records)
        for role, few in ASKED.items():
            for case in made[: MORE or few]:
                everything = db.session.connection().begin_nested()  # each finds what is there
                asked += 1
                try:
                    send(clients[role], case)
                except Exception as error:
                    where = f"{role} {case.method} {case.formatted_path}"
                    wrong.append(f"{where}: {error!r} {said(case)}")
                everything.rollback()
                db.session.rollback()

    assert asked > 60 * len(ASKED)
    assert wrong == []


def program(app: Flask, session: Session, role: str) -> FlaskClient:
    client = app.test_client()
    if role:
        held = session.scalars(select(Role).where(Role.name == role)).one()
        token = create_token(UserFactory.create(role=held), name="fuzz")
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def operations(app: Flask) -> Iterator[Operation]:
    for found in schemathesis.openapi.from_dict(contract_of(app).document).get_all_operations():
        operation: Operation = found.ok()  # type: ignore[union-attr]
        if MORE or not operation.definition.raw.get("deprecated"):  # those are the same views
            yield operation


def cases(operation: Operation, *, examples: int, records: dict[str, list[Any]]) -> list[Case]:
    """Make what fits the document and what does not, in equal parts; `make fuzz` by chance."""
    collected: list[Case] = []
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    unfitting = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=not MORE,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(case=st.one_of(fitting, unfitting), draw=st.randoms(use_true_random=False))
    def collect(case: Case, draw: Any) -> None:
        for name in case.path_parameters or {}:
            if name in records and draw.random() < 0.8:
                case.path_parameters[name] = draw.choice(records[name])
        collected.append(case)

    collect()
    return collected


def send(client: FlaskClient, case: Case) -> None:
    """Send a case as a program would; the client holds the answer to the document."""
    wanted = case.as_transport_kwargs(base_url=PLAIN)
    wanted.pop("cookies", None)
    prepared = requests.Request(**wanted).prepare()
    headers = dict(prepared.headers)
    if "HTTP_AUTHORIZATION" in client.environ_base:
        headers.pop("Authorization", None)
    answer = client.open(
        prepared.path_url, method=prepared.method, data=prepared.body, headers=headers
    )
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    answer.close()


def said(case: Case) -> str:
    return f"{case.query!r} {case.headers!r} {case.body!r}"[:600]
