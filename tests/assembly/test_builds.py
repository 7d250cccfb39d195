"""Building products: components out and the product in, what they cost, and back again."""

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assembly import services
from app.assembly.errors import MissingComponents
from app.catalog.building import Buildable
from app.catalog.models import Product
from app.catalog.services import ComponentDraft, set_components
from app.core.db import db
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.purchasing.models import CostEntry, ProductCost
from app.stock.errors import CannotReverse, InsufficientStock
from app.stock.models import Movement
from app.stock.services import LotDraft, check_ledger, reverse_posting
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import LocationFactory, ProductFactory, WarehouseFactory
from tests.stock.conftest import deadlocks, held, place, stocked
from tests.stock.test_concurrency import at_once
from tests.stock.test_lots import come, lots_of

__all__ = ["bearer", "deadlocks"]

KEYS = count(1)


def made_of(*parts: tuple[Product, object], **values: Any) -> Any:
    product = ProductFactory.create(sku="BIKE", name="Bicycle")
    drafts = [ComponentDraft(Decimal(str(n)), product_id=part.id) for part, n in parts]
    return set_components(
        product.id, **({"kind": "assembly", "components": drafts, "version": None} | values)
    )


def built(product: Product, quantity: object, **values: Any) -> Any:
    at = values.pop("at", None) or place("MAIN-01")
    return services.build_product(
        product.id,
        quantity=Decimal(str(quantity)),
        location_id=at.id,
        key=values.pop("key", f"build {next(KEYS)}"),
        **values,
    )


def costing(product: Product, average: object) -> Product:
    db.session.add(ProductCost(product_id=product.id, average=Decimal(str(average))))
    db.session.commit()
    return product


def averages(*products: Product) -> list[Any]:
    found = dict(db.session.execute(select(ProductCost.product_id, ProductCost.average)).all())
    return [found.get(product.id) for product in products]


def test_components_go_out_and_the_product_comes_in_by_one_posting(session: Session) -> None:
    wheel, frame = stocked(10), stocked(3)
    bike = made_of((wheel, 2), (frame, 1))

    build = built(bike, 3, note="For the fair")

    assert (held(wheel), held(frame), held(bike)) == ((4, 0), (0, 0), (3, 0))
    moved = select(Movement).where(Movement.posting_id == build.posting_id)
    rows: Any = db.session.scalars(moved)
    assert [(row.product_id, row.quantity, row.reason) for row in rows] == [
        (wheel.id, 6, "assembled"),
        (frame.id, 3, "assembled"),
        (bike.id, 3, "assembled"),
    ]
    check_ledger(lambda _done, _total: None)


def test_the_same_key_builds_once(session: Session) -> None:
    wheel = stocked(10)
    bike = made_of((wheel, 2))

    first, again = built(bike, 1, key="once"), built(bike, 1, key="once")

    assert first.id == again.id
    assert held(bike) == (1, 0)


def test_what_is_reserved_or_elsewhere_is_not_taken(session: Session) -> None:
    far = WarehouseFactory.create(code="FAR")
    shelf = LocationFactory.create(code="FAR-1", path="FAR/FAR-1/", parent_id=far.id)
    wheel, frame = stocked(3), stocked(1)
    stocked(20, wheel, shelf)
    bike = made_of((wheel, 2), (frame, 1))

    with pytest.raises(MissingComponents, match=rf"MAIN .* 1 of {wheel.sku}, 1 of {frame.sku}"):
        built(bike, 2)

    assert (held(wheel), held(frame)) == ((3, 0), (1, 0))
    assert built(bike, 1).quantity == 1


def test_bundles_and_yields_come_out_even_or_are_refused(session: Session) -> None:
    bolt, nut = stocked(100), stocked(100)
    pair = ProductFactory.create(sku="PAIR")
    set_components(
        pair.id,
        kind="bundle",
        components=[ComponentDraft(Decimal(1), product_id=one.id) for one in (bolt, nut)],
        version=None,
    )
    bike = made_of((pair, 4), (bolt, 1), build_quantity=Decimal(3))

    built(bike, 6)
    assert (held(bolt), held(nut), held(bike)) == ((90, 0), (92, 0), (6, 0))
    with pytest.raises(Invalid, match="does not come out even"):
        built(bike, 1)
    with pytest.raises(Invalid, match="is no assembly"):
        built(bolt, 1)


def test_what_components_cost_is_what_the_product_costs(session: Session) -> None:
    wheel = costing(stocked(10), "12.50")
    frame = stocked(3, ProductFactory.create(cost=Decimal(40)))
    bike = made_of((wheel, 2), (frame, 1))

    build = built(bike, 2)

    assert build.value == 130
    assert averages(wheel, bike) == [Decimal("12.5"), 65]
    noted = select(CostEntry).where(CostEntry.product_id == bike.id)
    entry: Any = db.session.scalars(noted).one()
    assert (entry.kind, entry.quantity, entry.value) == ("built", 2, 130)


