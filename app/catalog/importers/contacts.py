"""Customers and vendors from a file, and into one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Select,
    case,
    func,
    literal,
    or_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.models import User
from app.catalog import queries
from app.catalog.importers.filters import is_in_use, searched, text
from app.catalog.importers.foreign_columns import CONTACTS as ELSEWHERE
from app.catalog.models import Customer, Vendor
from app.catalog.rules import (
    parse_code,
    parse_country,
    parse_currency,
    parse_email,
    parse_line,
    parse_text,
)
from app.core.settings import setting
from app.imports.definition import ASK_OWN_CODES, Field, Importer
from app.imports.parsers import code, days, no_number, own_code, yes_or_no
from app.imports.upsert import Columns, Upsert

ADDRESS = {
    "address_line1": ("Address line 1", ("address", "street", "address 1", "Straße")),
    "address_line2": ("Address line 2", ("address 2", "street 2")),
    "city": ("City", ("town", "Ort", "Ville")),
    "region": ("Region", ("state", "province", "county")),
    "postal_code": ("Postal code", ("zip", "zip code", "postcode", "PLZ", "code postal")),
}
SHIPPING = ("line1", "line2", "city", "region", "postal_code", "country")


def _read_as(part: str) -> dict[str, Any]:
    """How a part of an address is read."""
    if part == "postal_code":
        return no_number(parse_line)
    return {"parse": parse_country if part == "country" else parse_line}


def _fields(who: str, *numbers: str) -> tuple[Field, ...]:
    """What customers and vendors have in common."""
    address = [
        Field(
            name=name,
            label=label,
            **_read_as(name),
            aliases=(*aliases, *ELSEWHERE[name]),
        )
        for name, (label, aliases) in ADDRESS.items()
    ]
    return (
        Field(
            name="code",
            label="Code",
            parse=code(parse_code),
            parse_own=own_code(parse_code),
            aliases=(
                *(f"{who} code", f"{who} number", f"{who} no", f"{who} id", *numbers),
                *ELSEWHERE["code"],
            ),
            hint="How they are matched; everybody has another one.",
        ),
        Field(
            name="name",
            label="Name",
            parse=parse_line,
            aliases=(f"{who} name", f"{who}", "display name", "full name", *ELSEWHERE["name"]),
            hint="A new one needs it.",
        ),
        Field(
            name="company",
            label="Company",
            parse=parse_line,
            aliases=("company name", *ELSEWHERE["company"]),
        ),
        Field(
            name="email",
            label="Email",
            parse=parse_email,
            aliases=("email address", *ELSEWHERE["email"]),
        ),
        Field(
            name="phone",
            label="Phone",
            **no_number(parse_line),
            aliases=("telephone", "mobile", *ELSEWHERE["phone"]),
        ),
        *address,
        Field(
            name="country",
            label="Country",
            parse=parse_country,
            aliases=("country code", *ELSEWHERE["country"]),
        ),
        Field(
            name="currency", label="Currency", parse=parse_currency, aliases=("currency code",)
        ),
        Field(name="notes", label="Notes", parse=parse_text, aliases=("note", "comment")),
        Field(
            name="is_active",
            label="Active",
            parse=yes_or_no,
            type=Boolean(),
            aliases=("status", "enabled", "active flag"),
        ),
    )


CUSTOMER_FIELDS = (
    *_fields("customer", "client number", "account number", "Kundennr"),
    Field(
        name="sales_rep",
        label="Sales rep",
        parse=parse_line,
        aliases=("rep", "account manager", "salesperson"),
        hint="The username or the e-mail address of a user.",
    ),
    *[
        Field(
            name=f"shipping_{name}",
            label=f"Shipping {name.replace('_', ' ').replace('line', 'line ')}",
            **_read_as(name),
            aliases=(f"ship to {name.replace('_', ' ')}",),
        )
        for name in SHIPPING
    ],
)
VENDOR_FIELDS = (
    *_fields("vendor", "supplier code", "supplier number", "account number"),
    Field(
        name="lead_time_days",
        label="Lead time in days",
        parse=days,
        type=BigInteger(),
        is_number=True,
        aliases=("lead time", "average lead time"),
    ),
)


class ContactUpsert(Upsert):
    """Loads customers or vendors, matched by their code in whatever case."""

    key = "code"
    required: ClassVar[Mapping[str, str]] = {"name": "A new one needs a name."}

    def normal_key(self) -> ColumnElement[Any]:
        """Their codes are tidy already: case is all that is left."""
        return func.lower(self.table.c.code)

    def defaults(self) -> Mapping[str, Any]:
        """They trade in the company's currency, if nobody says otherwise."""
        return {"currency": setting("currency")}


