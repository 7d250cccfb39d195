"""The grid of a forecast: by keyboard alone, with the real clipboard, without a connection."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.db import transaction
from app.planning import services
from app.planning.models import Baseline, CellChange, Cycle, ForecastCell, ScopeRow
from app.planning.months import months_after
from tests.browser.conftest import Open, Violations
from tests.factories import CustomerFactory, ProductFactory
from tests.planning.factories import FIRST

pytestmark = pytest.mark.committed

ROWS = 3


@pytest.fixture
def cycle(session: Session, user: User) -> Cycle:
    """Three products of one customer, each with a baseline of ten a month."""
    customer = CustomerFactory.create(code="ACME", name="Acme")
    made = services.create_cycle(
        month=FIRST, months=4, due_on=FIRST, threshold=30, rep_ids=[user.id]
    )
    for number in range(ROWS):
        product = ProductFactory.create(sku=f"P-{number}", name=f"Part {number}")
        services.add_row(
            made.id, user_id=user.id, customer_id=customer.id, product_id=product.id
        )
    services.open_cycle(made.id)
    ten = [Decimal(10)] * 4
    with transaction():
        session.add_all(
            Baseline(
                scope_id=row_id, method="mean", reason="x", quantities=ten, low=ten, high=ten
            )
            for row_id in session.scalars(select(ScopeRow.id))
        )
    return made


@pytest.fixture
def page(cycle: Cycle, open_page: Open) -> Page:
    page = open_page(
        f"/planning/cycles/{cycle.id}/grid", permissions=["clipboard-read", "clipboard-write"]
    )
    expect(page.locator("[data-ready]")).to_be_attached()
    return page


def cell(page: Page, row: int, month: int) -> Locator:
    """The cell of a row and a month; above the rows stand the sum of all and the customer's."""
    line = page.locator(f'.forecast-line[data-line="{row + 2}"]')
    return line.locator(f'[data-column="{month}"]')


def written(session: Session) -> dict[tuple[str, int], Decimal | None]:
    """What is kept: by product and the number of its month."""
    session.expire_all()
    months = [months_after(FIRST, number) for number in range(4)]
    found = select(ForecastCell, ScopeRow).join(ScopeRow, ScopeRow.id == ForecastCell.scope_id)
    rows = select(ScopeRow.id).order_by(ScopeRow.id)
    order = {one: number for number, one in enumerate(session.scalars(rows))}
    return {
        (f"P-{order[row.id]}", months.index(kept.month)): kept.quantity
        for kept, row in session.execute(found)
    }


def is_saved(page: Page) -> None:
    expect(page.locator("#forecast-state")).to_have_text(re.compile("Saved"))


def test_a_forecast_is_written_by_keyboard_alone(
    page: Page, session: Session, violations: Violations
) -> None:
    keys = page.keyboard
    page.get_by_label("Search rows").focus()
    keys.press("Enter")  # into the grid
    for key in ("ArrowDown", "ArrowDown"):
        keys.press(key)
    expect(cell(page, 0, 0)).to_be_focused()

    keys.type("12")
    keys.press("Enter")
    keys.type("7,5")
    keys.press("Tab")
    keys.press("F2")
    keys.type("5")
    keys.press("Escape")  # nothing of it stays
    expect(cell(page, 1, 1)).to_have_text("10")
    keys.press("Shift+ArrowRight")
    keys.press("Delete")
    keys.press("Control+Home")
    keys.type("80")  # of all rows: spread over them
    keys.press("Enter")
    keys.press("Control+z")
    is_saved(page)

    expect(cell(page, 1, 0)).to_have_text(re.compile(r"7\.5"))
    assert written(session)["P-0", 0] == 12
    assert written(session)["P-1", 0] == Decimal("7.5")
    assert written(session).get(("P-2", 0)) is None
    assert violations(page) == []