def test_what_is_scrapped_takes_components_and_the_rest_bears_their_cost(
    session: Session, bearer: Bearer
) -> None:
    wheel = costing(stocked(200), 10)
    bike = made_of((wheel, 2))

    build = built(bike, 40, scrapped=Decimal(60))

    assert (held(wheel), held(bike)) == ((0, 0), (40, 0))
    assert (build.value, averages(bike)) == (2000, [50])  # 200 wheels in 40 bicycles
    told = bearer("assembly.view").get(f"/api/v1/builds/{build.id}").json
    assert (told["quantity"], told["scrapped"]) == ("40", "60")
    services.undo_build(build.id)
    assert (held(wheel), held(bike)) == ((200, 0), (0, 0))
    with pytest.raises(Invalid, match="zero or more"):
        built(bike, 1, scrapped=Decimal(-1))


def test_a_build_raises_the_average_of_what_was_there(session: Session) -> None:
    wheel = costing(stocked(10), 10)
    bike = costing(stocked(1, made_of((wheel, 2))), 50)

    built(bike, 2)

    assert averages(bike) == [Decimal(30)]  # (1 x 50 + 2 x 20) / 3


def test_an_undone_build_gives_its_components_and_costs_back(session: Session) -> None:
    wheel = costing(stocked(10), 10)
    bike = costing(stocked(1, made_of((wheel, 2))), 50)
    build = built(bike, 2)

    with pytest.raises(CannotReverse, match=f"caused by {build.number}"):
        reverse_posting(build.posting_id, key="by hand")
    services.undo_build(build.id)

    assert (held(wheel), held(bike)) == ((10, 0), (1, 0))
    assert averages(wheel, bike) == [10, 50]
    with pytest.raises(NotAllowed, match="undone already"):
        services.undo_build(build.id)


def test_what_has_gone_is_not_taken_back(session: Session) -> None:
    bike = made_of((stocked(10), 2))
    build = built(bike, 2)
    other = made_of_other(bike)
    built(other, 1)

    with pytest.raises(InsufficientStock):
        services.undo_build(build.id)


def made_of_other(part: Product) -> Any:
    product = ProductFactory.create(sku="TANDEM")
    drafts = [ComponentDraft(Decimal(2), product_id=part.id)]
    return set_components(product.id, kind="assembly", components=drafts, version=None)


def test_components_in_other_currencies_move_no_cost(session: Session) -> None:
    wheel = stocked(10, ProductFactory.create(currency="GBP", cost=Decimal(9)))
    bike = made_of((wheel, 2))

    assert built(bike, 1).value is None
    assert averages(bike) == [None]


def test_assemblies_below_may_be_built_first(bearer: Bearer) -> None:
    spoke, rim, frame = stocked(200), stocked(9), stocked(10)
    wheel = ProductFactory.create(sku="WHEEL")
    parts = [
        ComponentDraft(Decimal(n), product_id=one.id) for one, n in ((spoke, 32), (rim, 1))
    ]
    set_components(wheel.id, kind="assembly", components=parts, version=None)
    stocked(3, wheel)
    bike = made_of((wheel, 2), (frame, 1))

    found = bearer("assembly.view").get(f"/api/v1/builds/possible/{bike.id}").json

    # 3 wheels and 6 of 200 spokes
    assert found == {"at_once": "1", "in_steps": "4", "with_substitutes": False}
    assert services.buildable(spoke.id) == Buildable(Decimal(0), Decimal(0))


def made_with_substitutes(bike: Product, *lines: tuple[Product, object, list[Product]]) -> None:
    drafts = [
        ComponentDraft(
            Decimal(str(n)), product_id=part.id, substitutes=[one.sku for one in others]
        )
        for part, n, others in lines
    ]
    set_components(bike.id, kind="assembly", components=drafts, version=None)


def test_what_may_stand_for_a_component_counts_as_could_be_built() -> None:
    wheel, other, frame = stocked(5), stocked(4), stocked(10)
    bike = ProductFactory.create(sku="BIKE")
    made_with_substitutes(bike, (wheel, 2, [other]), (frame, 1, []))

    assert services.buildable(bike.id) == Buildable(
        Decimal(4), Decimal(4), with_substitutes=True
    )


