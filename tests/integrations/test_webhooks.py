"""Webhooks only say that something changed: forged, replayed or reordered they do no harm."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Customer
from app.integrations.hub.models import Connection
from app.integrations.sync.models import ExternalRecord, SyncRun, WebhookEvent
from tests.integrations.conftest import Sync, connected, ours, work
from tests.standins.quickbooks import QuickBooks

FORMS = ["cloudevents", "eventNotifications"]


@pytest.fixture
def synced(sync: Sync, quickbooks: QuickBooks) -> QuickBooks:
    sync()
    quickbooks.exchanges.clear()
    return quickbooks


def post(app: Flask, body: bytes, headers: dict[str, str]) -> Any:
    return app.test_client().post("/webhooks/quickbooks", data=body, headers=headers)


def events(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(WebhookEvent)) or 0


@pytest.mark.parametrize("form", FORMS)
def test_what_it_names_is_fetched(app: Flask, synced: QuickBooks, form: str) -> None:
    customer = synced.company.objects("Customer")[0]["Id"]
    synced.company.change("Customer", customer, DisplayName=f"Told by {form}")
    body, headers = synced.signed([("Customer", customer, "Update")], form)

    answer = post(app, body, headers)
    work()

    assert (answer.status_code, answer.get_json()) == (200, {"received": 1})
    assert ours(Customer, name=f"Told by {form}")
    assert [one.path.rpartition("/")[2] for one in synced.exchanges] == ["query"]


@pytest.mark.parametrize("form", FORMS)
def test_a_replay_does_nothing(
    app: Flask, session: Session, synced: QuickBooks, form: str
) -> None:
    customer = synced.company.objects("Customer")[0]["Id"]
    body, headers = synced.signed([("Customer", customer, "Update")], form)
    post(app, body, headers)
    work()
    runs = session.query(SyncRun).count()

    again = post(app, body, headers)
    work()

    assert (again.status_code, again.get_json()) == (200, {"received": 0})
    assert (session.query(SyncRun).count(), events(session)) == (runs, 1)


@pytest.mark.parametrize("signature", ["", "bm90IHRoZWlycw==", "ü"])
def test_a_forged_one_is_refused_and_nothing_is_kept(
    app: Flask, session: Session, synced: QuickBooks, signature: str
) -> None:
    body, headers = synced.signed([("Customer", "1", "Delete")])

    answer = post(app, body, headers | {"intuit-signature": signature})

    assert answer.status_code == 401
    assert events(session) == 0


def test_a_changed_body_does_not_fit_its_signature(app: Flask, synced: QuickBooks) -> None:
    body, headers = synced.signed([("Customer", "1", "Update")])

    assert post(app, body + b" ", headers).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]x", b"{}", b'{"eventNotifications": [{}]}', b"[1]"])
def test_what_is_no_webhook_is_refused(app: Flask, synced: QuickBooks, body: bytes) -> None:
    signature = sign(synced, body)

    assert post(app, body, {"intuit-signature": signature}).status_code == 400


def sign(quickbooks: QuickBooks, body: bytes) -> str:
    key = quickbooks.verifier_token.encode()
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


def test_a_delete_is_believed_only_if_the_object_is_gone(
    app: Flask, synced: QuickBooks
) -> None:
    there, gone = (one["Id"] for one in synced.company.objects("Invoice")[:2])
    synced.company.delete("Invoice", gone)
    post(app, *synced.signed([("Invoice", there, "Delete"), ("Invoice", gone, "Delete")]))
    work()

    assert ours(ExternalRecord, kind="invoice", external_id=there).gone_at is None
    assert ours(ExternalRecord, kind="invoice", external_id=gone).gone_at is not None


def test_an_old_one_that_comes_late_brings_what_is_there_now(
    app: Flask, synced: QuickBooks
) -> None:
    customer = synced.company.objects("Customer")[1]["Id"]
    synced.company.change("Customer", customer, DisplayName="First name")
    old = synced.signed([("Customer", customer, "Create")])
    synced.company.change("Customer", customer, DisplayName="Last name")
    post(app, *synced.signed([("Customer", customer, "Update")]))
    work()

    post(app, *old)
    work()

    assert ours(Customer, name="Last name")


def test_an_account_that_is_not_connected_is_not_heard(
    app: Flask, session: Session, synced: QuickBooks
) -> None:
    body, _headers = synced.signed([("Customer", "1", "Update")])
    other = body.replace(synced.realm.encode(), b"999")

    answer = post(app, other, {"intuit-signature": sign(synced, other)})

    assert answer.status_code == 200
    assert session.scalars(select(WebhookEvent.state)).all() == ["ignored"]
    assert session.query(SyncRun).filter_by(mode="objects").count() == 0


def test_kinds_that_we_do_not_mirror_are_left_out(
    app: Flask, session: Session, synced: QuickBooks
) -> None:
    body, _headers = synced.signed([("Customer", "1", "Update")])
    account = json.dumps(json.loads(body)).replace("qbo.customer.", "qbo.account.").encode()

    assert post(app, account, {"intuit-signature": sign(synced, account)}).status_code == 200
    assert events(session) == 0


def test_several_at_once_make_one_sync(
    app: Flask, session: Session, synced: QuickBooks
) -> None:
    ids = [one["Id"] for one in synced.company.objects("Item")[:5]]
    for number in ids:
        post(app, *synced.signed([("Item", number, "Update")]))
    work()

    assert session.query(SyncRun).filter_by(mode="objects").count() == 1
    assert len(synced.exchanges) == 1


def test_without_a_verifier_token_nothing_comes_in(
    app: Flask, session: Session, quickbooks: QuickBooks
) -> None:
    body, headers = quickbooks.signed([("Customer", "1", "Update")])

    assert post(app, body, headers).status_code == 401


def test_there_is_no_door_for_systems_we_do_not_know(app: Flask) -> None:
    assert app.test_client().post("/webhooks/nobody").status_code == 404


def test_too_much_is_not_read(app: Flask, synced: QuickBooks) -> None:
    assert post(app, b"x" * (1024 * 1024 + 1), {}).status_code == 413


def test_a_disconnected_account_is_not_heard(
    app: Flask, session: Session, synced: QuickBooks, connection: Connection
) -> None:
    connection.state = "disconnected"
    session.commit()
    post(app, *synced.signed([("Customer", "1", "Update")]))
    work()

    assert session.query(SyncRun).filter_by(mode="objects").count() == 0


def test_it_goes_to_the_connection_of_its_account(
    app: Flask, session: Session, synced: QuickBooks, connection: Connection
) -> None:
    other = connected("111", *synced.grant())
    customer = synced.company.objects("Customer")[0]["Id"]
    body, headers = synced.signed([("Customer", customer, "Update")])

    post(app, body, headers)

    runs = session.scalars(select(SyncRun).filter_by(mode="objects")).all()
    assert [run.connection_id for run in runs] == [connection.id]
    assert other.is_live
