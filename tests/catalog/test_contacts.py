"""The services of customers and vendors."""

from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.catalog import services
from app.catalog.models import Customer, Vendor
from app.core import audit
from app.core.db import db
from app.core.errors import AlreadyExists, Invalid
from app.core.versions import StaleVersion
from tests.catalog.test_products import at_once
from tests.factories import CustomerFactory, UserFactory, VendorFactory

KINDS = [Customer, Vendor]
Kind = type[Customer] | type[Vendor]


def test_a_contact_without_a_code_gets_the_next_free_one(session: Session) -> None:
    first = services.create_contact(Vendor, name="Acme")
    number = int(first.code.removeprefix("V-"))
    VendorFactory.create(code=f"v-{number + 1:05}")

    second = services.create_contact(Vendor, name="Zeta")

    assert len(first.code) == len("V-00001")
    assert second.code == f"V-{number + 2:05}"


def test_customers_and_vendors_have_numbers_of_their_own() -> None:
    assert services.create_contact(Customer, name="Ana").code.startswith("C-")
    assert services.create_contact(Vendor, name="Ana", code=" ana ").code == "ana"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a b@example.com"),
        ("email", "a@example.com, b@example.com"),
        ("country", "Atlantis"),
        ("currency", ""),
        ("notes", "x" * 10_001),
        ("code", "a\x07b"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_field(
    kind: Kind, field: str, value: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_contact(kind, **{"name": "Ana", field: value})

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("country", "de", "DE"),
        ("country", "germany", "DE"),
        ("country", "", ""),
        ("currency", " eur ", "EUR"),
        ("email", " ana.o'neil+x@shop.example.co.uk ", "ana.o'neil+x@shop.example.co.uk"),
        ("notes", " two\nlines ", "two\nlines"),
        ("phone", "+49 (0) 30  12", "+49 (0) 30 12"),
    ],
)
def test_a_value_is_kept_in_one_spelling(field: str, value: str, kept: str) -> None:
    customer = services.create_contact(Customer, **{"name": "Ana", field: value})

    assert getattr(customer, field) == kept


@pytest.mark.parametrize("kind", KINDS)
def test_a_taken_code_is_refused_whatever_its_case(kind: Kind) -> None:
    services.create_contact(kind, name="Ana", code="SHOP-1")

    with pytest.raises(AlreadyExists, match="SHOP-1 is Ana already") as refusal:
        services.create_contact(kind, name="Bo", code="shop-1")

    assert refusal.value.field == "code"


def test_a_code_may_change_its_case() -> None:
    customer = services.create_contact(Customer, name="Ana", code="shop-1")

    services.revise_contact(Customer, customer.id, version=1, code="SHOP-1")

    assert customer.code == "SHOP-1"


@pytest.mark.parametrize("kind", KINDS)
def test_a_contact_is_changed_and_its_history_tells(kind: Kind) -> None:
    contact: Any = services.create_contact(kind, name="Ana", city="Rome")

    services.revise_contact(kind, contact.id, version=1, name="Ana Rossi", code=contact.code)

    entry = db.session.scalars(audit.history(contact)).first()
    assert contact.version == 2
    assert entry is not None
    assert entry.changes == {"name": ["Ana", "Ana Rossi"]}


@pytest.mark.parametrize("kind", KINDS)
def test_an_old_version_is_refused_with_both_values(kind: Kind) -> None:
    contact: Any = services.create_contact(kind, name="Ana")
    services.revise_contact(kind, contact.id, version=1, name="Ana Rossi")

    with pytest.raises(StaleVersion) as refusal:
        services.revise_contact(kind, contact.id, version=1, name="Anna")

    assert refusal.value.conflicts == {"name": ("Ana Rossi", "Anna")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_contact_is_deactivated_and_activated(kind: Kind) -> None:
    contact: Any = services.create_contact(kind, name="Ana")

    assert not services.deactivate_contact(kind, contact.id).is_active
    assert services.activate_contact(kind, contact.id, version=2).is_active


def test_a_shipping_address_keeps_only_what_it_says() -> None:
    customer = services.create_contact(
        Customer, name="Ana", shipping_address={"line1": " Via 1 ", "city": "", "country": "it"}
    )

    assert customer.shipping_address == {"line1": "Via 1", "country": "IT"}


def test_a_strange_shipping_country_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_contact(Customer, name="Ana", shipping_address={"country": "Mars"})

    assert refusal.value.field == "shipping_address"


def test_a_sales_rep_is_an_active_user() -> None:
    gone = UserFactory.create(is_active=False)

    with pytest.raises(Invalid) as refusal:
        services.create_contact(Customer, name="Ana", sales_rep_id=gone.id)

    assert refusal.value.field == "sales_rep_id"


def test_a_sales_rep_who_has_left_may_stay_until_there_is_another() -> None:
    gone = UserFactory.create(is_active=False)
    customer = CustomerFactory.create(sales_rep_id=gone.id)

    services.revise_contact(Customer, customer.id, version=1, name="Ana", sales_rep_id=gone.id)

    assert customer.name == "Ana"


@pytest.mark.committed
def test_of_two_who_take_one_code_at_once_the_slower_hears_of_it(app: Flask) -> None:
    create = partial(services.create_contact, Customer, code="SHOP-1")

    results = at_once(app, partial(create, name="Ana"), partial(create, name="Bo"))

    refusals = [result for result in results if isinstance(result, AlreadyExists)]
    assert [refusal.field for refusal in refusals] == ["code"]
