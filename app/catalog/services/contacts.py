"""Customers and vendors are made, changed, deactivated and activated in the same ways."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalog import queries
from app.catalog.events import CustomerChanged, VendorChanged
from app.catalog.models import Customer, Vendor
from app.catalog.rules import (
    Rule,
    needed,
    parse_code,
    parse_country,
    parse_currency,
    parse_email,
    parse_line,
    parse_text,
)
from app.core.checks import checked, named_when_taken
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.events import publish
from app.core.settings import setting
from app.core.uses import ensure_unused

C = TypeVar("C", bound=Customer | Vendor)

ADDRESS = {
    "line1": parse_line,
    "line2": parse_line,
    "city": parse_line,
    "region": parse_line,
    "postal_code": parse_line,
    "country": parse_country,
}


def _shipping_address(address: Mapping[str, str | None]) -> dict[str, str]:
    """Keep the lines that say something."""
    lines = {name: ADDRESS[name](line) for name, line in address.items() if line}
    return {name: line for name, line in lines.items() if line}


RULES: dict[str, Rule] = {
    "code": needed(parse_code),
    "name": needed(parse_line),
    "company": parse_line,
    "email": parse_email,
    "phone": parse_line,
    "address_line1": parse_line,
    "address_line2": parse_line,
    "city": parse_line,
    "region": parse_line,
    "postal_code": parse_line,
    "country": parse_country,
    "currency": parse_currency,
    "notes": parse_text,
    "shipping_address": _shipping_address,
}


@named_when_taken
def create_contact(kind: type[C], *, name: str, code: str = "", **values: Any) -> C:
    """Add a customer or a vendor; without a code it gets the next free one.

    Raises:
        AlreadyExists: Another one has the code.
        Invalid: A value does not fit.
    """
    values.setdefault("currency", setting("currency"))
    with transaction() as session:
        code = code.strip() or _free_code(session, kind)
        kept = checked({"code": code, "name": name, **values}, RULES)
        _refuse_strange(session, kind, kept, contact_id=None)
        contact = kind(**kept)
        session.add(contact)
        session.flush()
        _publish(contact)
    return contact


def create_contacts(kind: type[C], wanted: Sequence[Mapping[str, Any]]) -> list[C]:
    """Add several without codes of their own, in few statements; else as `create_contact`.

    Raises:
        Invalid: A value of one does not fit.
    """
    if not wanted:
        return []
    with transaction() as session:
        codes = _free_codes(session, kind, len(wanted))
        made = [
            kind(**checked({"code": code, "currency": setting("currency"), **values}, RULES))
            for code, values in zip(codes, wanted, strict=True)
        ]
        session.add_all(made)
        session.flush()
        for contact in made:
            _publish(contact)
    return made


@named_when_taken
def revise_contact(kind: type[C], contact_id: int, *, version: int | None, **changes: Any) -> C:
    """Change a customer or a vendor as it was in `version`; what is not given stays.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another one has the code.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        contact = session.scalars(locked(queries.contact(kind, contact_id), kind)).one()
        with session.no_autoflush:
            new = contact.revise(version=version, **kept)
            if new.get("is_active") is False:
                ensure_unused(contact)
            _refuse_strange(session, kind, new, contact_id=contact.id)
        session.flush()
        if new:
            _publish(contact)
    return contact


def deactivate_contact(kind: type[C], contact_id: int, *, version: int | None = None) -> C:
    """Take a customer or a vendor out of use. What refers to it stays.

    Raises:
        InUse: Orders of the customer are open, or products come from the vendor.
    """
    with transaction() as session:
        contact = session.scalars(locked(queries.contact(kind, contact_id), kind)).one()
        contact.merge(version=version)  # decided of the contact as it was seen
        return revise_contact(kind, contact_id, version=None, is_active=False)


def activate_contact(kind: type[C], contact_id: int, *, version: int | None = None) -> C:
    """Take a customer or a vendor into use again."""
    return revise_contact(kind, contact_id, version=version, is_active=True)


def _free_code(session: Session, kind: type[C]) -> str:
    """Give the next number that nobody has typed before it came up."""
    while True:
        number = session.scalar(text(f"SELECT nextval('{kind.__tablename__}_code_seq')"))
        code = f"{kind.code_prefix}-{number:05}"
        same = queries.other_contact_with_code(kind, code, contact_id=None)
        if session.scalars(same).one_or_none() is None:
            return code


def _free_codes(session: Session, kind: type[C], count: int) -> list[str]:
    draw = text("SELECT nextval(:sequence) FROM generate_series(1, :count)")
    sequence = f"{kind.__tablename__}_code_seq"
    free: list[str] = []
    while len(free) < count:
        drawn = session.scalars(draw, {"sequence": sequence, "count": count - len(free)})
        codes = [f"{kind.code_prefix}-{number:05}" for number in drawn]
        taken = set(session.scalars(queries.codes_among(kind, codes)))
        free += [code for code in codes if code not in taken]
    return free


def _refuse_strange(
    session: Session, kind: type[C], kept: dict[str, Any], *, contact_id: int | None
) -> None:
    """Refuse a code that is taken, and a sales rep who is not at work."""
    if "code" in kept:
        same = queries.other_contact_with_code(kind, kept["code"], contact_id=contact_id)
        if other := session.scalars(same).one_or_none():
            raise AlreadyExists("code", f"{other.code} is {other.name} already.")
    if (rep_id := kept.get("sales_rep_id")) is not None and not _is_at_work(session, rep_id):
        raise Invalid("sales_rep_id", "There is no such active user.")


def _is_at_work(session: Session, user_id: int) -> bool:
    user = select(User.id).where(User.id == user_id, User.is_active)
    return session.scalar(user) is not None


def _publish(contact: Customer | Vendor) -> None:
    if isinstance(contact, Customer):
        publish(CustomerChanged(customer_id=contact.id))
    else:
        publish(VendorChanged(vendor_id=contact.id))
