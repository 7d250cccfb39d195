"""Small files of sales, and what became of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.imports import services
from app.imports.models import ImportRun
from app.sales.tables import SUMS, sales_line
from tests.imports.samples import csv_file

HEADER = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer")


def row(
    document: str = "1001",
    code: str = "A-1",
    quantity: str = "2",
    day: str = "2026-03-02",
    price: str = "1.50",
    customer: str = "C1",
) -> tuple[str, ...]:
    return (document, code, "Lamp", quantity, day, price, customer)


def read(
    *rows: Sequence[Any],
    content: bytes = b"",
    fixed: Mapping[str, str] | None = None,
    **layout: Any,
) -> ImportRun:
    """A file of sales whose columns are as they are guessed."""
    content = content or csv_file([HEADER, *rows])
    run = services.upload("sales", file_name="sales.csv", content=content, **layout)
    services.choose(run, run.mapping, fixed=fixed, options=run.options)
    return run


def sold(*rows: Sequence[Any], dry_run: bool = False, **more: Any) -> dict[str, Any]:
    """Import rows; gives what came out."""
    return services.run_import(read(*rows, **more).id, dry_run=dry_run)


def totals(session: Session) -> tuple[int, Decimal, Decimal]:
    """Lines, quantity and amount of all there is; and every table of sums says the same."""
    figures = func.count(), func.sum(sales_line.c.quantity), func.sum(sales_line.c.amount)
    lines, quantity, amount = session.execute(select(*figures)).one()
    found = (lines, quantity or Decimal(0), amount or Decimal(0))
    for sums in SUMS:
        added = [
            func.coalesce(func.sum(sums.c[name]), 0) for name in ("lines", "quantity", "amount")
        ]
        assert tuple(session.execute(select(*added)).one()) == found, sums.name
    return found
