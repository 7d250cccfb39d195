"""Customers and vendors for programs: the same calls for both."""

from typing import Any, TypeVar

import marshmallow as ma
from flask import url_for

from app.catalog import queries, services
from app.catalog.api.fields import ListQuery, RecordSchema
from app.catalog.models import Customer, Vendor
from app.catalog.rules import (
    needed,
    parse_code,
    parse_country,
    parse_currency,
    parse_email,
    parse_line,
    parse_text,
)
from app.core.api import (
    Blueprint,
    Sort,
    asked_version,
    heeds_version,
    page_of,
    page_schema,
)
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new, versioned
from app.core.web import one_or_404

C = TypeVar("C", bound=Customer | Vendor)


class ContactSchema(RecordSchema):
    """What customers and vendors have in common."""

    code = Text(parse_code)
    name = Text(needed(parse_line), required=True)
    company = Text(parse_line)
    email = Text(parse_email)
    phone = Text(parse_line)
    address_line1 = Text(parse_line)
    address_line2 = Text(parse_line)
    city = Text(parse_line)
    region = Text(parse_line)
    postal_code = Text(parse_line)
    country = Text(parse_country, metadata={"description": "ISO 3166-1: two letters"})
    currency = Text(parse_currency, metadata={"description": "ISO 4217: three letters"})
    notes = Text(parse_text)


class AddressSchema(ma.Schema):
    """Where goods go."""

    line1 = Text(parse_line)
    line2 = Text(parse_line)
    city = Text(parse_line)
    region = Text(parse_line)
    postal_code = Text(parse_line)
    country = Text(parse_country)


class CustomerSchema(ContactSchema):
    """A customer. Without a code it gets the next free one."""

    shipping_address = ma.fields.Nested(AddressSchema)
    sales_rep_id = ma.fields.Int(strict=True, allow_none=True)


class VendorSchema(ContactSchema):
    """A vendor. Without a code it gets the next free one."""

    lead_time_days = ma.fields.Int(
        strict=True, allow_none=True, validate=ma.validate.Range(min=0, max=10_000)
    )


class ContactQuery(ListQuery):
    """Filters of the list."""

    sort = Sort(queries.contact_sorts(Vendor))  # customers have the same
    country = Text(parse_country, load_default="")


class CustomerQuery(ContactQuery):
    """Filters of the list of customers."""

    sales_rep_id = ma.fields.Int(load_default=None)


SCHEMAS: dict[type[Any], type[ContactSchema]] = {
    Customer: CustomerSchema,
    Vendor: VendorSchema,
}
FILTERS: dict[type[Any], type[ContactQuery]] = {
    Customer: CustomerQuery,
    Vendor: ContactQuery,
}


def contact_api(kind: type[C]) -> Blueprint:
    """Make the calls for customers or for vendors."""
    area = f"{kind.__tablename__}s"
    bp = Blueprint(
        f"{area}_api", __name__, url_prefix=f"/api/v1/{area}", description=area.title()
    )
    _add_list(bp, kind, area)
    _add_create(bp, kind, area)
    _add_record(bp, kind, area)
    _add_changes(bp, kind, area)
    return bp


def _add_list(bp: Blueprint, kind: type[C], area: str) -> None:
    @bp.get("")
    @requires(f"{area}.view")
    @bp.arguments(FILTERS[kind], location="query")
    @bp.response(200, page_schema(SCHEMAS[kind]))
    def list_contacts(query: dict[str, Any]) -> dict[str, Any]:
        """List them."""
        paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
        found = queries.contacts(kind, search=query.pop("q"), **query)
        return page_of(found, paging, sorts=queries.contact_sorts(kind))


def _add_create(bp: Blueprint, kind: type[C], area: str) -> None:
    @bp.post("")
    @requires(f"{area}.edit")
    @idempotent
    @bp.arguments(for_new(SCHEMAS[kind]))
    @bp.response(201, SCHEMAS[kind])
    @bp.alt_response(409, description="The code is taken")
    def create_contact(values: dict[str, Any]) -> tuple[C, int, dict[str, str]]:
        """Add one."""
        contact = services.create_contact(kind, **values)
        location = url_for(f"{area}_api.get_contact", contact_id=contact.id)
        return contact, 201, {"Location": location, **versioned(contact)}


def _add_record(bp: Blueprint, kind: type[C], area: str) -> None:
    @bp.get("/<int:contact_id>")
    @requires(f"{area}.view")
    @bp.response(200, SCHEMAS[kind])
    def get_contact(contact_id: int) -> tuple[C, int, dict[str, str]]:
        """Show one. Its ETag is the version that a change is based on."""
        contact = one_or_404(queries.contact(kind, contact_id))
        return contact, 200, versioned(contact)


def _add_changes(bp: Blueprint, kind: type[C], area: str) -> None:
    @bp.put("/<int:contact_id>")
    @requires(f"{area}.edit")
    @idempotent
    @bp.arguments(for_changes(SCHEMAS[kind]))
    @bp.response(200, SCHEMAS[kind])
    @bp.alt_response(409, description="A stale version, or a code that is taken")
    def update_contact(
        changes: dict[str, Any], contact_id: int
    ) -> tuple[C, int, dict[str, str]]:
        """Change one; fields that are not sent stay as they are.

        With `version`, or the version as `If-Match`, only if nobody has changed it since.
        """
        one_or_404(queries.contact(kind, contact_id))
        version = asked_version(changes)
        contact = services.revise_contact(kind, contact_id, version=version, **changes)
        return contact, 200, versioned(contact)

    @bp.delete("/<int:contact_id>")
    @requires(f"{area}.edit")
    @heeds_version
    @idempotent
    @bp.response(204)
    def delete_contact(contact_id: int) -> None:
        """Deactivate one: what refers to it stays."""
        one_or_404(queries.contact(kind, contact_id))
        services.deactivate_contact(kind, contact_id, version=asked_version({}))
