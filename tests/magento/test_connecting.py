"""Three ways into a shop, what is refused, and what is kept of it."""

import pytest
from sqlalchemy import select, text

from app.core.db import db
from app.core.errors import Invalid
from app.integrations.hub.errors import NotUnderstood, ReconnectNeeded, Unavailable
from app.integrations.hub.models import Connection
from app.integrations.services.connecting import disconnect
from app.integrations.services.credentials import check_credentials, connect_with_credentials
from app.integrations.sync.models import SyncRun
from app.integrations.systems.magento.addresses import parse
from tests.integrations.conftest import ours, work
from tests.magento.conftest import Sync, signed
from tests.standins.magento import Magento

pytestmark = pytest.mark.committed


def credentials(shop: Magento, way: str) -> dict[str, str]:
    return {
        "signed": signed(shop),
        "token": {"access_token": shop.access.access_token},
        "admin": {"username": shop.access.user, "password": shop.access.password},
    }[way]


@pytest.mark.parametrize("way", ["signed", "token", "admin"])
def test_each_way_leads_into_the_shop(shop: Magento, way: str) -> None:
    shop.shop.place([(1, 2)])

    connect_with_credentials(
        "magento", address=shop.url, method=way, credentials=credentials(shop, way)
    )
    work()

    run = ours(SyncRun)
    assert (run.state, run.problem) == ("succeeded", None)
    assert run.rows_in == 31
    assert ours(Connection).name == "127.0.0.1"


def test_a_trial_says_what_was_found_and_keeps_nothing(shop: Magento) -> None:
    shop.shop.place_paid([(1, 2)])

    found = check_credentials(
        "magento", address=shop.url, method="signed", credentials=signed(shop)
    )

    assert [(one.label, one.said) for one in found] == [
        ("Shop", "127.0.0.1, store views default, polski"),
        ("Products", "30 can be read"),
        ("Orders", "1 can be read"),
        ("Invoices", "1 can be read"),
    ]
    assert db.session.scalars(select(Connection)).all() == []


def test_a_shop_that_refuses_says_so_in_its_own_words(shop: Magento) -> None:
    wrong = signed(shop) | {"access_token_secret": "x" * 32}

    with pytest.raises(ReconnectNeeded, match="The signature is invalid"):
        connect_with_credentials(
            "magento", address=shop.url, method="signed", credentials=wrong
        )

    assert db.session.scalars(select(Connection)).all() == []


def test_a_wrong_password_is_told(shop: Magento) -> None:
    wrong = {"username": "opsroom", "password": "no"}

    with pytest.raises(ReconnectNeeded, match="sign-in was incorrect"):
        check_credentials("magento", address=shop.url, method="admin", credentials=wrong)


def test_what_is_not_magento_is_not_connected(shop: Magento) -> None:
    shop.faults.add("not_json", times=9)

    with pytest.raises(NotUnderstood):
        connect_with_credentials(
            "magento", address=shop.url, method="signed", credentials=signed(shop)
        )


def test_nobody_there() -> None:
    with pytest.raises(Unavailable):
        connect_with_credentials(
            "magento",
            address="http://127.0.0.1:9",
            method="token",
            credentials={"access_token": "x"},
        )


def test_something_is_missing(shop: Magento) -> None:
    with pytest.raises(Invalid) as refused:
        check_credentials(
            "magento", address=shop.url, method="token", credentials={"access_token": " "}
        )

    assert refused.value.field == "access_token"


def test_an_administrators_token_that_ends_is_fetched_again(shop: Magento) -> None:
    connection = connect_with_credentials(
        "magento", address=shop.url, method="admin", credentials=credentials(shop, "admin")
    )
    shop.access.expire()

    work()

    assert ours(SyncRun).state == "succeeded"
    assert ours(Connection).refreshes == 2
    assert connection.expires_at is not None


def test_credentials_that_are_taken_back_need_a_person(
    shop: Magento, connection: Connection, sync: Sync
) -> None:
    shop.access.is_active = False

    run = sync()

    assert run.state == "failed"
    found = ours(Connection)
    assert found.state == "reconnect"
    assert found.problem == "Magento does not accept our credentials any more."


def test_secrets_are_sealed(connection: Connection, shop: Magento) -> None:
    row = db.session.execute(text("SELECT * FROM connection")).one()

    said = str(row)
    for secret in signed(shop).values():
        assert secret not in said
    assert row.address == shop.url


def test_disconnecting_forgets_them(connection: Connection) -> None:
    disconnect(connection.id)

    row = db.session.execute(text("SELECT access_token, refresh_token FROM connection")).one()
    assert tuple(row) == (None, None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("shop.example.com", "https://shop.example.com"),
        (" https://Shop.example.com/rest/V1/ ", "https://shop.example.com"),
        ("https://example.com/de/index.php/", "https://example.com/de"),
        ("http://127.0.0.1:8902", "http://127.0.0.1:8902"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_addresses_are_kept_as_requests_need_them(typed: str, kept: str) -> None:
    assert parse(typed)[1] == kept


@pytest.mark.parametrize(
    "typed",
    ["", "http://shop.example.com", "ftp://x.example", "https://u:p@shop.example.com",
     "https://shop.example.com?x=1", "https://shop.example.com:x", "https://a b"],
)  # fmt: skip
def test_addresses_that_cannot_be_asked(typed: str) -> None:
    with pytest.raises(Invalid):
        parse(typed)
