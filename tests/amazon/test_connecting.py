"""A refresh token of one's own app lets us in; what is typed is looked at before it is sent."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.alerts import Alert
from app.core.db import db
from app.core.errors import Invalid
from app.integrations.hub.errors import ReconnectNeeded, Unavailable
from app.integrations.hub.models import Connection
from app.integrations.hub.tokens import refresh_expiring
from app.integrations.services.credentials import check_credentials, connect_with_credentials
from app.integrations.systems.amazon import addresses
from tests.amazon.conftest import Sync, connected, typed
from tests.standins.amazon import Amazon

pytestmark = pytest.mark.committed


def test_a_seller_is_connected_by_marketplace(amazon: Amazon) -> None:
    made = connected(amazon)

    assert (made.account, made.name) == (f"{amazon.number}/DE", "Kitchen & Co (DE)")
    assert (made.environment, made.address) == ("eu", amazon.number)
    assert made.hard_expires_at is not None
    assert amazon.state.secret not in str(vars(made))


def test_a_trial_says_where_the_seller_takes_part(amazon: Amazon) -> None:
    [found] = check_credentials(
        "amazon", address=amazon.number, method="eu", credentials=typed(amazon)
    )

    assert (found.label, found.said, found.is_bad) == (
        "Marketplaces", "Kitchen & Co (DE)", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("marketplace", "US", "marketplace"),
        ("marketplace", "Germany", "marketplace"),
        ("secret_ends", "next year", "secret_ends"),
        ("client_secret", "", "client_secret"),
    ],
)
def test_what_does_not_fit_is_not_sent(
    amazon: Amazon, name: str, value: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        connected(amazon, **{name: value})

    assert field in refused.value.fields
    assert not amazon.exchanges


def test_a_seller_of_a_standin_is_asked_nowhere_else(
    app: Flask, amazon: Amazon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "AMAZON_STANDIN", None)

    with pytest.raises(Invalid, match="none is configured"):
        connected(amazon)


def test_others_are_asked_at_amazon(app: Flask) -> None:
    assert addresses.base_of("A2REALKITCHEN", "fe") == (
        "https://sellingpartnerapi-fe.amazon.com"
    )
    assert addresses.sign_in_base("A2REALKITCHEN") == "https://api.amazon.com"
    assert addresses.pool_of("A2REALKITCHEN/FR") == addresses.pool_of("A2REALKITCHEN/DE")
    assert len(addresses.pool_of("A2REALKITCHEN/GB")) == 1
    with pytest.raises(Invalid, match="merchant token"):
        addresses.parse_seller("kitchen")


@pytest.mark.parametrize("fault", ["invalid_grant", "invalid_client"])
def test_what_amazon_refuses_is_not_kept(amazon: Amazon, fault: str) -> None:
    amazon.faults.add(fault, match="sign_in")

    with pytest.raises(ReconnectNeeded):
        connected(amazon)

    assert db.session.scalars(select(Connection)).all() == []


def test_an_app_that_is_refused_later_asks_for_a_new_secret(
    amazon: Amazon, connection: Connection, sync: Sync
) -> None:
    amazon.state.secret, amazon.state.token = "another", "another"
    db.session.execute(text("UPDATE connection SET expires_at = now()"))
    db.session.commit()

    run = sync()

    assert run.state == "failed"
    fresh = db.session.get_one(Connection, connection.id, populate_existing=True)
    assert fresh.state == "reconnect"


def test_a_token_that_amazon_forgot_is_renewed(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.state.token = "Atza|Another"  # noqa: S105

    assert sync().state == "succeeded"


def test_a_right_that_is_missing_is_named_and_costs_nobody_the_sign_in(
    amazon: Amazon, connection: Connection, sync: Sync
) -> None:
    amazon.faults.add("no_right", match="page", times=None)

    run = sync()

    assert run.state == "failed"
    assert "Access to requested resource is denied" in str(run.problem)
    fresh = db.session.get_one(Connection, connection.id, populate_existing=True)
    assert fresh.state == "connected"


def test_nobody_answers(amazon: Amazon) -> None:
    amazon.faults.add("html_503", match="object", times=None)

    with pytest.raises(Unavailable):
        connect_with_credentials(
            "amazon", address=amazon.number, method="eu", credentials=typed(amazon)
        )


@pytest.mark.parametrize(("days", "told"), [(100, []), (80, [90]), (20, [30]), (3, [7])])
def test_the_end_of_the_secret_is_told_in_time(
    amazon: Amazon, days: int, told: list[int]
) -> None:
    ends = datetime.now(UTC) + timedelta(days=days)
    connected(amazon, secret_ends=f"{ends:%Y-%m-%d}")

    refresh_expiring()

    kind = select(Alert.title).where(Alert.kind == "connection.expires")
    found = [*db.session.scalars(kind)]
    assert found == [f"The sign-in to Amazon ends in less than {n} days" for n in told]


def test_a_secret_that_was_changed_is_no_alert_any_more(amazon: Amazon) -> None:
    soon = datetime.now(UTC) + timedelta(days=3)
    connected(amazon, secret_ends=f"{soon:%Y-%m-%d}")
    refresh_expiring()

    connected(amazon)

    open_ones = select(Alert.title).where(
        Alert.kind == "connection.expires", Alert.closed_at.is_(None)
    )
    assert [*db.session.scalars(open_ones)] == []
