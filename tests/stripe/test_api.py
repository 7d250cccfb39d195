"""What programs are told of accounts and their money."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import services as accounts
from app.integrations.hub.models import Connection
from app.integrations.services.connecting import disconnect
from tests.factories import RoleFactory, UserFactory
from tests.standins.stripe import Stripe
from tests.stripe.conftest import Sync

pytestmark = pytest.mark.committed
ROOT = "/api/v1/stripe"
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


def got(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_an_account_tells_what_it_holds(
    program: Program, stripe: Stripe, connection: Connection, sync: Sync
) -> None:
    stripe.account.sell(2000)
    sync()

    told = got(program("money.view"), f"{ROOT}/account")

    assert told["account"] == f"{stripe.number}/test"
    assert (told["name"], told["status"]) == ("Stripe, test mode", "connected")
    assert [(one["currency"], one["available"]) for one in told["balances"]] == [("EUR", "0")]
    assert stripe.state.key not in str(told)


def test_transactions_are_listed_and_filtered(
    program: Program, stripe: Stripe, sync: Sync
) -> None:
    stripe.account.sell(1999, order="000000123")
    stripe.account.sell(500, "jpy")
    stripe.account.charge_fee(100)
    stripe.account.arrive(stripe.account.pay_out()["id"])
    sync()
    robot = program("money.view")

    assert got(robot, f"{ROOT}/transactions")["total"] == 4
    [sold] = got(robot, f"{ROOT}/transactions?role=sale&currency=EUR")["items"]
    assert (sold["amount"], sold["fee"], sold["net"]) == ("19.99", "0.64", "19.35")
    assert (sold["reference"], sold["order"], sold["charged_amount"]) == (
        "000000123", None, "19.99",
    )  # fmt: skip
    assert got(robot, f"{ROOT}/transactions?unmatched=1")["total"] == 2
    assert got(robot, f"{ROOT}/transactions?payout={sold['payout_id']}")["total"] == 2
    assert got(robot, f"{ROOT}/transactions?to=2001-01-01T00:00:00%2B00:00")["total"] == 0
    assert robot.get(f"{ROOT}/transactions?role=gift").status_code == 422


def test_without_the_permission_nothing_is_told(program: Program, stripe: Stripe) -> None:
    robot = program("integrations.view")

    assert robot.get(f"{ROOT}/account").status_code == 403
    assert robot.get(f"{ROOT}/transactions").status_code == 403


def test_an_account_that_is_not_connected_is_not_there(
    program: Program, stripe: Stripe, connection: Connection
) -> None:
    robot = program("money.view")
    assert robot.get(f"{ROOT}/account?connection={connection.id + 1}").status_code == 404

    disconnect(connection.id)

    assert robot.get(f"{ROOT}/account").status_code == 404
