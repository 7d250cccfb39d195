"""What happens is told once, signed, and again where it was not heard."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import services as catalog
from app.core.alerts import Alert
from app.core.errors import DomainError
from app.core.jobs import JobRun
from app.webhooks import jobs, sending, services
from app.webhooks.models import PAUSES, WebhookDelivery
from tests.factories import ProductFactory
from tests.webhooks.conftest import Made
from tests.webhooks.receiver import Receiver


def only(session: Session) -> WebhookDelivery:
    session.expire_all()
    return session.scalars(select(WebhookDelivery)).one()


def let_it_be_due(session: Session) -> None:
    for delivery in session.scalars(select(WebhookDelivery)):
        delivery.due_at = datetime.now(UTC) - timedelta(hours=1)  # "now" is when the test began
    session.commit()


def test_a_change_is_told_with_the_record_as_the_api_shows_it(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    made = listens("product.changed")
    product = catalog.create_product(sku="KETTLE", name="Kettle", price=Decimal("12.50"))

    assert services.deliver(made.endpoint.id) == 1

    [heard] = receiver.heard
    told = heard.verified(made.secret)
    assert told["type"] == "product.changed"
    assert told["data"]["product_id"] == product.id
    assert told["data"]["product"]["price"] == "12.5"
    delivery = only(session)
    assert heard.headers["webhook-id"] == delivery.message_id
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 200, 1)


def test_nobody_is_told_what_was_undone(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    listens("product.changed")
    ProductFactory.create(sku="KETTLE")

    with pytest.raises(DomainError):
        catalog.create_product(sku="KETTLE", name="Another")

    assert session.scalars(select(WebhookDelivery)).all() == []
    assert receiver.heard == []


def test_what_nobody_listens_to_is_not_written_down(session: Session, listens: Made) -> None:
    listens("order.shipped")

    catalog.create_product(sku="KETTLE", name="Kettle")

    assert session.scalars(select(WebhookDelivery)).all() == []


def test_a_job_tells_it(session: Session, listens: Made) -> None:
    made = listens("product.changed")

    catalog.create_product(sku="KETTLE", name="Kettle")

    started = select(JobRun.arguments).where(JobRun.job == jobs.deliver_webhooks.path)
    assert session.scalars(started).all() == [{"endpoint_id": made.endpoint.id}]


def test_what_is_not_heard_is_told_again_under_the_same_number(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    made = listens("product.changed")
    product = catalog.create_product(sku="KETTLE", name="Kettle")
    receiver.statuses, receiver.answer = [500], b"<h1>Sorry</h1>"

    assert services.deliver(made.endpoint.id) == 0
    waiting = only(session)
    assert (waiting.state, waiting.reason) == ("waiting", "HTTP 500: <h1>Sorry</h1>")
    assert waiting.due_at > datetime.now(UTC) + PAUSES[0] - timedelta(seconds=30)
    assert services.deliver(made.endpoint.id) == 0  # its time has not come
    catalog.revise_product(product.id, version=None, name="Renamed")
    let_it_be_due(session)
    assert services.deliver(made.endpoint.id) == 2

    first, again, _changed = receiver.heard
    assert first.body == again.body
    assert first.headers["webhook-id"] == again.headers["webhook-id"]


def test_an_attempt_that_was_cut_off_is_made_again(
    session: Session, listens: Made, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = listens("product.changed")
    catalog.create_product(sku="KETTLE", name="Kettle")

    def killed(*_args: object, **_more: object) -> None:
        raise SystemExit

    with monkeypatch.context() as cut:
        cut.setattr("app.webhooks.services.delivering.send", killed)
        with pytest.raises(SystemExit):
            services.deliver(made.endpoint.id)
    assert only(session).attempts == 1
    assert jobs.deliver_due_webhooks() == {"endpoints": 0}
    let_it_be_due(session)

    assert jobs.deliver_due_webhooks() == {"endpoints": 1}
    assert jobs.deliver_webhooks(endpoint_id=made.endpoint.id) == {"taken": 1}
    assert len(receiver.heard) == 1


def test_after_the_last_attempt_people_are_told_and_may_try_again(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    made = listens("product.changed")
    catalog.create_product(sku="KETTLE", name="Kettle")
    attempts = len(PAUSES) + 1
    receiver.statuses = [503] * attempts

    for _attempt in range(attempts):
        let_it_be_due(session)
        services.deliver(made.endpoint.id)

    failed = only(session)
    assert (failed.state, failed.attempts) == ("failed", attempts)
    alert = session.scalars(select(Alert)).one()
    assert (alert.key, alert.is_open) == (f"webhook:{made.endpoint.id}", True)
    services.retry_delivery(failed.id)
    let_it_be_due(session)
    services.deliver(made.endpoint.id)
    session.expire_all()
    assert (only(session).state, alert.is_open) == ("delivered", False)


def test_where_nobody_wants_to_hear_any_more_nothing_is_told(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    made = listens("product.changed")
    catalog.create_product(sku="KETTLE", name="Kettle")
    receiver.statuses = [410]

    services.deliver(made.endpoint.id)

    session.expire_all()
    assert only(session).state == "failed"
    assert not made.endpoint.is_active
    assert session.scalars(select(Alert)).one().is_open


def test_a_redirect_is_not_followed(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    made = listens("product.changed")
    catalog.create_product(sku="KETTLE", name="Kettle")
    receiver.statuses, receiver.headers = [302], {"Location": receiver.url}

    services.deliver(made.endpoint.id)

    assert len(receiver.heard) == 1
    assert only(session).reason == "HTTP 302: it redirects. Enter the address it leads to."


def test_the_secret_is_in_no_reason_and_no_log(
    session: Session, listens: Made, caplog: pytest.LogCaptureFixture
) -> None:
    made = listens("product.changed")
    services.revise_endpoint(
        made.endpoint.id, version=None, url="http://127.0.0.1:1/hooks?key=hidden"
    )
    catalog.create_product(sku="KETTLE", name="Kettle")

    services.deliver(made.endpoint.id)

    assert only(session).reason == "It does not answer (ConnectionError)."
    assert "hidden" not in caplog.text
    assert made.secret not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0", "127.1"])
def test_this_machine_itself_is_not_told(
    app: Flask,
    listens: Made,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
) -> None:
    monkeypatch.setitem(app.config, "WEBHOOKS_TO_THIS_MACHINE", value=False)
    url = receiver.url.replace("127.0.0.1", host)

    answer = sending.send(
        url, listens().secret, message_id="msg_1", moment=datetime.now(UTC), body="{}"
    )

    assert not answer.is_taken
    assert receiver.heard == []
    if host != "[::1]":  # where nothing listens, there is nothing to refuse
        assert answer.reason == "It leads to this machine itself, which is not told."


def test_what_is_about_a_record_that_is_gone_is_dismissed(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    made = listens("order.shipped")
    delivery = WebhookDelivery(
        endpoint_id=made.endpoint.id,
        event="order.shipped",
        message_id="msg_1",
        fields={"order_id": 0, "posting_id": 1, "is_complete": True, "quantities": {}},
    )
    session.add(delivery)
    session.commit()

    assert services.deliver(made.endpoint.id) == 0

    assert (only(session).state, only(session).reason) == (
        "dismissed",
        "What it was about is gone.",
    )
    assert receiver.heard == []


def test_what_waits_for_an_endpoint_that_is_switched_off_is_not_told(
    session: Session, listens: Made, receiver: Receiver
) -> None:
    made = listens("product.changed")
    catalog.create_product(sku="KETTLE", name="Kettle")

    services.deactivate_endpoint(made.endpoint.id)
    services.activate_endpoint(made.endpoint.id)
    services.deliver(made.endpoint.id)

    assert receiver.heard == []
    assert only(session).reason == "The endpoint was switched off."


def test_old_deliveries_are_forgotten_but_not_what_failed(
    session: Session, listens: Made
) -> None:
    made = listens("product.changed")
    for state in ("delivered", "failed"):
        moment = datetime.now(UTC) if state == "delivered" else None
        session.add(
            WebhookDelivery(
                endpoint_id=made.endpoint.id,
                event="product.changed",
                message_id=state,
                fields={},
                state=state,
                delivered_at=moment,
                created_at=datetime.now(UTC) - timedelta(days=31),
            )
        )
    session.commit()

    assert jobs.delete_old_deliveries() == {"deleted": 1}
    assert only(session).state == "failed"
