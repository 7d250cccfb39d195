"""Cycles that are ready to be written in."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.db import db
from app.planning import services
from app.planning.models import Cycle, ScopeRow
from app.planning.months import months_after
from app.planning.services.spreadsheets.writing import NAMES
from tests.factories import CustomerFactory, ProductFactory, RoleFactory, UserFactory

FIRST = months_after(datetime.now(UTC).date(), 1)  # the next month, whenever this runs
REP = ("forecasts.view", "forecasts.edit")
FIRST_MONTH = len(NAMES) + 1  # column of an exported file


def rep(name: str = "Ada") -> User:
    """Make somebody who forecasts."""
    return UserFactory.create(name=name, role=RoleFactory.create(permissions=[*REP]))


def row_of_open_cycle(
    who: User | None = None,
    customer: Customer | None = None,
    product: Product | None = None,
    *,
    month: date = FIRST,
) -> ScopeRow:
    """Open a cycle of three months with one row."""
    who = who or rep()
    cycle = services.create_cycle(
        month=month, months=3, due_on=month, threshold=30, rep_ids=[who.id]
    )
    row = services.add_row(
        cycle.id,
        user_id=who.id,
        customer_id=(customer or CustomerFactory.create()).id,
        product_id=(product or ProductFactory.create()).id,
    )
    services.open_cycle(cycle.id)
    return row


def open_cycle_of_one() -> Cycle:
    """Open a cycle with one row."""
    return db.session.get_one(Cycle, row_of_open_cycle().cycle_id)


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    """Change the sheet of a forecast that was exported, as somebody does in a spreadsheet."""
    book = load_workbook(BytesIO(content))
    change(book["Forecast"])
    file = BytesIO()
    book.save(file)
    return file.getvalue()