def test_a_substitute_that_is_needed_itself_stands_for_nothing() -> None:
    bolt, nut = stocked(1), stocked(10)
    thing = ProductFactory.create(sku="THING")
    made_with_substitutes(thing, (bolt, 1, [nut]), (nut, 2, []))

    found = services.buildable(thing.id)

    # Three take six nuts, and two of the four that are left for bolts; four would take eight.
    assert found == Buildable(Decimal(3), Decimal(3), with_substitutes=True)
    built(thing, 3)
    with pytest.raises(MissingComponents):
        built(thing, 1)


def test_a_substitute_below_an_assembly_counts_where_that_is_built_first() -> None:
    spoke, wire, frame = stocked(2), stocked(6), stocked(10)
    wheel = ProductFactory.create(sku="WHEEL")
    made_with_substitutes(wheel, (spoke, 2, [wire]))
    stocked(1, wheel)
    bike = ProductFactory.create(sku="BIKE")
    made_with_substitutes(bike, (wheel, 1, []), (frame, 1, []))

    found = services.buildable(bike.id)

    assert found == Buildable(Decimal(1), Decimal(5), with_substitutes=True)


def test_a_bundle_among_components_is_taken_apart_at_once() -> None:
    wheel, frame = stocked(8), stocked(3)
    pair = ProductFactory.create(sku="PAIR")
    parts = [ComponentDraft(Decimal(2), product_id=wheel.id)]
    set_components(pair.id, kind="bundle", components=parts, version=None)
    bike = made_of((pair, 1), (frame, 1))

    assert services.buildable(bike.id) == Buildable(Decimal(3), Decimal(3))


def test_people_build_and_undo(sign_in: SignIn) -> None:
    wheel = stocked(10)
    bike = made_of((wheel, 2))
    person = sign_in("assembly.view", "assembly.build", "stock.view", "products.view")
    sent = {"product": "BIKE", "quantity": "2", "scrapped": "1", "key": "page"}

    form = person.get(f"/builds/new?product={bike.id}").text
    missing = person.post("/builds", data=sent | {"quantity": "9", "key": "more"})
    done = person.post("/builds", data=sent)
    page = person.get(done.headers["Location"]).text
    listed = person.get("/builds?search=bike").text

    assert "BIKE" in form
    assert (missing.status_code, done.status_code) == (422, 303)
    assert f"10 of {wheel.sku}" in missing.text
    assert "Scrapped" in page
    assert "What it was built of" in page
    assert "BD-" in listed
    assert sign_in("assembly.view").post("/builds", data=sent).status_code == 403
    undone = person.post(done.headers["Location"] + "/reversal")
    assert undone.status_code == 303
    assert held(wheel) == (10, 0)


def test_programs_build_and_undo(bearer: Bearer) -> None:
    wheel = stocked(10)
    made_of((wheel, 2))
    program = bearer("assembly.view", "assembly.build")

    made = program.post("/api/v1/builds", json={"sku": "BIKE", "quantity": "2"})
    short = program.post("/api/v1/builds", json={"sku": "BIKE", "quantity": "9"})
    unnamed = program.post("/api/v1/builds", json={"quantity": "9"})

    assert (made.status_code, short.status_code, unnamed.status_code) == (201, 409, 422)
    assert short.json["code"] == "missing_components"
    assert [(one["sku"], one["quantity"]) for one in made.json["movements"]] == [
        (wheel.sku, "4"),
        ("BIKE", "2"),
    ]
    url = f"/api/v1/builds/{made.json['id']}"
    undone = program.post(f"{url}/reversal")
    assert undone.json["undone_at"]
    assert program.get(url).json == undone.json
    assert program.get("/api/v1/builds").json["total"] == 1


@pytest.mark.committed
def test_builds_at_once_share_what_there_is(
    app: Flask, session: Session, deadlocks: Callable[[], int]
) -> None:
    wheel, frame = stocked(9), stocked(20)
    bike, trike = made_of((wheel, 2), (frame, 1)), ProductFactory.create(sku="TRIKE")
    drafts = [
        ComponentDraft(Decimal(n), product_id=one.id) for one, n in ((frame, 1), (wheel, 3))
    ]
    trike = set_components(trike.id, kind="assembly", components=drafts, version=None)

    results = at_once(app, lambda n: built((bike, trike)[n % 2], 1).quantity, 8)

    assert sum(isinstance(one, MissingComponents) for one in results) >= 4
    assert deadlocks() == 0
    check_ledger(lambda _done, _total: None)
    made = held(bike)[0], held(trike)[0]
    assert held(wheel)[0] == 9 - 2 * made[0] - 3 * made[1] < 3


def with_substitutes(part: Product, *others: Product, each: object = 1) -> Any:
    """An assembly of one component, in place of which others may be taken."""
    draft = ComponentDraft(
        Decimal(str(each)), product_id=part.id, substitutes=[one.sku for one in others]
    )
    bike = ProductFactory.create(sku="BIKE", name="Bicycle")
    return set_components(bike.id, kind="assembly", components=[draft], version=None)


