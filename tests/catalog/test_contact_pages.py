"""The pages of customers and vendors."""

import re
from typing import Any

import pytest

from app.catalog import services
from app.catalog.models import Customer, Vendor
from app.core.db import db
from tests.conftest import SignIn
from tests.factories import CustomerFactory, UserFactory, VendorFactory

HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize(
    ("kind", "area"),
    [(Customer, "customers"), (Vendor, "vendors")],
    ids=["customers", "vendors"],
)
Kind = type[Any]


def make(kind: Kind, **values: Any) -> Any:
    factory: Any = CustomerFactory if kind is Customer else VendorFactory
    return factory.create(**values)


def fields(**changes: str) -> dict[str, str]:
    """Give what a browser sends of a filled form."""
    return {"name": "Ana", "currency": "EUR", "country": "IT", **changes}


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="name">\s*<a [^>]*>([^<]*)</a>', page)


def saved(kind: Kind, record_id: int) -> Any:
    db.session.expire_all()
    return db.session.get(kind, record_id)


@BOTH
def test_the_list_shows_who_is_active_by_name(sign_in: SignIn, kind: Kind, area: str) -> None:
    for name, is_active in [("Zoe", True), ("Ana", True), ("Gone", False)]:
        make(kind, name=name, is_active=is_active)

    page = sign_in(f"{area}.view").get(f"/{area}").text

    assert "<html" in page
    assert names(page) == ["Ana", "Zoe"]


@BOTH
@pytest.mark.parametrize("search", ["ana", "roma srl", "ana@shop", "SHOP-1", "an", "anà"])
def test_a_search_from_htmx_receives_only_the_results(
    sign_in: SignIn, kind: Kind, area: str, search: str
) -> None:
    make(kind, name="Ana", company="Roma Srl", email="ana@shop.it", code="SHOP-1")
    make(kind, name="Zoe", code="SHOP-2")

    client = sign_in(f"{area}.view")
    page = client.get(f"/{area}", query_string={"search": search}, headers=HTMX).text

    assert "<html" not in page
    assert names(page) == ["Ana"]


@BOTH
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=IT", ["Ana"]),
        ("state=inactive", ["Gone"]),
        ("state=all&sort=-name", ["Zoe", "Gone", "Ana"]),
        ("sort=code", ["Zoe", "Ana"]),
        ("search=nobody", []),
    ],
)
def test_the_list_is_filtered_and_sorted(
    sign_in: SignIn, kind: Kind, area: str, query: str, found: list[str]
) -> None:
    make(kind, name="Ana", code="b", country="IT")
    make(kind, name="Zoe", code="A", country="DE")
    make(kind, name="Gone", is_active=False)

    page = sign_in(f"{area}.view").get(f"/{area}?{query}").text

    assert names(page) == found


@BOTH
def test_the_list_offers_the_countries_in_use(sign_in: SignIn, kind: Kind, area: str) -> None:
    for country in ["IT", "DE", "IT", ""]:
        make(kind, country=country)

    page = sign_in(f"{area}.view").get(f"/{area}?country=IT").text

    assert re.findall(r'<option value="[A-Z]+"[^>]*>(\w+)<', page) == ["Germany", "Italy"]
    assert "Remove filter" in page


@BOTH
def test_an_empty_list_says_what_to_do(sign_in: SignIn, kind: Kind, area: str) -> None:
    page = sign_in(f"{area}.view", f"{area}.edit").get(f"/{area}").text

    assert f"No {area} yet." in page
    assert f'href="/{area}/new"' in page


@BOTH
def test_a_longer_list_takes_no_more_queries(
    sign_in: SignIn, queries: list[str], kind: Kind, area: str
) -> None:
    client, counts = sign_in(f"{area}.view"), []
    for _ in range(2):
        for _ in range(55):
            make(kind)
        queries.clear()
        client.get(f"/{area}")
        counts.append(len(queries))

    assert counts[0] == counts[1]


@BOTH
def test_a_page_shows_facts_and_history(sign_in: SignIn, kind: Kind, area: str) -> None:
    contact = services.create_contact(kind, name="Ana", country="IT", city="Rome")
    client = sign_in(f"{area}.view")

    page = client.get(f"/{area}/{contact.id}").text

    for text in ["Ana", "Italy", "Rome", contact.code, "History"]:
        assert text in page
    assert "/edit" not in page
    assert "<html" not in client.get(f"/{area}/{contact.id}", headers=HTMX).text


def test_a_customer_page_names_the_sales_rep_and_where_goods_go(sign_in: SignIn) -> None:
    customer = services.create_contact(
        Customer,
        name="Ana",
        sales_rep_id=UserFactory.create(name="Sam Seller").id,
        shipping_address={"line1": "Dock 4", "country": "DE"},
    )

    page = sign_in("customers.view").get(f"/customers/{customer.id}").text

    for text in ["Sam Seller", "Dock 4", "Germany"]:
        assert text in page