def test_a_block_goes_to_a_spreadsheet_and_back(page: Page, session: Session) -> None:
    page.evaluate("navigator.clipboard.writeText('\"1,200.5\"\\t2\\r\\n3\\t\\r\\n')")
    cell(page, 0, 1).click()
    page.keyboard.press("Control+v")
    is_saved(page)

    assert written(session) == {
        ("P-0", 1): Decimal("1200.5"),
        ("P-0", 2): 2,
        ("P-1", 1): 3,
    }
    cell(page, 0, 1).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines() == ["1200.5\t2", "3\t10"]
    page.keyboard.press("Control+d")
    expect(cell(page, 1, 1)).to_have_text(re.compile("1,200.5"))


def test_what_may_be_read_two_ways_is_asked(page: Page, session: Session) -> None:
    page.evaluate("navigator.clipboard.writeText('1.234')")
    cell(page, 0, 0).click()
    page.keyboard.press("Control+v")
    dialog = page.locator("dialog.forecast-paste")
    expect(dialog).to_contain_text("is not sure")
    dialog.get_by_label("Decimal sign").select_option(",")
    dialog.get_by_role("button", name="Paste").click()
    is_saved(page)

    assert written(session) == {("P-0", 0): 1234}


def test_without_a_connection_edits_wait_and_are_sent_once(
    page: Page, session: Session
) -> None:
    state = page.locator("#forecast-state")
    page.context.set_offline(True)
    cell(page, 0, 0).click()
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    expect(state).to_contain_text("No connection. 1 cell is kept here.")
    page.context.set_offline(False)
    page.reload()  # whoever comes back finds what was written
    expect(cell(page, 0, 0)).to_have_text(re.compile("21"))
    expect(cell(page, 0, 0)).not_to_have_class(re.compile("is-kept|is-saving"))

    assert written(session) == {("P-0", 0): 21}
    assert session.scalar(select(func.count()).select_from(CellChange)) == 1


def test_two_who_write_one_cell_are_asked_there(
    page: Page, session: Session, cycle: Cycle, colleague: User
) -> None:
    row_id = session.scalars(select(ScopeRow.id)).first()
    edit: Any = {"row_id": row_id, "month": FIRST, "version": 0, "quantity": Decimal(8)}
    services.save_cells(cycle.id, [services.CellEdit(op_id=uuid4(), **edit)], rep_id=None)
    cell(page, 0, 0).click()
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Shift+Tab")
    told = page.locator("[data-conflict-text]")
    expect(told).to_contain_text("wrote 8 meanwhile; you wrote 9.")
    assert written(session) == {("P-0", 0): 8, ("P-0", 1): 4}
    page.get_by_role("button", name="Keep mine").click()
    is_saved(page)

    assert written(session)["P-0", 0] == 9


@pytest.mark.parametrize("provoked", [("409",)])
def test_a_closed_cycle_takes_no_late_edit(
    page: Page, session: Session, cycle: Cycle, provoked: tuple[str, ...]
) -> None:
    services.close_cycle(cycle.id)
    cell(page, 0, 0).click()
    page.keyboard.type("9")
    page.keyboard.press("Enter")

    expect(page.locator("#forecast-state")).to_contain_text("1 cell is not saved.")
    assert provoked
    assert written(session) == {}


def test_a_cell_that_planners_have_adjusted_is_marked_with_who_and_why(
    cycle: Cycle, session: Session, open_page: Open
) -> None:
    row = session.scalars(select(ScopeRow).order_by(ScopeRow.id)).first()
    assert row is not None
    services.adjust_consensus(
        cycle.id,
        total=Decimal(25),
        month=FIRST,
        reason="The fair in Milan",
        product_id=row.product_id,
    )
    page = open_page(f"/planning/cycles/{cycle.id}/grid")
    expect(page.locator("[data-ready]")).to_be_attached()

    expect(cell(page, 0, 0)).to_have_text(re.compile("◆ 10"))
    expect(cell(page, 0, 1)).not_to_have_text(re.compile("◆"))
    cell(page, 0, 0).click()
    told = page.locator("[data-told]")
    expect(told).to_contain_text("The fair in Milan")
    expect(told).to_contain_text("Consensus 25")
