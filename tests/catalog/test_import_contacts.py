"""Customers and vendors from files."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Vendor
from app.core.audit import AuditEntry
from tests.factories import CustomerFactory, UserFactory, VendorFactory
from tests.imports.samples import counts, errors, imported


def the_customer(session: Session, code: str = "C1") -> Customer:
    session.expire_all()
    return session.scalars(select(Customer).where(Customer.code == code)).one()


def test_vendors_are_created_and_updated_by_their_code_in_any_case(session: Session) -> None:
    VendorFactory.create(code="acme", name="Acme", city="Rome")
    header = "Account number", "Vendor name", "City", "Lead time", "Country"

    result = imported(
        "vendors",
        header,
        ("ACME", "Acme Inc", "", "7", "Germany"),
        ("V2", "Bolt", "Bern", "", ""),
    )

    session.expire_all()
    acme, bolt = session.query(Vendor).order_by(Vendor.id).all()
    assert counts(result) == (1, 1, 0, 0)
    assert (acme.code, acme.name, acme.city, acme.lead_time_days) == (
        "acme",
        "Acme Inc",
        "Rome",
        7,
    )
    assert (acme.country, acme.version) == ("DE", 2)
    assert (bolt.code, bolt.city, bolt.currency, bolt.lead_time_days) == (
        "V2",
        "Bern",
        "USD",
        None,
    )


def test_the_same_vendors_twice_change_nothing(session: Session) -> None:
    rows = ("Code", "Name", "Active"), ("V1", "Acme", "no")
    imported("vendors", *rows)

    result = imported("vendors", *rows)

    assert counts(result) == (0, 0, 1, 0)
    assert session.query(Vendor.version).all() == [(1,)]


def test_codes_that_differ_in_case_only_are_the_same_within_a_file(session: Session) -> None:
    result = imported("vendors", ("Code", "Name"), ("v1", "Acme"), ("V1", "Bolt"))

    assert errors(result) == [(3, "code", "The same Code is in row 2 already.")]


def test_a_sales_rep_is_found_by_username_or_email(session: Session) -> None:
    rep = UserFactory.create(username="Ana", email="ana@example.com")
    header = "Code", "Name", "Sales rep"

    imported("customers", header, ("C1", "One", "ANA"), ("C2", "Two", "Ana@Example.com"))

    assert the_customer(session).sales_rep_id == rep.id
    assert the_customer(session, "C2").sales_rep_id == rep.id


@pytest.mark.parametrize("is_active", [None, False])
def test_a_sales_rep_who_is_not_at_work_is_refused(
    session: Session, is_active: bool | None
) -> None:
    if is_active is not None:
        UserFactory.create(username="ana", is_active=is_active)

    result = imported("customers", ("Code", "Name", "Sales rep"), ("C1", "One", "ana"))

    reason = "There is no active user with this username or e-mail address."
    assert errors(result) == [(2, "sales_rep", reason)]


def test_lines_of_the_shipping_address_are_added_to_those_that_are_there(
    session: Session,
) -> None:
    CustomerFactory.create(
        code="C1", name="One", shipping_address={"city": "Bern", "line1": "A"}
    )
    header = "Code", "Name", "Shipping line 1", "Shipping city"

    result = imported("customers", header, ("C1", "", "B", ""), ("C2", "Two", "", ""))

    assert counts(result) == (1, 1, 0, 0)
    assert the_customer(session).shipping_address == {"city": "Bern", "line1": "B"}
    assert the_customer(session, "C2").shipping_address == {}


def test_a_shipping_address_that_is_the_same_changes_nothing(session: Session) -> None:
    rows = ("Code", "Name", "Shipping city"), ("C1", "One", "Bern")
    imported("customers", *rows)
    written = session.query(AuditEntry).filter_by(record_type="customer").count()

    result = imported("customers", *rows)

    assert counts(result) == (0, 0, 1, 0)
    assert the_customer(session).version == 1
    assert written == 1


def test_the_history_of_a_new_customer_names_what_the_file_said(session: Session) -> None:
    imported("customers", ("Code", "Name", "Email"), ("C1", "One", "one@example.com"))

    (entry,) = session.query(AuditEntry).filter_by(record_type="customer").all()
    assert entry.changes == {
        "code": ["", "C1"],
        "name": ["", "One"],
        "email": ["", "one@example.com"],
        "currency": ["", "USD"],
    }


def test_an_address_that_is_none_is_refused(session: Session) -> None:
    result = imported("customers", ("Code", "Name", "Email"), ("C1", "One", "one at home"))

    assert errors(result) == [(2, "email", "one at home is no e-mail address.")]
