"""Selects over customers and vendors, which are found in the same ways."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import joinedload

from app.catalog.models import Customer, Vendor
from app.core.words import has_words, matching, values_in_use

C = TypeVar("C", bound=Customer | Vendor)

MOST_CHOICES = 2_000  # a list to choose from that is longer is no help


def contacts(
    kind: type[C],
    *,
    search: str = "",
    updated_since: datetime | None = None,
    **filters: Any,
) -> Select[C]:
    """Customers or vendors that a search and all the filters given let through.

    `filters` are `country`, `is_active` and, of customers, `sales_rep_id`; None and empty
    let all through.
    """
    found = select(kind).where(*matching(kind, filters, updated_since=updated_since))
    return found.where(has_words(kind.search, search)) if search.strip() else found


def contact_sorts(kind: type[C]) -> dict[str, SQLColumnExpression[Any]]:
    """What a list of customers or vendors may be sorted by."""
    return {
        "code": func.lower(kind.code),
        "name": kind.name_key,  # é beside e, A beside a
        "company": kind.company,
        "country": kind.country,
        "updated_at": kind.updated_at,
    }


def contact(kind: type[C], contact_id: int) -> Select[C]:
    """One customer or vendor."""
    return select(kind).where(kind.id == contact_id)


def contact_page(kind: type[C], contact_id: int) -> Select[C]:
    """One customer or vendor with all that its page names."""
    found = contact(kind, contact_id)
    return found.options(joinedload(Customer.sales_rep)) if kind is Customer else found


def other_contact_with_code(kind: type[C], code: str, *, contact_id: int | None) -> Select[C]:
    """Another customer or vendor with this code, whatever its case."""
    is_same = func.lower(kind.code) == func.lower(code)
    return select(kind).where(is_same, kind.id.is_distinct_from(contact_id))


def codes_among(kind: type[C], codes: Collection[str]) -> Select[str]:
    """Those of some codes of ours that customers or vendors have, whatever its case there."""
    lower = [code.lower() for code in codes]
    return select(func.upper(kind.code)).where(func.lower(kind.code).in_(lower))


def countries_in_use(kind: type[C]) -> Select[str]:
    """The countries that customers or vendors are in, in order of their codes."""
    return values_in_use(kind.country)


def vendor_choices() -> Select[int, str]:
    """Vendors to filter by: all that are active, by name."""
    return (
        select(Vendor.id, Vendor.name)
        .where(Vendor.is_active)
        .order_by(Vendor.name, Vendor.id)
        .limit(MOST_CHOICES)
    )


def contacts_called(kind: type[C], name: str) -> Select[C]:
    """Contacts with this code, or with just this name; two are enough to be in doubt."""
    code = func.normal_code(name)
    same = or_(func.lower(kind.code) == code, kind.name == name)
    return select(kind).where(same).order_by(func.lower(kind.code) != code)
