"""Whoever raises an alert names a declared kind, every kind is raised, and keys stay."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from app.core.slices import Slices
from app.wiring import SIDE_BAR, SLICES

KINDS = Slices(SLICES, groups=SIDE_BAR).alerts
PERMISSIONS = {
    f"{area}.{verb}"
    for area, verbs in Slices(SLICES, groups=SIDE_BAR).permissions.items()
    for verb in verbs
}
RAISING = ("raise_alert", "keep_alert")
# Programs read the names, and an open alert is found by its key: what changes here needs a
# migration that renames the rows, and a word to programs.
KEYS = {
    "attendance.clock": "attendance:clock:*",
    "attendance.conflict": "attendance:conflict:*",
    "attendance.late": "attendance:late",
    "attendance.silent": "attendance:silent:*",
    "attendance.swap": "attendance:swap:*",
    "backup.missing": "backup",
    "codes.twins": "catalog:twins",
    "connection.deletions": "connection:*:deletions",
    "connection.expires": "connection:*:expires:*",
    "connection.failed": "connection:*:failed",
    "connection.reconnect": "connection:*:reconnect",
    "connection.refused": "connection:*:refused",
    "connection.rejected": "connection:*:rejected",
    "connection.waiting": "connections:waiting",
    "money.disputes": "money:disputes",
    "disk.low": "disk",
    "document.unsent": "sent_document:*",
    "goods.aside": "goods_receipt:*:aside",
    "job.failed": "job:*",
    "lots.expired": "lots:expired:*",
    "lots.expiring": "lots:expiring:*",
    "orders.late": "orders:late",
    "product.low": "reorder:*",
    "purchase_orders.late": "purchase_orders:late",
    "reconcile.discrepancies": "reconcile:discrepancies",
    "stock.ledger": "stock:ledger",
    "transfers.late": "transfers:late",
    "webhook.failed": "webhook:*",
}


def raised() -> Iterator[tuple[str, dict[str | None, ast.expr]]]:
    """Each call that raises one: where it stands, and what it says by name."""
    for path in Path("app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISING:
                yield f"{path}:{node.lineno}", {one.arg: one.value for one in node.keywords}


def named(said: dict[str | None, ast.expr]) -> str:
    kind = said.get("kind")
    return str(kind.value) if isinstance(kind, ast.Constant) else "no name in letters"


def test_whoever_raises_an_alert_names_a_kind_and_every_kind_is_raised() -> None:
    calls = dict(raised())

    assert {place for place, said in calls.items() if named(said) not in KINDS} == set()
    assert {named(said) for said in calls.values()} == KINDS.keys()


def test_only_alerts_of_a_kind_without_a_permission_say_their_own() -> None:
    own = {named(said) for _place, said in raised() if "permission" in said}

    assert own == {name for name, kind in KINDS.items() if not kind.permission}
    assert {kind.permission for kind in KINDS.values() if kind.permission} <= PERMISSIONS


def test_names_and_keys_of_alerts_stay() -> None:
    assert {name: kind.keys for name, kind in KINDS.items()} == KEYS


def test_the_migration_gives_older_alerts_the_kinds_that_are_declared() -> None:
    migration = import_module("migrations.versions.0047_kinds_of_alerts")

    given = {kind: keys.replace("%", "*") for keys, kind in migration.KINDS.items()}

    assert given.items() <= KEYS.items()
    assert len(given) == 11
