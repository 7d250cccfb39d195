"""searchCriteria as the vendor reads it: groups are joined by AND, filters inside by OR.

Source: Framework/Api/SearchCriteria, and the collections that carry it out.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.standins.magento.conditions import CONDITIONS
from tests.standins.magento.errors import Refused, internal, required

PREFIX = "searchCriteria"
DIRECTIONS = {"ASC", "DESC"}


class Filter(NamedTuple):
    """One comparison of a column."""

    field: str
    value: str
    condition: str


class Criteria(NamedTuple):
    """What is looked for, in which order, and which page of it; page_size 0: all."""

    groups: tuple[tuple[Filter, ...], ...]
    orders: tuple[tuple[str, str], ...]
    page_size: int
    page: int

    @property
    def told(self) -> dict[str, Any]:
        """The criteria as the answer repeats them."""
        groups = [
            {
                "filters": [
                    {"field": one.field, "value": one.value, "condition_type": one.condition}
                    for one in group
                ]
            }
            for group in self.groups
        ]
        told: dict[str, Any] = {"filter_groups": groups}
        if self.orders:
            told["sort_orders"] = [{"field": f, "direction": d} for f, d in self.orders]
        sizes = {"page_size": self.page_size} if self.page_size else {}
        return told | sizes | {"current_page": self.page}


def parse(query: Mapping[str, str]) -> Criteria:
    """Read the criteria of a query. Raises Refused."""
    if not any(name == PREFIX or name.startswith(f"{PREFIX}[") for name in query):
        raise required(PREFIX)
    tree = nested(query)
    groups = tuple(
        tuple(read_filter(one) for one in rows(pick(group, "filters")))
        for group in rows(pick(tree, "filter_groups"))
    )
    orders = tuple(read_order(one) for one in rows(pick(tree, "sort_orders")))
    size, page = number(pick(tree, "page_size"), 0), number(pick(tree, "current_page"), 1)
    return Criteria(groups, orders, max(size, 0), max(page, 1))


def nested(query: Mapping[str, str]) -> dict[str, Any]:
    """Read `searchCriteria[a][0][b]=c` into dictionaries, as PHP does."""
    tree: dict[str, Any] = {}
    for name, value in query.items():
        if not name.startswith(f"{PREFIX}["):
            continue
        *path, last = re.findall(r"\[([^\]]*)\]", name)
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return tree


def pick(tree: Any, name: str) -> Any:
    """A value in either of the spellings that are taken: page_size and pageSize."""
    if not isinstance(tree, dict):
        return None
    first, *rest = name.split("_")
    return tree.get(name, tree.get(first + "".join(part.title() for part in rest)))


def rows(found: Any) -> list[Any]:
    """The members of a list, which PHP keeps under numbers."""
    return list(found.values()) if isinstance(found, dict) else []


def read_filter(one: Any) -> Filter:
    """Read a filter. Raises Refused."""
    field, condition = pick(one, "field"), pick(one, "condition_type") or "eq"
    if not field:
        raise required("field")
    if condition not in CONDITIONS:
        raise internal()
    return Filter(field, pick(one, "value") or "", condition)


def read_order(one: Any) -> tuple[str, str]:
    """Read a sort order. Raises Refused."""
    direction = (pick(one, "direction") or "DESC").upper()
    if direction not in DIRECTIONS:
        words = (
            "The sort order has to be specified as %1 for ascending order or %2 for descending"
        )
        raise Refused(400, f"{words} order.", ["ASC", "DESC"])
    return pick(one, "field") or "entity_id", direction


def number(text: Any, default: int) -> int:
    """Read a whole number. Raises Refused."""
    if text in (None, ""):
        return default
    try:
        return int(text)
    except ValueError:
        words = 'The "%value" value\'s type is invalid. The "%type" type was expected.'
        more = "Verify and try again."
        raise Refused(400, f"{words} {more}", {"value": text, "type": "int"}) from None


def matches(criteria: Criteria, columns: Mapping[str, Any]) -> bool:
    """Whether a row fulfils the criteria."""
    return all(
        any(fulfils(one, columns) for one in group) for group in criteria.groups if group
    )


def fulfils(one: Filter, columns: Mapping[str, Any]) -> bool:
    """Whether a row fulfils a filter. Raises Refused: there is no such column."""
    if one.field not in columns:
        raise internal()
    have = columns[one.field]
    if have is None:
        return one.condition == "null"
    return CONDITIONS[one.condition](have, one.value)
