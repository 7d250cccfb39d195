"""`/api/customers`: address and state, as the small ERP named them."""

from typing import Any

import marshmallow as ma
from flask import url_for

from app.catalog import queries, services
from app.catalog.api.contacts import ContactQuery
from app.catalog.api.fields import RecordSchema
from app.catalog.models import Customer
from app.catalog.rules import needed, parse_country, parse_email, parse_line, parse_text
from app.core.api import Blueprint, asked_version, page_of, page_schema
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, versioned
from app.core.web import one_or_404

bp = Blueprint(
    "alias_customers",
    __name__,
    url_prefix="/api/customers",
    description="Older address of /api/v1/customers",
)

Answer = tuple[Customer, int, dict[str, str]]


class PlainCustomerSchema(RecordSchema):
    """A customer, whose address is one line."""

    code = Text(parse_line)
    name = Text(needed(parse_line))
    company = Text(parse_line)
    email = Text(parse_email)
    phone = Text(parse_line)
    address = Text(parse_line, attribute="address_line1")
    city = Text(parse_line)
    state = Text(parse_line, attribute="region")
    postal_code = Text(parse_line)
    country = Text(parse_country, metadata={"description": "ISO 3166-1: two letters"})
    notes = Text(parse_text)


class PlainNewCustomerSchema(PlainCustomerSchema):
    """A customer to be made."""

    class Meta:
        """It has no version yet."""

        exclude = ("version",)

    name = Text(needed(parse_line), required=True)


class PlainCustomerQuery(ContactQuery):
    """Filters of the list."""

    sales_rep_id = ma.fields.Int(load_default=None)


@bp.get("")
@requires("customers.view")
@bp.doc(deprecated=True)
@bp.arguments(PlainCustomerQuery, location="query")
@bp.response(200, page_schema(PlainCustomerSchema))
def list_customers(query: dict[str, Any]) -> dict[str, Any]:
    """List customers."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.contacts(Customer, search=query.pop("q"), **query)
    return page_of(found, paging, sorts=queries.contact_sorts(Customer))


@bp.post("")
@requires("customers.edit")
@sent_as(address_line1="address", region="state")
@idempotent
@bp.doc(deprecated=True)
@bp.arguments(PlainNewCustomerSchema)
@bp.response(201, PlainCustomerSchema)
@bp.alt_response(409, description="The code is taken")
def create_customer(values: dict[str, Any]) -> Answer:
    """Add a customer."""
    customer = services.create_contact(Customer, **values)
    location = url_for("alias_customers.get_customer", customer_id=customer.id)
    return customer, 201, {"Location": location, **versioned(customer)}


@bp.get("/<int:customer_id>")
@requires("customers.view")
@bp.doc(deprecated=True)
@bp.response(200, PlainCustomerSchema)
def get_customer(customer_id: int) -> Answer:
    """Show a customer."""
    customer = one_or_404(queries.contact(Customer, customer_id))
    return customer, 200, versioned(customer)


@bp.put("/<int:customer_id>")
@requires("customers.edit")
@sent_as(address_line1="address", region="state")
@idempotent
@bp.doc(deprecated=True)
@bp.arguments(PlainCustomerSchema)
@bp.response(200, PlainCustomerSchema)
@bp.alt_response(409, description="A stale version, or a code that is taken")
def update_customer(changes: dict[str, Any], customer_id: int) -> Answer:
    """Change a customer; fields that are not sent stay as they are."""
    one_or_404(queries.contact(Customer, customer_id))
    version = asked_version(changes)
    customer = services.revise_contact(Customer, customer_id, version=version, **changes)
    return customer, 200, versioned(customer)


@bp.delete("/<int:customer_id>")
@requires("customers.edit")
@idempotent
@bp.doc(deprecated=True)
@bp.response(204)
def delete_customer(customer_id: int) -> None:
    """Deactivate a customer: what refers to them stays."""
    one_or_404(queries.contact(Customer, customer_id))
    services.deactivate_contact(Customer, customer_id)
