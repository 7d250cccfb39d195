"""The made-up company behind the server, and the ways a test changes it."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.standins.objects import Object
from tests.standins.quickbooks import moments
from tests.standins.quickbooks.table import Row, Table

NAMES = ("Customer", "Vendor", "Item")
TRANSACTIONS = (
    *("Invoice", "Bill", "PurchaseOrder"),
    *("SalesReceipt", "CreditMemo", "Estimate", "Payment"),
)
ENTITIES = NAMES + TRANSACTIONS
KEEP_CHANGES_FOR = 30 * 86400
GONE = " (deleted)"


def name_field(entity: str) -> str:
    """The field that names an object and must be unique."""
    return "Name" if entity == "Item" else "DisplayName"


class Company:
    """Tables of objects; every change bumps SyncToken and LastUpdatedTime."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.name = "Cook's Mill & Söhne Trading"
        self.tables = {entity: Table() for entity in ENTITIES}
        self.lock = threading.RLock()

    def now(self) -> float:
        """Seconds since 1970 by the company's clock, which tests may replace."""
        return self.clock()

    def get(self, entity: str, key: str) -> Object:
        """A copy of one object. Raises KeyError."""
        return self.tables[entity].rows[int(key)].fields

    def objects(self, entity: str) -> list[Object]:
        """Copies of all objects of an entity, inactive ones too, by id."""
        with self.lock:
            table = self.tables[entity]
            raws = table.raws(table.all)
        return [json.loads(raw) for raw in raws]

    def create(self, entity: str, **fields: Any) -> str:
        """Make a new object with these fields; gives its id."""
        with self.lock:
            key, now = str(self.tables[entity].next_id), moments.written(self.clock())
            stamp = {"CreateTime": now, "LastUpdatedTime": now}
            made = {"domain": "QBO", "sparse": False, "Id": key, "SyncToken": "0"}
            self.tables[entity].put(starting(entity, fields) | made | {"MetaData": stamp})
            return key

    def change(self, entity: str, key: str, **fields: Any) -> Row:
        """Set fields of an object; a field set to None goes away. Raises KeyError."""
        with self.lock:
            now = self.get(entity, key)
            changed = {k: v for k, v in (now | fields).items() if v is not None}
            changed["SyncToken"] = str(int(now["SyncToken"]) + 1)
            changed["MetaData"]["LastUpdatedTime"] = moments.written(self.clock())
            return self.tables[entity].put(follow_name(entity, changed))

    def deactivate(self, entity: str, key: str) -> Row:
        """Switch a customer, vendor or item off; its name says so, as the vendor's does."""
        name = self.get(entity, key)[name_field(entity)].removesuffix(GONE)
        return self.change(entity, key, Active=False, **{name_field(entity): name + GONE})

    def activate(self, entity: str, key: str) -> Row:
        """Switch a customer, vendor or item on again, under its old name."""
        name = self.get(entity, key)[name_field(entity)].removesuffix(GONE)
        return self.change(entity, key, Active=True, **{name_field(entity): name})

    def delete(self, entity: str, key: str) -> None:
        """Delete an object for good; change data capture tells of it for 30 days."""
        with self.lock:
            self.vanish(entity, key)
            self.tables[entity].tombstones[int(key)] = self.clock()

    def vanish(self, entity: str, key: str) -> None:
        """Lose an object without any trace. Raises KeyError."""
        with self.lock:
            self.get(entity, key)
            self.tables[entity].drop(int(key))

    def named(self, entity: str, name: str) -> str | None:
        """The id of the object of that name, if any."""
        field, sought = name_field(entity), name.casefold()
        rows = self.tables[entity].rows.values()
        return next(
            (str(row.id) for row in rows if row.fields.get(field, "").casefold() == sought),
            None,
        )


def starting(entity: str, fields: Object) -> Object:
    """Give a new object what the vendor adds by itself."""
    if entity not in NAMES:
        return {"TotalAmt": 0, "Line": []} | fields
    field = name_field(entity)
    kind = {"Type": "Service"} if entity == "Item" else {"Balance": 0}
    name = fields.get(field, "New")
    full = {} if entity == "Vendor" else {"FullyQualifiedName": name}
    return {field: name, "Active": True} | full | kind | fields


def follow_name(entity: str, fields: Object) -> Object:
    """Keep the full name in step with the name."""
    if "FullyQualifiedName" in fields and name_field(entity) in fields:
        parent = fields["FullyQualifiedName"].rpartition(":")[0]
        name = fields[name_field(entity)]
        fields["FullyQualifiedName"] = f"{parent}:{name}" if parent else name
    return fields
