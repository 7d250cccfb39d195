"""Pages where a person decides: matches, records set aside, which side wins."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.integrations.hub.models import Connection
from app.integrations.inbound.models import RecordLink
from app.integrations.sync.models import ExternalRecord, RejectedRecord, WebhookEvent
from tests.bulk import act
from tests.conftest import SignIn
from tests.factories import CustomerFactory, ProductFactory
from tests.integrations.conftest import connected

HTMX = {"HX-Request": "true"}


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    area = ("integrations.view", "integrations.sync", "integrations.manage")
    return sign_in(*area, "customers.view", "vendors.view", "products.view")


def doubt(session: Session, connection: Connection, kind: str, ours: Any) -> RecordLink:
    """One of theirs that may be one of ours."""
    same = {"connection_id": connection.id, "kind": kind, "external_id": f"{kind}-1"}
    payload = {"DisplayName": "Theirs & Sons", "Name": "Their kettle"}
    link = RecordLink(**same, record_id=ours.id, state="doubtful", reason="Same e-mail")
    session.add_all([ExternalRecord(**same, payload=payload), link])
    session.commit()
    return link


def aside(session: Session, connection: Connection, **values: Any) -> RejectedRecord:
    row = RejectedRecord(connection_id=connection.id, kind="item", external_id="5", **values)
    session.add(row)
    session.commit()
    return row


def test_a_doubt_shows_theirs_beside_ours_and_why(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    customer = CustomerFactory.create(name="Ours & Sons")
    doubt(session, connection, "customer", customer)

    page = admin.get(f"/connections/{connection.id}/matches?kind=customer").text

    for text in ["Theirs &amp; Sons", "Ours &amp; Sons", "Same e-mail"]:
        assert text in page
    assert f'href="/customers/{customer.id}"' in page


def test_matches_open_where_something_waits(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    doubt(session, connection, "item", ProductFactory.create(name="Our kettle"))

    page = admin.get(f"/connections/{connection.id}/matches").text
    other = admin.get(f"/connections/{connection.id}/matches?kind=vendor").text

    assert "Our kettle" in page
    assert "Our kettle" not in other
    assert "Products (1)" in other


@pytest.mark.parametrize("path", ["matches", "rejected", "fields/edit"])
def test_htmx_receives_a_part_of_the_page(
    admin: FlaskClient, connection: Connection, path: str
) -> None:
    response = admin.get(f"/connections/{connection.id}/{path}", headers=HTMX)

    assert response.status_code == 200
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("decision", "state"),
    [("same", "linked"), ("separate", "separate"), ("ignore", "ignored")],
)
def test_a_decision_says_how_many_it_was_about(
    session: Session, admin: FlaskClient, connection: Connection, decision: str, state: str
) -> None:
    link = doubt(session, connection, "customer", CustomerFactory.create())
    at = f"/connections/{connection.id}/matches"

    report = act(admin, f"matches/actions/{decision}", [link.id], here=at)

    session.refresh(link)
    assert (link.state, report) == (state, {"done": 1, "refused": 0})


def test_all_matching_are_decided_and_no_others(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    customer = doubt(session, connection, "customer", CustomerFactory.create())
    item = doubt(session, connection, "item", ProductFactory.create())
    at = f"/connections/{connection.id}/matches"

    act(admin, "matches/actions/ignore", [], here=at, all="1", state="kind=item")

    session.refresh(customer)
    session.refresh(item)
    assert (customer.state, item.state) == ("doubtful", "ignored")


def test_a_decision_asks_first(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    link = doubt(session, connection, "customer", CustomerFactory.create())
    at = f"/connections/{connection.id}/matches"

    page = admin.post("/lists/matches/actions/same", data={"ids": [link.id], "here": at}).text

    session.refresh(link)
    assert "Say of 1 match that they are the same?" in page
    assert f'href="{at}"' in page
    assert link.state == "doubtful"


def test_a_doubt_of_another_connection_is_not_decided(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    connection.state = "disconnected"
    session.commit()
    other = connected("999", "a", "b")
    link = doubt(session, connection, "customer", CustomerFactory.create())
    at = f"/connections/{other.id}/matches"

    report = act(admin, "matches/actions/ignore", [link.id], here=at)

    session.refresh(link)
    assert link.state == "doubtful"
    assert report["refused"] == 1


def test_a_match_whose_record_cannot_be_read_any_more_hides_no_other(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    doubt(session, connection, "customer", CustomerFactory.create(name="Ours & Sons"))
    bad = doubt(session, connection, "item", ProductFactory.create(name="Our kettle"))
    record = session.scalars(select(ExternalRecord).filter_by(kind="item")).one()
    record.payload = {"Name": {"no": "text"}, "UnitPrice": "NaN"}
    session.commit()

    page = admin.get(f"/connections/{connection.id}/matches").text

    assert "Our kettle" in page
    assert "Ours &amp; Sons" in page
    assert bad.external_id in page


@pytest.mark.parametrize("path", ["runs", "rejected", "outbox", "matches"])
def test_a_list_of_a_connection_keeps_views_and_columns_of_its_own(
    admin: FlaskClient, connection: Connection, path: str
) -> None:
    at = f"/connections/{connection.id}/{path}"
    name = {"runs": "syncs", "rejected": "rejected-records"}.get(path, path)

    kept = admin.post(f"/lists/{name}/views", data={"here": at, "name": "Mine"})
    views = admin.get(f"/lists/{name}/views?here={at}")
    columns = admin.post(f"/lists/{name}/columns", data={"here": at, "usual": "1"})

    assert kept.headers["Location"].startswith(f"{at}?view=")
    assert f'href="{at}"' in views.text
    assert columns.headers["Location"] == at
    assert admin.get(f"/lists/{name}/views").status_code == 404  # of which connection?


def test_what_is_set_aside_says_why_and_what_it_says(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    aside(session, connection, reason="Name: This is needed.", excerpt='{"Id": "5"}')

    page = admin.get(f"/connections/{connection.id}/rejected").text

    assert "Item 5" in page
    assert "Name: This is needed." in page
    assert "{&#34;Id&#34;: &#34;5&#34;}" in page


def test_trying_again_says_how_many(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    rows = [
        aside(session, connection, reason="Bad", stage=stage) for stage in ("read", "apply")
    ]
    at = f"/connections/{connection.id}/rejected"

    report = act(admin, "rejected-records/actions/retry", [row.id for row in rows], here=at)

    events = session.scalars(select(WebhookEvent)).all()
    assert report == {"done": 2, "refused": 0}
    assert [event.external_id for event in events] == ["5", "5"]


def test_who_may_only_look_can_pick_nothing(
    session: Session, sign_in: SignIn, connection: Connection
) -> None:
    aside(session, connection, reason="Bad")

    page = sign_in("integrations.view").get(f"/connections/{connection.id}/rejected").text

    assert "Bad" in page
    assert "Try again" not in page
    assert "Select all" not in page


def test_a_connection_that_is_over_offers_no_retry(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    row = aside(session, connection, reason="Bad")
    connection.state = "disconnected"
    session.commit()
    at = f"/connections/{connection.id}/rejected"

    assert "Try again" not in admin.get(at).text
    data = {"ids": [row.id], "here": at, "confirmed": "1"}
    answer = admin.post("/lists/rejected-records/actions/retry", data=data)
    assert answer.status_code == 409
    assert "not possible here" in answer.text


def test_the_form_of_sides_shows_what_was_chosen(
    admin: FlaskClient, connection: Connection
) -> None:
    at = f"/connections/{connection.id}/fields"
    admin.post(at, data={"customer.email": "ours"})

    page = admin.get(f"{at}/edit").text

    select = page.partition('id="customer.email"')[2].partition("</select>")[0]
    assert 'selected value="ours"' in select


def test_deciding_is_closed_without_the_permission(
    sign_in: SignIn, connection: Connection
) -> None:
    at = f"/connections/{connection.id}"
    stranger, looker = sign_in(), sign_in("integrations.view", "integrations.sync")

    assert stranger.get(f"{at}/rejected").status_code == 403
    retry = {"ids": ["1"], "here": f"{at}/rejected"}
    assert stranger.post("/lists/rejected-records/actions/retry", data=retry).status_code == 403
    for path in ["matches", "fields/edit"]:
        assert looker.get(f"{at}/{path}").status_code == 403
    assert looker.post(f"{at}/fields").status_code == 403
    decide = {"ids": ["1"], "here": f"{at}/matches"}
    assert looker.post("/lists/matches/actions/same", data=decide).status_code == 403


@pytest.mark.parametrize("path", ["matches", "rejected", "fields/edit"])
def test_pages_of_a_connection_that_is_not_there_are_not_found(
    admin: FlaskClient, path: str
) -> None:
    assert admin.get(f"/connections/999/{path}").status_code == 404


@pytest.mark.parametrize("path", ["lists/matches/actions/same", "connections/999/fields"])
def test_nothing_is_decided_about_a_connection_that_is_not_there(
    admin: FlaskClient, path: str
) -> None:
    data = {"all": "1", "here": "/connections/999/matches", "item.name": "ours"}

    assert admin.post(f"/{path}", data=data).status_code == 404
