"""Copies of a made-up history, with other ids and other times: thousands in a second.

A history is what becomes of one order: made once, slowly, in a shop of its own whose ids lie
where no other number does. Its texts are cut there, and new ids and times are put in.
"""

import json
import re
from typing import NamedTuple

from tests.standins.magento import moments
from tests.standins.magento.shop import Shop
from tests.standins.magento.table import Table
from tests.standins.objects import encoded

# What the ids of a history begin with. An address has twice the order's id, or one less.
ORDER, INVOICE, SHIPMENT, NUMBER, ADDRESS, MOMENT = b"11", b"12", b"13", b"14", b"22", b""
START = 1577836800.0  # when a history begins
SLOT = re.compile(rb"(1[1-4]|22)000\d{4}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
BARE = (b'parent_id":"', b'child_id":"')  # texts, but not filled up with zeros
Slot = tuple[bytes, float]  # what comes here, and how far behind the first of it


class Cut(NamedTuple):
    """A text with slots."""

    form: bytes
    slots: list[Slot]


class History(NamedTuple):
    """The rows of one history by table, and how many ids it uses up of each kind."""

    rows: list[tuple[str, Cut, Cut]]
    used: dict[str, int]


KINDS = {"orders": ORDER, "invoices": INVOICE, "shipments": SHIPMENT, "numbers": NUMBER}
LISTS = ("orders", "invoices", "shipments")


def empty_shop(number: int, seed: int) -> tuple[Shop, dict[str, int]]:
    """A shop for the history of that number, and the first ids in it."""
    shop = Shop(lambda: START)
    shop.seed = seed
    first = {name: int(kind) * 10**7 + 1 + number * 10 for name, kind in KINDS.items()}
    for name, key in first.items():
        table(shop, name).next_id = key
    return shop, first


def table(shop: Shop, name: str) -> Table:
    """One of a shop's tables."""
    found: Table = getattr(shop, name)
    return found


def history(shop: Shop, first: dict[str, int]) -> History:
    """Cut what has become of an order in a shop that began with these ids."""
    rows = [
        (name, cut(row.raw, first), cut(encoded(row.columns), first))
        for name in LISTS
        for row in table(shop, name).rows.values()
    ]
    used = {name: table(shop, name).next_id - key for name, key in first.items()}
    return History(rows, used)


def cut(text: bytes, first: dict[str, int]) -> Cut:
    """Cut a text at its ids and moments."""
    start = {kind: first[name] for name, kind in KINDS.items()}
    start[ADDRESS] = 2 * first["orders"]
    form, slots, end = [], [], 0
    for found in SLOT.finditer(text):
        before, kind = text[end : found.start()], found[1] or MOMENT
        said = found[0].decode()
        behind = moments.read(said) - START if kind == MOMENT else int(said) - start[kind]
        form += [before.replace(b"%", b"%%"), mark(kind, text[: found.start()])]
        slots.append((kind, behind))
        end = found.end()
    return Cut(b"".join([*form, text[end:].replace(b"%", b"%%")]), slots)


def mark(kind: bytes, before: bytes) -> bytes:
    """How a slot is filled: a moment as it is, an id inside a text with zeros before it."""
    if kind == MOMENT:
        return b"%b"
    is_text = before.endswith((b'"', b"Z")) and not before.endswith(BARE)
    return b"%09d" if is_text else b"%d"


def stamp(shop: Shop, pattern: History, at: float) -> None:
    """Put a copy of a history into a shop, beginning at a moment."""
    start: dict[bytes, float] = {
        kind: table(shop, name).next_id for name, kind in KINDS.items()
    }
    start[ADDRESS] = 2 * start[ORDER]
    written: dict[float, bytes] = {}
    for name, raw, columns in pattern.rows:
        into = table(shop, name)
        found = json.loads(filled(columns, start, at, written))
        into.put_text(found["entity_id"], found, filled(raw, start, at, written))
    for name, count in pattern.used.items():
        table(shop, name).next_id += count


def filled(
    text: Cut, start: dict[bytes, float], at: float, written: dict[float, bytes]
) -> bytes:
    """Fill the slots; `written` remembers moments that were written before."""
    values: list[bytes | float] = []
    for kind, behind in text.slots:
        if kind:
            values.append(start[kind] + behind)
        else:
            if behind not in written:
                written[behind] = moments.written(at + behind).encode()
            values.append(written[behind])
    return text.form % tuple(values)
