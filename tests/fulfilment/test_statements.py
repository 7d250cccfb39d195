"""What a scan asks of the database: fifty tablets share two cores."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.conftest import SignIn, asks_who
from tests.fulfilment.conftest import bin_, confirmed, goods

BLOCKS = ("SAVEPOINT", "RELEASE", "ROLLBACK")  # the test's own, in place of transactions

pytestmark = pytest.mark.usefixtures("totes")


@pytest.fixture
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not (statement.startswith(BLOCKS) or asks_who(statement)):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield sent
    event.remove(Engine, "before_cursor_execute", listen)


def test_a_piece_takes_so_many_statements_and_no_more(
    sign_in: SignIn, statements: list[str]
) -> None:
    tablet = sign_in("fulfilment.pick")
    product = goods(50, bin_("B-01"), "KETTLE", "4006381333931")
    for _ in range(2):
        confirmed((product, 5))
    page = tablet.post("/pick/tasks").location

    def scan(code: str) -> int:
        statements.clear()
        sent = {"id": str(uuid4()), "code": code}
        answer = tablet.post(f"{page}/scans", data=sent, headers={"HX-Request": "true"})
        assert answer.headers["X-Sound"] != "wrong"
        return len(statements)

    took = [scan(code) for code in ("B-01", *["4006381333931"] * 3)]

    # The bin; the first piece, which begins a reservation in the tote; the next ones.
    assert took == [8, 23, 21, 21]