def test_where_a_component_is_short_its_substitutes_are_taken_in_their_order(
    session: Session,
) -> None:
    red, blue, green = (
        costing(stocked(many, ProductFactory.create(sku=sku)), price)
        for sku, many, price in (("RED", 3, 10), ("BLUE", 1, 20), ("GREEN", 9, 30))
    )
    bike = with_substitutes(red, blue, green, each=2)

    build = built(bike, 3)

    assert [held(one) for one in (red, blue, green)] == [(0, 0), (0, 0), (7, 0)]
    assert build.value == 3 * 10 + 20 + 2 * 30
    services.undo_build(build.id)
    assert [held(one) for one in (red, blue, green)] == [(3, 0), (1, 0), (9, 0)]
    with pytest.raises(MissingComponents, match="1 of RED or BLUE or GREEN"):
        built(bike, 7)


def test_what_cannot_stand_in_is_refused() -> None:
    red, blue = ProductFactory.create(sku="RED"), ProductFactory.create(sku="BLUE")
    bike = with_substitutes(red, blue)

    def say(*codes: str, kind: str = "assembly") -> None:
        draft = ComponentDraft(Decimal(1), product_id=red.id, substitutes=codes)
        set_components(bike.id, kind=kind, components=[draft], version=None)

    for codes, reason in (
        (("NONE",), "no product of ours"),
        (("RED",), "RED is there twice"),
        (("BLUE", "BLUE"), "BLUE is there twice"),
        (("BIKE",), "cannot stand in for a part of itself"),
    ):
        with pytest.raises(Invalid, match=reason):
            say(*codes)
    with pytest.raises(Invalid, match="only components of an assembly"):
        say("BLUE", kind="bundle")
    say()  # nothing stands in any more
    assert (
        set_components(
            bike.id,
            kind="assembly",
            components=[ComponentDraft(Decimal(1), product_id=red.id)],
            version=None,
        )
        .components[0]
        .substitutes
        == ()
    )


def test_people_and_programs_say_what_stands_in(sign_in: SignIn, bearer: Bearer) -> None:
    red, blue = ProductFactory.create(sku="RED"), ProductFactory.create(sku="BLUE")
    bike = with_substitutes(red)
    program, url = bearer("products.view", "products.edit"), f"/api/v1/products/{bike.id}"

    said = {"sku": "RED", "quantity": "1", "substitutes": ["BLUE"]}
    wanted = {"kind": "assembly", "components": [said]}
    answer = program.put(f"{url}/components", json=wanted)
    silent = {"kind": "assembly", "components": [{"sku": "RED", "quantity": "2"}]}
    kept = program.put(f"{url}/components", json=silent)
    person = sign_in("products.view", "products.edit")

    assert answer.json["components"][0]["substitutes"] == ["BLUE"]
    assert kept.json["components"][0]["substitutes"] == [blue.sku]
    assert 'value="BLUE"' in person.get(f"/products/{bike.id}/components/edit").text
    assert "or BLUE" in person.get(f"/products/{bike.id}").text


def test_what_is_tracked_is_built_by_its_lot_or_piece_by_piece(session: Session) -> None:
    milk = ProductFactory.create(sku="MILK", tracking="lot")
    come(milk, 6, "M1")
    bike = made_of((milk, 2))
    bike.tracking = "serial"
    session.commit()

    with pytest.raises(Invalid, match="2 of BIKE take as many serial numbers: 0 are there"):
        built(bike, 2)
    build = built(bike, 2, lot=LotDraft("B1 B2"))

    assert lots_of(bike) == {"B1": 1, "B2": 1}
    assert lots_of(milk) == {"M1": 2}
    services.undo_build(build.id)
    assert (lots_of(bike), lots_of(milk)) == ({}, {"M1": 6})


def test_the_page_of_a_product_says_how_many_could_be_built(sign_in: SignIn) -> None:
    wheel, other, frame = stocked(5), stocked(4), stocked(10)
    bike = ProductFactory.create(sku="BIKE")
    made_with_substitutes(bike, (wheel, 2, [other]), (frame, 1, []))

    shown = sign_in("products.view", "assembly.view").get(f"/products/{bike.id}").text
    hidden = sign_in("products.view").get(f"/products/{bike.id}").text
    plain = sign_in("products.view", "assembly.view").get(f"/products/{wheel.id}").text

    assert "Could be built" in shown
    assert "with substitutes" in shown
    assert "Building its parts first" not in shown  # the same number
    assert "Could be built" not in hidden
    assert "Could be built" not in plain
