"""Pages of the ledger."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.actors import Actor, acting_as
from app.stock.models import Location, Movement
from tests.conftest import SignIn
from tests.factories import LocationFactory, ProductFactory, UserFactory
from tests.stock.conftest import Mover, on_hand, stocked

HTMX = {"HX-Request": "true"}


def notes(text: str) -> list[str]:
    return re.findall(r">(note-\w+)<", text)


def test_movements_are_a_page_for_browsers(sign_in: SignIn, move: Mover) -> None:
    move(ProductFactory.create(sku="OAT-1"), note="note-a")

    response = sign_in("stock.view").get("/movements")

    assert "<html" in response.text
    assert "OAT-1" in response.text
    assert "ADJUSTMENTS" in response.text
    assert notes(response.text) == ["note-a"]


def test_a_search_is_only_the_results_for_htmx(sign_in: SignIn, move: Mover) -> None:
    move(ProductFactory.create(name="Paper cup"), note="note-cup")
    move(ProductFactory.create(name="Lid"), note="note-lid")

    response = sign_in("stock.view").get("/movements?search=cup", headers=HTMX)

    assert "<html" not in response.text
    assert notes(response.text) == ["note-cup"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("search=A-1", ["b", "a"]),  # the SKU itself, not also A-10
        ("search=nothing", []),
        ("location=MAIN-02", ["b"]),
        ("location=MAIN", ["c", "b", "a"]),
        ("location=nowhere", []),
        ("reason=received", ["c"]),
        ("since=2026-03-02", ["c"]),
        ("until=2026-03-01", ["b", "a"]),
        ("since=2026-03-01&until=2026-03-01", ["b"]),
        ("since=yesterday", ["c", "b", "a"]),
        ("person=x", ["c", "b", "a"]),
    ],
)
def test_filters_narrow_the_list(
    sign_in: SignIn,
    move: Mover,
    main: Location,
    second: Location,
    filters: str,
    found: list[str],
) -> None:
    first, other = ProductFactory.create(sku="A-1"), ProductFactory.create(sku="A-10")
    ends = {"from_location_id": main.id, "to_location_id": second.id}
    march: dict[str, Any] = {
        day: datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=number)
        for day, number in {"a": -1, "b": 0, "c": 1}.items()
    }
    move(first, 5, note="note-a", occurred_at=march["a"])
    move(first, 2, note="note-b", occurred_at=march["b"], **ends)
    move(other, 3, note="note-c", occurred_at=march["c"], reason="received")

    response = sign_in("stock.view").get(f"/movements?{filters}")

    assert notes(response.text) == [f"note-{letter}" for letter in found]


def test_the_movements_of_a_person(sign_in: SignIn, move: Mover) -> None:
    ana = UserFactory.create(name="Ana Silva")
    move(ProductFactory.create(), note="note-x")
    with acting_as(Actor(ana.id, ana.name, None)):
        move(ProductFactory.create(), note="note-ana")

    response = sign_in("stock.view").get(f"/movements?person={ana.id}")

    assert notes(response.text) == ["note-ana"]
    assert "Person: Ana Silva" in response.text


def test_days_are_those_of_the_person_asking(
    sign_in: SignIn, move: Mover, session: Session
) -> None:
    move(
        ProductFactory.create(), note="note-x", occurred_at=datetime(2026, 3, 1, 22, tzinfo=UTC)
    )
    client = sign_in("stock.view")
    assert notes(client.get("/movements?since=2026-03-02").text) == []

    session.execute(UserFactory._meta.model.__table__.update().values(time_zone="Asia/Tokyo"))
    session.commit()

    assert notes(client.get("/movements?since=2026-03-02").text) == ["note-x"]


def test_pages_go_on_from_the_last_one_seen(sign_in: SignIn, move: Mover) -> None:
    product, client = ProductFactory.create(), sign_in("stock.view")
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(60):
        move(
            product, note=f"note-{number}", occurred_at=moment + timedelta(minutes=number // 2)
        )

    first = client.get("/movements?reason=found")
    older = re.findall(r'href="([^"]*before=[^"]*)"', first.text)[0].replace("&amp;", "&")
    second = client.get(older)

    expected = [f"note-{number}" for number in reversed(range(60))]
    assert notes(first.text) + notes(second.text) == expected
    assert "Newest" not in first.text
    assert "Newest" in second.text
    assert "Older" not in second.text


def test_a_mark_that_is_none_shows_the_newest(sign_in: SignIn, move: Mover) -> None:
    move(ProductFactory.create(), note="note-a")

    response = sign_in("stock.view").get("/movements?before=x~y")

    assert notes(response.text) == ["note-a"]


def test_no_movements_say_so(sign_in: SignIn) -> None:
    assert "No movements yet." in sign_in("stock.view").get("/movements").text


def test_a_posting_shows_all_that_moved_with_it(sign_in: SignIn, move: Mover) -> None:
    moved = move(ProductFactory.create(), note="note-a")
    client = sign_in("stock.view")

    page, region = (
        client.get(f"/movements/postings/{moved.id}", headers=h) for h in ({}, HTMX)
    )

    assert notes(page.text) == notes(region.text) == ["note-a"]
    assert "<html" not in region.text
    assert client.get("/movements/postings/0").status_code == 404


def test_undoing_asks_first_and_is_offered_once(sign_in: SignIn, move: Mover) -> None:
    moved, client = (
        move(ProductFactory.create(sku="OAT-1"), 3),
        sign_in("stock.view", "stock.reverse"),
    )
    path = f"/movements/postings/{moved.id}/reversals"
    assert "Undo this posting? 3 of OAT-1" in client.get("/movements").text

    response = client.post(path)

    after = client.get("/movements").text
    assert (response.status_code, response.location) == (303, f"/movements/postings/{moved.id}")
    assert path not in after
    assert "Undone" in after


def test_undoing_what_has_gone_says_so(
    sign_in: SignIn, move: Mover, main: Location, session: Session
) -> None:
    product = ProductFactory.create()
    moved = move(product, 3)
    there = LocationFactory.create()
    move(product, 3, from_location_id=main.id, to_location_id=there.id)

    response = sign_in("stock.reverse").post(
        f"/movements/postings/{moved.id}/reversals", headers=HTMX
    )

    assert response.status_code == 409
    assert "Only 0 of" in response.text
    assert session.query(Movement).filter_by(reason="reversed").count() == 0
    assert on_hand(product, there) == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/movements"),
        ("get", "/movements/postings/1"),
        ("post", "/movements/postings/1/reversals"),
    ],
)
def test_nothing_opens_without_its_permission(sign_in: SignIn, method: str, path: str) -> None:
    assert sign_in("stock.adjust").open(path, method=method).status_code == 403


def test_seeing_movements_offers_no_undo(sign_in: SignIn) -> None:
    stocked(1)

    assert "/reversals" not in sign_in("stock.view").get("/movements").text


def test_a_filter_that_finds_nothing_can_be_taken_away(sign_in: SignIn) -> None:
    page = sign_in("stock.view").get("/movements?search=nonsense").text

    assert "Nothing matches." in page
    assert "Show everything" in page