@BOTH
def test_somebody_is_added(sign_in: SignIn, kind: Kind, area: str) -> None:
    client = sign_in(f"{area}.edit", f"{area}.view")
    assert "USD" in client.get(f"/{area}/new").text

    response = client.post(f"/{area}", data=fields(city="Rome"))

    assert response.status_code == 303
    contact = saved(kind, int(response.location.rsplit("/", 1)[1]))
    assert (contact.name, contact.city, contact.country) == ("Ana", "Rome", "IT")
    assert client.post(f"/{area}", data=fields(), headers=HTMX).status_code == 204


def test_a_customer_is_added_with_a_rep_and_an_address(sign_in: SignIn) -> None:
    rep = UserFactory.create()
    data = fields(sales_rep_id=rep.username, **{"shipping_address-line1": "Dock 4"})

    response = sign_in("customers.edit").post("/customers", data=data)

    customer = saved(Customer, int(response.location.rsplit("/", 1)[1]))
    assert customer.sales_rep_id == rep.id
    assert customer.shipping_address == {"line1": "Dock 4"}


@BOTH
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": " "}, "This is needed."),
        ({"email": "nobody"}, "no e-mail address"),
        ({"country": "XX"}, "Not a valid choice"),
        ({"code": "TAKEN"}, "Taken is Bo already"),
        ({"phone": "a\x01"}, "control character"),
    ],
)
def test_what_does_not_fit_comes_back_with_the_reason(
    sign_in: SignIn, kind: Kind, area: str, changes: dict[str, str], reason: str
) -> None:
    make(kind, name="Bo", code="Taken")

    response = sign_in(f"{area}.edit").post(f"/{area}", data=fields(**changes))

    assert response.status_code == 422
    assert reason in response.text
    assert db.session.query(kind).count() == 1


@BOTH
def test_somebody_is_changed(sign_in: SignIn, kind: Kind, area: str) -> None:
    contact = make(kind, name="Ana")
    client = sign_in(f"{area}.edit")
    assert 'value="Ana"' in client.get(f"/{area}/{contact.id}/edit").text

    data = fields(name="Anna", code=contact.code, version="1")
    response = client.post(f"/{area}/{contact.id}", data=data)

    assert response.status_code == 303
    assert saved(kind, contact.id).name == "Anna"


@BOTH
def test_a_change_that_does_not_fit_comes_back_with_the_reason(
    sign_in: SignIn, kind: Kind, area: str
) -> None:
    contact = make(kind, name="Ana")

    response = sign_in(f"{area}.edit").post(
        f"/{area}/{contact.id}", data=fields(name="", version="1"), headers=HTMX
    )

    assert response.status_code == 422
    assert "<html" not in response.text
    assert saved(kind, contact.id).name == "Ana"


@BOTH
def test_an_old_version_comes_back_with_both_values(
    sign_in: SignIn, kind: Kind, area: str
) -> None:
    contact = make(kind, name="Ana")
    services.revise_contact(kind, contact.id, version=1, name="Ana Rossi")

    data = fields(name="Anna", code=contact.code, version="1")
    response = sign_in(f"{area}.edit").post(f"/{area}/{contact.id}", data=data)

    assert response.status_code == 409
    assert "<span>Ana Rossi</span>" in response.text
    assert "<span>Anna</span>" in response.text
    assert saved(kind, contact.id).name == "Ana Rossi"


@BOTH
def test_somebody_is_deactivated_and_activated(sign_in: SignIn, kind: Kind, area: str) -> None:
    contact = make(kind)
    client, here = sign_in(f"{area}.edit"), f"/{area}/{contact.id}"

    response = client.post(f"{here}/deactivation", headers=HTMX)
    assert f"{kind.__tablename__}:changed" in response.headers["HX-Trigger"]
    assert not saved(kind, contact.id).is_active

    assert client.post(f"{here}/activation").status_code == 303
    assert saved(kind, contact.id).is_active


@BOTH
def test_pages_are_closed_without_the_permission(
    sign_in: SignIn, kind: Kind, area: str
) -> None:
    here = f"/{area}/{make(kind).id}"
    stranger, viewer = sign_in(), sign_in(f"{area}.view")

    for address in [f"/{area}", here]:
        assert stranger.get(address).status_code == 403
    for address in [f"/{area}/new", f"{here}/edit"]:
        assert viewer.get(address).status_code == 403
    for address in [f"/{area}", here, f"{here}/deactivation", f"{here}/activation"]:
        assert viewer.post(address).status_code == 403


@BOTH
@pytest.mark.parametrize("address", ["/7", "/7/edit"])
def test_who_is_not_there_is_not_found(
    sign_in: SignIn, kind: Kind, area: str, address: str
) -> None:
    client = sign_in(f"{area}.view", f"{area}.edit")

    assert client.get(f"/{area}{address}").status_code == 404


def test_people_are_offered_as_sales_reps(sign_in: SignIn) -> None:
    rep = UserFactory.create(name="Sam Seller")
    UserFactory.create(name="Sam Gone", is_active=False)

    offered = sign_in("customers.edit").get("/choices/sales-reps?q=sam").text

    assert f'data-value="{rep.username}"' in offered
    assert "Sam Gone" not in offered
