"""Fills a company with as many believable objects as asked for, the same for the same seed."""

from collections.abc import Callable
from random import Random

from tests.standins.objects import Object, encoded
from tests.standins.quickbooks import moments, people, things, transactions
from tests.standins.quickbooks.company import ENTITIES, Company
from tests.standins.quickbooks.table import Row, Table

YEARS = 2 * 365 * 86400
TOGETHER = 20 * 86400  # seconds between the bulk changes
Maker = Callable[[Random, int, "Counts"], Object]
Counts = dict[str, int]

MAKERS: dict[str, Maker] = {
    "Customer": people.customer,
    "Vendor": people.vendor,
    "Item": things.item,
    "Invoice": transactions.invoice,
    "Bill": transactions.bill,
    "PurchaseOrder": transactions.purchase_order,
    "SalesReceipt": transactions.sales_receipt,
    "CreditMemo": transactions.credit_memo,
    "Estimate": transactions.estimate,
    "Payment": transactions.payment,
}


def fill(company: Company, counts: Counts, seed: int) -> None:
    """Make `counts[entity]` objects of each entity, with ids from 1."""
    until = moments.start_of_day(company.clock())
    for entity in ENTITIES:
        # A text as seed is hashed the same way in every run; a tuple would not be.
        chance = Random(f"{seed} {entity}")
        fill_table(
            company.tables[entity], MAKERS[entity], counts, counts.get(entity, 0), chance, until
        )


def fill_table(
    table: Table, make: Maker, counts: Counts, count: int, chance: Random, until: float
) -> None:
    """Make one entity's objects; ids rise, so the sorted lists are appended to."""
    for number in range(1, count + 1):
        row = made(make, number, counts, chance, until)
        table.rows[number] = row
        table.all.append(number)
        if row.active:
            table.active.append(number)
    table.next_id = count + 1


def made(make: Maker, number: int, counts: Counts, chance: Random, until: float) -> Row:
    """Make one object and stamp it with times of the last two years."""
    created = until - chance.random() * YEARS
    updated = float(int(created + chance.random() ** 2 * (until - created)))
    if number % 10 == 0:
        updated = max(updated, changed_together(number, until))
    stamp = {
        "CreateTime": moments.written(created),
        "LastUpdatedTime": moments.written(updated),
    }
    head: Object = {
        "domain": "QBO",
        "sparse": False,
        "Id": str(number),
        "SyncToken": str(chance.randrange(4)),
        "MetaData": stamp,
    }
    fields = make(chance, number, counts) | head
    transactions.date(fields, created)
    return Row(number, bool(fields.get("Active", True)), updated, encoded(fields))


def changed_together(number: int, until: float) -> float:
    """The moment of one of three bulk changes: real books have many equal times."""
    return until - TOGETHER * (number // 10 % 3 + 1)
