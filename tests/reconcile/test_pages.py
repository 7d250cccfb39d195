"""The pages of money, and what programs are told."""

from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import db
from app.integrations.money.models import Payout
from tests.conftest import SignIn
from tests.standins.stripe import Stripe
from tests.stripe.conftest import Sync
from tests.stripe.test_api import Program, got

pytestmark = pytest.mark.committed
ROOT = "/api/v1/money"


@pytest.fixture
def filled(stripe: Stripe, sync: Sync) -> Stripe:
    """Sales, a payout that adds up, one that does not, a refund and a dispute."""
    first = stripe.account.sell(12_345, order="000000123")
    stripe.account.arrive(stripe.account.pay_out()["id"])
    second = stripe.account.sell(20_000)
    stripe.account.sell(30_000)
    stripe.account.arrive(stripe.account.pay_out(lacks=1)["id"])
    stripe.account.refund(first["id"])
    stripe.account.dispute(second["id"])
    sync("full")
    return stripe


def test_the_page_shows_the_account_what_is_due_and_fees(
    filled: Stripe, sign_in: SignIn
) -> None:
    person = sign_in("money.view")

    page = person.get("/money")

    assert page.status_code == 200
    assert "Stripe, test mode, EUR" in page.text
    assert "Payouts that do not add up" in page.text
    assert "Fees by kind, EUR" in page.text
    part = person.get("/money", headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<html" not in part.text
    assert "Fees by kind" in part.text


def test_without_money_the_page_says_what_to_do(stripe: Stripe, sign_in: SignIn) -> None:
    page = sign_in("money.view", "integrations.view").get("/money")

    assert "No money yet." in page.text
    assert "/connections" in page.text


def test_what_cannot_be_read_filters_nothing(filled: Stripe, sign_in: SignIn) -> None:
    page = sign_in("money.view").get("/money?from=yesterday")

    assert page.status_code == 200
    assert "it filters nothing" in page.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_figures_come_as_a_file(filled: Stripe, sign_in: SignIn, form: str) -> None:
    answer = sign_in("money.view").get(f"/money?file={form}")

    assert answer.status_code == 200
    assert f"money.{form}" in answer.headers["Content-Disposition"]
    if form == "csv":
        head, row, *_ = answer.text.splitlines()
        assert "Opening" in head
        assert "EUR" in row


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/money/payouts", "Difference"),
        ("/money/payouts?sum=differs", "196.10"),
        ("/money/transactions", "Order #000000123"),
        ("/money/transactions?match=unmatched", "000000123"),
        ("/money/transactions?role=refund", "REFUND FOR"),
        ("/money/disputes", "Product not received"),
        ("/money/disputes?state=won", "Nothing matches."),
    ],
)
def test_each_list_shows_what_is_asked(
    filled: Stripe, sign_in: SignIn, path: str, words: str
) -> None:
    page = sign_in("money.view").get(path)

    assert page.status_code == 200
    assert words in page.text


def test_a_payout_shows_what_it_settles(filled: Stripe, sign_in: SignIn) -> None:
    found = db.session.scalars(select(Payout).order_by(Payout.external_id)).all()
    person = sign_in("money.view")

    good, bad = (person.get(f"/money/payouts/{one.id}") for one in found)

    assert "Order #000000123" in good.text
    assert f"T{found[0].external_id}" in good.text
    assert "196.10" in bad.text  # the difference
    assert person.get("/money/payouts/0").status_code == 404


@pytest.mark.parametrize(
    "path", ["/money", "/money/payouts", "/money/transactions", "/money/disputes"]
)
def test_nobody_sees_money_without_the_permission(sign_in: SignIn, path: str) -> None:
    assert sign_in("integrations.view").get(path).status_code == 403


def test_a_program_is_told_the_same(filled: Stripe, program: Program) -> None:
    robot = program("money.view")

    [account] = got(robot, f"{ROOT}/clearing")
    assert (account["currency"], account["variance"]) == ("EUR", "0")
    fees = got(robot, f"{ROOT}/fees?currency=eur")
    assert {one["kind"] for one in fees} == {"stripe_fee", "tax"}
    [bad] = got(robot, f"{ROOT}/payouts?differs=1")["items"]
    shown: dict[str, Any] = got(robot, f"{ROOT}/payouts/{bad['id']}")
    assert (shown["transactions"], shown["difference"]) == (1, "196.1")
    settled = got(robot, f"{ROOT}/transactions?payout={bad['id']}")
    assert settled["total"] == 1
    [dispute] = got(robot, f"{ROOT}/disputes?state=needs_answer")["items"]
    assert dispute["amount"] == "200"
    assert robot.get(f"{ROOT}/payouts/0").status_code == 404
    assert robot.get(f"{ROOT}/fees?currency=euro").status_code == 422
    assert program("integrations.view").get(f"{ROOT}/clearing").status_code == 403


def test_what_is_due_is_an_alert(filled: Stripe, sign_in: SignIn) -> None:
    page = sign_in("money.view").get("/alerts")

    assert "One payment is disputed" in page.text
    assert ", 200.00 EUR: answer until " in page.text  # as people write an amount
