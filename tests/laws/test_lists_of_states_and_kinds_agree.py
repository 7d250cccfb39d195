"""A state, a kind or a reason stands in several lists: each has all of them, or a part."""

import re
from pathlib import Path

from app.orders.models import (
    ADDRESS,
    IN_HAND,
    OPEN,
    STATUSES,
    TRANSITIONS,
    WAITING,
    ItemDraft,
    OrderItem,
    OrderLine,
    SalesOrder,
)
from app.stock.models import (
    ADJUSTMENTS,
    HOLDS_STOCK,
    KINDS,
    OTHER_ENDS,
    PARENT_KINDS,
    REASONS,
    VIRTUAL,
    WRITE_OFFS,
)
from tests.laws import sides

BADGE = r"ui\.badge\([^,(){}]+, [\"']([a-z]+)[\"']"


def test_every_state_of_an_order_says_what_may_follow() -> None:
    assert TRANSITIONS.keys() == STATUSES.keys()
    assert {state for after in TRANSITIONS.values() for state in after} <= set(STATUSES)


def test_every_state_of_an_order_can_be_reached() -> None:
    assert {state for after in TRANSITIONS.values() for state in after} | {"draft"} == set(
        STATUSES
    )


def test_every_state_of_an_order_is_open_or_not_owed() -> None:
    assert set(OPEN) | {"draft", "shipped", "cancelled"} == set(STATUSES)
    assert {*WAITING, *IN_HAND} <= set(OPEN)
    assert not set(WAITING) & set(IN_HAND)


def test_every_kind_of_location_says_where_it_may_lie() -> None:
    assert PARENT_KINDS.keys() == KINDS.keys()
    assert {kind for kinds in PARENT_KINDS.values() for kind in kinds if kind} <= set(KINDS)


def test_every_kind_of_location_holds_stock_or_is_virtual_or_has_others_in_it() -> None:
    parents = {kind for kinds in PARENT_KINDS.values() for kind in kinds if kind}

    assert sorted([*HOLDS_STOCK, *VIRTUAL, *parents]) == sorted(KINDS)


def test_every_reason_of_a_special_list_is_a_reason() -> None:
    assert {*WRITE_OFFS, *ADJUSTMENTS, *OTHER_ENDS} <= set(REASONS)
    assert set(OTHER_ENDS.values()) <= set(VIRTUAL)


def test_an_address_of_an_order_is_all_of_its_columns() -> None:
    columns = {n for n in sides.columns(SalesOrder) if n.startswith("ship_")}

    assert set(ADDRESS) == columns - {"ship_by"}


def test_a_new_line_begins_with_every_number_that_begins_at_zero() -> None:
    table = OrderLine.__table__.c
    zero = {
        c.name for c in table if c.default is not None and getattr(c.default, "arg", None) == 0
    }

    line = OrderLine()

    assert {name for name in zero if getattr(line, name) == 0} == zero
    assert zero >= {"quantity_cancelled", "quantity_picked", "unit_price", "total"}


def test_a_draft_of_a_line_says_what_a_line_says() -> None:
    said_by_the_product = {"is_bundle"}
    assert set(ItemDraft._fields) == set(OrderItem._fields) - said_by_the_product
    assert set(OrderItem._fields) <= sides.columns(OrderLine) | {"id"}


def test_every_kind_of_badge_has_its_colour() -> None:
    """A badge of a kind without a rule is grey, and says nothing."""
    kinds: set[str] = set()
    for template in Path("templates").rglob("*.html"):
        kinds |= set(
            re.findall(r"ui\.badge\([^,(){}]+, [\"']([a-z]+)[\"']", template.read_text())
        )
    css = "".join(path.read_text() for path in Path("static/css").glob("*.css"))

    assert kinds
    assert {kind for kind in kinds if f".badge.{kind}" not in css} <= {"muted"}
