"""What products are made of: bundles, assemblies, circles, and what hangs on them."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog import queries, services
from app.catalog.figures import figures_of
from app.catalog.models import Product
from app.catalog.services import ComponentDraft, MadeOfItself
from app.core.audit import history
from app.core.db import db
from app.core.errors import Invalid, InvalidRow
from app.core.uses import InUse
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import ProductFactory
from tests.stock.conftest import stocked

__all__ = ["bearer"]


def made_of(
    product: Product, *parts: tuple[Product, object], kind: str = "bundle", **values: Any
) -> Any:
    drafts = [ComponentDraft(Decimal(str(n)), product_id=part.id) for part, n in parts]
    return services.set_components(
        product.id, kind=kind, components=drafts, version=None, **values
    )


def product(sku: str, **values: Any) -> Any:
    return ProductFactory.create(sku=sku, name=f"{sku} name", **values)


def test_a_bundle_knows_its_components_and_its_history_says_them(session: Session) -> None:
    kit, mug, tea = product("KIT"), product("MUG"), product("TEA")

    kit = made_of(kit, (mug, 1), (tea, 3))

    assert kit.is_bundle
    assert [str(line) for line in kit.components] == ["1 x MUG", "3 x TEA"]
    newest = db.session.scalars(history(kit)).first()
    assert newest
    assert newest.changes["components"][1] == "1 x MUG, 3 x TEA"


def test_a_bundle_of_bundles_holds_what_they_hold_in_the_end(session: Session) -> None:
    inner, outer, tea, box = (product(sku) for sku in ("INNER", "OUTER", "TEA", "BOX"))
    made_of(inner, (tea, "1.5"), (box, 1))
    made_of(outer, (inner, 2), (tea, 1))

    [parts] = services.bundle_parts([outer.id]).values()

    assert {part.sku: part.quantity for part in parts} == {"TEA": 4, "BOX": 2}


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_circle_is_refused_and_named(session: Session, depth: int) -> None:
    chain = [product(f"P{n}") for n in range(depth + 1)]
    for upper, lower in pairwise(chain):
        made_of(upper, (lower, 1), kind="assembly")

    with pytest.raises(MadeOfItself) as refused:
        made_of(chain[-1], (chain[0], 1), kind="assembly")

    circle = " > ".join([chain[-1].sku, *(one.sku for one in chain)])
    assert circle in str(refused.value)


def test_a_product_does_not_contain_itself(session: Session) -> None:
    one = product("ONE")

    with pytest.raises(MadeOfItself, match="ONE cannot contain itself"):
        made_of(one, (one, 1))


def test_a_bundle_that_holds_less_than_can_be_counted_is_refused(session: Session) -> None:
    inner, outer, tea = product("INNER"), product("OUTER"), product("TEA")
    made_of(inner, (tea, "0.01"))

    with pytest.raises(Invalid, match=r"0\.0001 of TEA: that is too fine"):
        made_of(outer, (inner, "0.01"))


def test_what_does_not_fit_is_refused_with_its_row(session: Session) -> None:
    kit, mug = product("KIT"), product("MUG")
    idle = product("IDLE", is_active=False)

    with pytest.raises(InvalidRow, match="Line 2: MUG is there twice"):
        made_of(kit, (mug, 1), (mug, 2))
    with pytest.raises(InvalidRow, match="IDLE is not in use"):
        made_of(kit, (idle, 1))
    with pytest.raises(InvalidRow, match="above zero"):
        made_of(kit, (mug, 0))
    with pytest.raises(Invalid, match="Say what the bundle is made of"):
        made_of(kit)
    with pytest.raises(Invalid, match="has no components"):
        made_of(kit, (mug, 1), kind="item")
    with pytest.raises(Invalid, match="Only an assembly"):
        made_of(kit, (mug, 1), build_quantity=Decimal(2))


def test_what_is_in_stock_becomes_no_bundle(session: Session) -> None:
    kit, mug = stocked(3), product("MUG")

    with pytest.raises(Invalid, match=r"3 of .* are on hand"):
        made_of(kit, (mug, 1))

    assert made_of(kit, (mug, 1), kind="assembly").kind == "assembly"


def test_a_component_is_not_deactivated_before_its_bundle(session: Session) -> None:
    kit, mug = product("KIT"), product("MUG")
    made_of(kit, (mug, 1))

    with pytest.raises(InUse, match="component of KIT"):
        services.deactivate_product(mug.id)

    services.deactivate_product(kit.id)
    services.deactivate_product(mug.id)


def test_levels_say_what_one_piece_takes_and_users_where_it_goes(session: Session) -> None:
    bike, wheel, spoke = product("BIKE"), product("WHEEL"), product("SPOKE")
    made_of(wheel, (spoke, 64), kind="assembly", build_quantity=Decimal(2))
    made_of(bike, (wheel, 2), (spoke, 1), kind="assembly")

    levels = db.session.execute(queries.levels_of(bike.id)).all()
    users = db.session.execute(queries.used_in(spoke.id)).all()

    assert [(one.level, one.sku, one.quantity) for one in levels] == [
        (1, "WHEEL", 2),
        (2, "SPOKE", 64),
        (1, "SPOKE", 1),
    ]
    assert [(one.sku, one.level, one.quantity) for one in users] == [
        ("BIKE", 1, 65),
        ("WHEEL", 1, 32),
    ]


def test_programs_say_and_read_components(bearer: Bearer) -> None:
    kit, mug = product("KIT"), product("MUG")
    program, url = (
        bearer("products.view", "products.edit"),
        f"/api/v1/products/{kit.id}/components",
    )
    wanted = {"kind": "bundle", "components": [{"sku": "mug", "quantity": "2"}]}

    answer = program.put(url, json=wanted)
    again = program.put(url, json=program.get(url).json)
    circle = program.put(
        f"/api/v1/products/{mug.id}/components",
        json={"kind": "bundle", "components": [{"sku": "KIT", "quantity": "1"}]},
    )
    nobody = bearer("products.view").put(url, json=wanted)

    assert (answer.status_code, again.status_code) == (200, 200), answer.json
    assert (circle.status_code, nobody.status_code) == (409, 403)
    mugs = {"product_id": mug.id, "sku": "MUG", "quantity": "2", "substitutes": []}
    assert answer.json["components"] == [mugs]
    assert circle.json["code"] == "made_of_itself"
    [level] = program.get(f"/api/v1/products/{kit.id}/levels").json
    assert (level["sku"], level["quantity"]) == ("MUG", "2")
    [user] = program.get(f"/api/v1/products/{mug.id}/used-in").json
    assert user["sku"] == "KIT"


def test_a_person_types_the_components_of_a_bundle(sign_in: SignIn) -> None:
    kit, mug = product("KIT"), stocked(7, product("MUG"))
    person = sign_in("products.view", "products.edit", "stock.view")
    page = person.get(f"/products/{kit.id}/components/edit").text
    sent = {"version": "1", "kind": "bundle", "components-0-sku": "MUG"}

    short = person.post(f"/products/{kit.id}/components", data=sent)
    done = person.post(
        f"/products/{kit.id}/components", data=sent | {"components-0-quantity": "2"}
    )
    shown = person.get(f"/products/{kit.id}").text
    stale = person.post(
        f"/products/{kit.id}/components", data=sent | {"components-0-quantity": "3"}
    )

    assert "Components" in page
    assert (short.status_code, done.status_code, stale.status_code) == (422, 303, 409)
    assert "What a bundle holds" in shown
    assert "Where it is used" in person.get(f"/products/{mug.id}").text
    assert figures_of([kit.id])[kit.id].available == 3
    assert "MAIN 3" in " ".join(shown.split())


def test_a_long_bill_of_materials_is_shown_as_far_as_a_page_goes(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [product(f"PART-{n}") for n in range(4)]
    whole = made_of(product("WHOLE"), *((one, 1) for one in parts), kind="assembly")
    monkeypatch.setattr("app.catalog.views.product_page.MOST_SHOWN", 3)

    page = sign_in("products.view").get(f"/products/{whole.id}").text

    assert "PART-2 name" in page
    assert "PART-3 name" not in page
    assert "1 more: the export of components has all of them." in page


def test_a_row_is_completed_while_it_is_typed(sign_in: SignIn) -> None:
    product("MUG")
    person = sign_in("products.edit", "products.view")

    told: Any = person.post(
        "/products/components/lines",
        data={"components-4-sku": "mug", "components-7-sku": "nothing"},
    ).json

    assert told["rows"]["4"]["values"]["sku"] == "MUG"
    assert told["rows"]["7"]["problem"] == "Unknown product"
    assert sign_in("products.view").post("/products/components/lines").status_code == 403
