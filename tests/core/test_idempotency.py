"""The same key gives the first answer again, and does nothing twice."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import cleanup
from app.core.audit import AuditEntry
from app.core.idempotency import IdempotentResponse
from tests.core.conftest import Bearer

URL = "/api/v1/settings"
KEY = {"Idempotency-Key": "order-66"}


@pytest.fixture
def program(bearer: Bearer) -> Any:
    return bearer("settings.edit")


def changes(session: Session) -> int:
    return session.query(AuditEntry).filter_by(record_type="setting").count()


def test_the_same_request_gives_the_first_answer(program: Any, session: Session) -> None:
    first = program.put(URL, json={"currency": "EUR"}, headers=KEY)
    program.put(URL, json={"currency": "CHF"})

    again = program.put(URL, json={"currency": "EUR"}, headers=KEY)

    assert again.status_code == first.status_code == 200
    assert again.data == first.data
    assert program.get(URL).json["currency"] == "CHF"
    assert changes(session) == 2


def test_another_request_with_the_same_key_is_refused(program: Any) -> None:
    program.put(URL, json={"currency": "EUR"}, headers=KEY)

    answer = program.put(URL, json={"currency": "CHF"}, headers=KEY)

    assert (answer.status_code, answer.json["code"]) == (409, "key_reused")


def test_a_refusal_leaves_the_key_free(program: Any) -> None:
    assert program.put(URL, json={"currency": "EURO"}, headers=KEY).status_code == 422

    answer = program.put(URL, json={"currency": "EUR"}, headers=KEY)

    assert answer.status_code == 200


def test_keys_of_other_people_are_others(bearer: Bearer, program: Any) -> None:
    program.put(URL, json={"currency": "EUR"}, headers=KEY)

    answer = bearer("settings.edit").put(URL, json={"currency": "CHF"}, headers=KEY)

    assert answer.json["currency"] == "CHF"


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_is_not_empty_and_carries_no_payload(program: Any, key: str) -> None:
    answer = program.put(URL, json={}, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json["code"]) == (400, "key_too_long")


@pytest.mark.committed
def test_many_at_once_do_it_once(app: Flask, bearer: Bearer, session: Session) -> None:
    program = bearer("settings.edit")
    authorization = {"Authorization": program.environ_base["HTTP_AUTHORIZATION"]}
    answers: list[Any] = []

    def put() -> None:
        client = app.test_client()
        answer = client.put(URL, json={"session_hours": 9}, headers=KEY | authorization)
        answers.append((answer.status_code, answer.data))

    threads = [threading.Thread(target=put) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert changes(session) == 1


def test_old_answers_are_forgotten(program: Any, session: Session) -> None:
    program.put(URL, json={}, headers=KEY)
    program.put(URL, json={}, headers={"Idempotency-Key": "young"})
    week_ago = datetime.now(UTC) - timedelta(days=8)
    remembered = session.query(IdempotentResponse)
    remembered.filter(IdempotentResponse.key.endswith(":order-66")).update(
        {"created_at": week_ago}
    )

    cleanup.forget_answers()

    assert [answer.key.partition(":")[2] for answer in remembered] == ["young"]
