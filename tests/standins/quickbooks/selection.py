"""Finds the objects that a query asks for."""

import re
from collections.abc import Callable
from typing import Any

from tests.standins.objects import Object
from tests.standins.quickbooks import moments
from tests.standins.quickbooks.company import ENTITIES, NAMES, Company
from tests.standins.quickbooks.grammar import Condition, Query, QueryError
from tests.standins.quickbooks.table import Row, Table

Test = Callable[[Row], bool]
PERSON = (
    "DisplayName GivenName FamilyName CompanyName PrintOnCheckName PrimaryEmailAddr "
    "PrimaryPhone Balance"
)
PAPER = "DocNumber TxnDate DueDate TotalAmt Balance"
EVERY = "Id Active MetaData.CreateTime MetaData.LastUpdatedTime"
FIELDS = {
    "Customer": f"{PERSON} FullyQualifiedName Taxable Job ParentRef",
    "Vendor": f"{PERSON} Vendor1099 AcctNum",
    "Item": (
        "Name FullyQualifiedName Sku Type Description UnitPrice PurchaseCost QtyOnHand "
        "ParentRef SubItem Taxable TrackQtyOnHand"
    ),
    "Invoice": f"{PAPER} CustomerRef",
    "Bill": f"{PAPER} VendorRef APAccountRef",
    "PurchaseOrder": f"{PAPER} VendorRef APAccountRef POStatus",
    "SalesReceipt": f"{PAPER} CustomerRef",
    "CreditMemo": f"{PAPER} CustomerRef",
    "Estimate": f"{PAPER} CustomerRef TxnStatus",
    "Payment": f"{PAPER} CustomerRef PaymentRefNum",
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: one == other,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


def entity_called(name: str) -> str:
    """The entity of that name, whatever its case. Raises QueryError."""
    for entity in ENTITIES:
        if entity.lower() == name.lower():
            return entity
    raise QueryError(f"QueryValidationError: invalid context declaration: {name}", "4001")


def matches(company: Company, query: Query) -> tuple[Table, list[int]]:
    """The ids a query means, in order, of all pages. Raises QueryError."""
    entity = entity_called(query.entity)
    table = company.tables[entity]
    for name in [one.field for one in query.conditions] + [query.order or "Id"]:
        check_field(entity, name)
    asked = (tuple(query.conditions), query.order, query.descending)
    if asked not in table.found:
        table.remember(asked, find(entity, table, query))
    return table, table.found[asked]


def find(entity: str, table: Table, query: Query) -> list[int]:
    """Look for the objects that a query means."""
    states, rest = split(query.conditions)
    hidden = entity in NAMES and not states
    ids = table.ids(with_inactive=not hidden and both(states))
    if states and not both(states) and "false" in states:
        ids = [number for number in table.all if not table.rows[number].active]
    tests = sorted((test(one) for one in rest), key=lambda pair: pair[0])
    if tests:
        ids = [n for n in ids if all(check(table.rows[n]) for _, check in tests)]
    return ordered(table, ids, query)


def check_field(entity: str, name: str) -> None:
    """Refuse a field that cannot be asked for."""
    if name.lower() not in f"{FIELDS[entity]} {EVERY}".lower().split():
        raise QueryError(
            f"QueryValidationError: Property {name} not found for Entity {entity}", "4001"
        )


def split(conditions: list[Condition]) -> tuple[set[str], list[Condition]]:
    """Part the wanted values of Active from the other conditions."""
    about = [one for one in conditions if one.field.lower() == "active"]
    states = {value.lower() for one in about for value in one.values}
    return states, [one for one in conditions if one not in about]


def both(states: set[str]) -> bool:
    """Whether active and inactive objects are wanted alike."""
    return not states or states == {"true", "false"}


def test(condition: Condition) -> tuple[int, Test]:
    """Make a check of one condition; the cheap ones (0) need not read the object."""
    path = condition.field.lower()
    if path == "metadata.lastupdatedtime":
        return 0, compared(condition, lambda row: row.updated, moment)
    if path == "id":
        return 0, compared(condition, lambda row: row.id, int)
    if path == "metadata.createtime":
        return 1, compared(condition, created, moment)
    return 1, read_and_compared(condition)


def compared(
    condition: Condition, get: Callable[[Row], float], read: Callable[[str], float]
) -> Test:
    """Compare a number of the row itself."""
    try:
        values = [read(value) for value in condition.values]
    except ValueError as error:
        detail = f"QueryValidationError: value for {condition.field} is invalid: {error}"
        raise QueryError(detail, "4001") from error
    if condition.operator == "LIKE":
        raise QueryError(
            f"QueryValidationError: LIKE is not supported for {condition.field}", "4001"
        )
    how = COMPARISONS["=" if condition.operator == "IN" else condition.operator]
    if len(values) == 1:
        return lambda row: how(get(row), values[0])
    return lambda row: any(how(get(row), value) for value in values)


def moment(text: str) -> float:
    """Read a moment; a plus sign that came undone in the address is mended."""
    return moments.read(text.replace(" ", "+"))


def created(row: Row) -> float:
    """When the object was made."""
    return moments.read(row.fields["MetaData"]["CreateTime"])


def read_and_compared(condition: Condition) -> Test:
    """Compare a field inside the object: texts regardless of case, numbers as numbers."""
    like = pattern(condition.values[0]) if condition.operator == "LIKE" else None

    def check(row: Row) -> bool:
        value = simple(field(row.fields, condition.field))
        if like:
            return value is not None and bool(like.fullmatch(str(value)))
        return value is not None and any(holds(condition, value, v) for v in condition.values)

    return check


def field(fields: Object, name: str) -> Any:
    """The field of that name, whatever its case."""
    return next((v for k, v in fields.items() if k.lower() == name.lower()), None)


def simple(value: Any) -> Any:
    """What stands for a nested value: a reference's id, an address, a phone number."""
    return next(iter(value.values()), None) if isinstance(value, dict) else value


def holds(condition: Condition, value: Any, wanted: str) -> bool:
    """Compare one value in the way of its own kind."""
    how = COMPARISONS["=" if condition.operator == "IN" else condition.operator]
    if isinstance(value, bool):
        return how(str(value).lower(), wanted.lower())
    if isinstance(value, int | float):
        try:
            return how(value, float(wanted))
        except ValueError:
            return False
    return how(str(value).casefold(), wanted.casefold())


def pattern(like: str) -> re.Pattern[str]:
    """Turn the vendor's % into a regular expression."""
    parts = (re.escape(part) for part in like.split("%"))
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)


def ordered(table: Table, ids: list[int], query: Query) -> list[int]:
    """Sort by the field asked for; ids are numbers, and they are the order by default."""
    path = query.order.lower()
    if path in {"", "id"}:
        return ids[::-1] if query.descending else ids
    if path == "metadata.lastupdatedtime":
        return sorted(ids, key=lambda n: table.rows[n].updated, reverse=query.descending)
    values = {n: sort_key(table.rows[n].fields, query.order) for n in ids}
    return sorted(ids, key=values.__getitem__, reverse=query.descending)


def sort_key(fields: Object, name: str) -> tuple[bool, float, str]:
    """Missing first, then numbers, then texts."""
    value: Any = fields
    for part in name.split("."):
        value = field(value, part) if isinstance(value, dict) else None
    value = simple(value)
    number = float(value) if isinstance(value, int | float) else 0.0
    return value is not None, number, str(value).casefold()