class VendorUpsert(ContactUpsert):
    """Loads vendors."""

    model = Vendor


class CustomerUpsert(ContactUpsert):
    """Loads customers, with their sales rep and the address where goods go."""

    model = Customer

    def resolve(self) -> None:
        """Find the sales reps."""
        if "sales_rep" not in self.staging.mapped:
            return
        rows, rep = self.rows.c, func.lower(self.rows.c.sales_rep)
        is_named = or_(func.lower(User.username) == rep, func.lower(User.email) == rep)
        found = update(self.rows).values(sales_rep_id=User.id)
        self.session.execute(found.where(is_named, User.is_active))
        unknown = rows.sales_rep.is_not(None) & rows.sales_rep_id.is_(None)
        reason = "There is no active user with this username or e-mail address."
        self.staging.refuse_where("sales_rep", unknown, reason)

    def loaded(self) -> Columns:
        """The sales rep is loaded by id, the lines of the shipping address together."""
        columns = dict(super().loaded())
        if "sales_rep" in self.staging.mapped:
            columns["sales_rep_id"] = self.rows.c.sales_rep_id
        parts = [n for n in SHIPPING if f"shipping_{n}" in self.staging.mapped]
        if parts:
            given = {name: self.rows.c[f"shipping_{name}"] for name in parts}
            pairs = [item for name, value in given.items() for item in (literal(name), value)]
            new = func.jsonb_strip_nulls(func.jsonb_build_object(*pairs))
            known = func.coalesce(Customer.shipping_address, literal({}, JSONB))
            is_given = or_(*[value.is_not(None) for value in given.values()])
            columns["shipping_address"] = case((is_given, known.op("||")(new)))
        return columns

    def defaults(self) -> Mapping[str, Any]:
        """Goods go to the customer's own address."""
        return {**super().defaults(), "shipping_address": {}}


def _exported(kind: Any, filters: Mapping[str, str]) -> Select[Any]:
    fields = CUSTOMER_FIELDS if kind is Customer else VENDOR_FIELDS
    other: dict[str, Any] = {"sales_rep": User.username}
    for name in SHIPPING:
        other[f"shipping_{name}"] = Customer.shipping_address[name].astext
    columns: list[Any] = [other.get(f.name, getattr(kind, f.name, None)) for f in fields]
    contacts: Select[Any] = queries.contacts(
        kind,
        search=searched(filters),
        country=text(filters, "country"),
        is_active=is_in_use(filters),
    )
    found = contacts.with_only_columns(*columns)
    if kind is Customer:
        found = found.outerjoin(User, User.id == Customer.sales_rep_id)
    return found.order_by(func.lower(kind.code))


def export_customers(filters: Mapping[str, str]) -> Select[Any]:
    """The customers that the filters of their list let through."""
    return _exported(Customer, filters)


def export_vendors(filters: Mapping[str, str]) -> Select[Any]:
    """The vendors that the filters of their list let through."""
    return _exported(Vendor, filters)


CUSTOMERS = Importer(
    kind="customers",
    label="Customers",
    permission="customers.import",
    fields=CUSTOMER_FIELDS,
    key=("code",),
    options=ASK_OWN_CODES,
    load=lambda staging: CustomerUpsert(staging)(),
    export=export_customers,
    scratch={"sales_rep_id": BigInteger()},
)
VENDORS = Importer(
    kind="vendors",
    label="Vendors",
    permission="vendors.import",
    fields=VENDOR_FIELDS,
    key=("code",),
    options=ASK_OWN_CODES,
    load=lambda staging: VendorUpsert(staging)(),
    export=export_vendors,
)
