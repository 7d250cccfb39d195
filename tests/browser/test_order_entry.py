"""The line editor: orders typed and scanned as fast as hands and scanners are."""

import os
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Locator, Page, Route, expect
from sqlalchemy import select

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.db import db
from app.orders import queries
from app.orders.models import SalesOrder
from tests.browser.conftest import Open, signed_in
from tests.browser.holding import Held
from tests.browser.scanning import TYPE, TYPE_INTO
from tests.factories import BarcodeFactory, CustomerFactory, ProductFactory
from tests.orders.conftest import drafted

pytestmark = pytest.mark.committed

ROUNDS = int(os.environ.get("OPSROOM_ENTRY_ROUNDS", "10"))  # `make bench-entry` asks for 200
HAND, SCANNER = 30, 4  # milliseconds a key
LINES, CHOICES = "**/orders/lines", "**/choices/**"


class Goods(NamedTuple):
    """A product with its barcode, and that of a carton of twelve."""

    product: Product
    barcode: str
    carton: str


@pytest.fixture
def customer() -> Customer:
    return CustomerFactory.create(code="C-ADA", name="Ada Lovelace", currency="EUR")


@pytest.fixture
def goods(customer: Customer) -> list[Goods]:
    """Five products at 1 to 5 euro."""
    return [_goods(number) for number in range(1, 6)]


def _goods(number: int) -> Goods:
    product = ProductFactory.create(
        sku=f"PART-{number}00", name=f"Part {number}", currency="EUR", price=Decimal(number)
    )
    made = Goods(product, f"90000{number}", f"CARTON-{number}")
    BarcodeFactory.create(product=product, code=made.barcode)
    BarcodeFactory.create(product=product, code=made.carton, units=12)
    return made


@pytest.fixture
def entry(open_page: Open, goods: list[Goods]) -> Page:
    """A new order for Ada, with the focus in its first line."""
    return begin(open_page("/orders/new"))


def begin(page: Page) -> Page:
    page.wait_for_url("**/orders/new")
    page.get_by_label("Customer").fill("C-ADA")
    page.keyboard.press("Enter")
    expect(code(page, 0)).to_be_focused()
    expect(page.locator("#lines legend")).to_have_text("Lines for Ada Lovelace")
    return page


def code(page: Page, number: int) -> Locator:
    return page.locator(f"#items-{number}-sku")


def field(page: Page, number: int, name: str) -> Locator:
    return page.locator(f"#items-{number}-{name}")


def row(page: Page, number: int) -> Locator:
    return page.locator(f'[data-row="{number}"]')


def offered(page: Page, text: str = "") -> Locator:
    """What the combobox with the focus offers."""
    return page.locator(".combobox-list [role=option]").filter(has_text=text)


def total(page: Page) -> Locator:
    return page.locator("#lines .total")


def scan(page: Page, *codes: str, pause: int = 160) -> None:
    """Read codes; the same one sooner than a pause is the same reading."""
    for one in codes:
        page.evaluate(TYPE_INTO, [one, SCANNER])
        page.wait_for_timeout(pause)


def save(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("is a draft")


def saved() -> list[tuple[str, Decimal, Decimal, str]]:
    """The lines of the newest order."""
    newest = queries.with_lines(select(SalesOrder)).order_by(SalesOrder.id.desc()).limit(1)
    order: Any = db.session.scalars(newest.execution_options(populate_existing=True)).first()
    lines = [(one.sku, one.quantity, one.unit_price, one.description) for one in order.lines]
    db.session.rollback()
    return lines


def wanted(goods: list[Goods], *quantities: int) -> list[tuple[str, Decimal, Decimal, str]]:
    return [
        (one.product.sku, Decimal(quantity), one.product.price, one.product.name)
        for one, quantity in zip(goods, quantities, strict=False)
    ]


def slowly(page: Page, *milliseconds: int, address: str = LINES) -> None:
    """Let the answers of the server wait, each for its time, the last time for all others."""
    waits = [*milliseconds]

    def answer(route: Route) -> None:
        wait = waits.pop(0) if len(waits) > 1 else waits[0]
        response = route.fetch()
        page.wait_for_timeout(wait)
        route.fulfill(response=response)

    page.route(address, answer)


QUANTITIES = (3, 30, 12, 7, 300)


def test_five_lines_typed_at_30_ms_a_key_are_what_was_typed(
    open_page: Open, goods: list[Goods]
) -> None:
    page = open_page("/orders/new")
    wrong = []
    for _ in range(ROUNDS):
        page.goto("/orders/new")
        begin(page)
        for one, quantity in zip(goods, QUANTITIES, strict=True):
            page.keyboard.type(one.product.sku, delay=HAND)
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.type(str(quantity), delay=HAND)
            page.keyboard.press("Enter")
        save(page)
        if (lines := saved()) != wanted(goods, *QUANTITIES):
            wrong.append(lines)

    assert wrong == []


def test_five_lines_scanned_at_4_ms_a_key_are_what_was_scanned(
    open_page: Open, goods: list[Goods]
) -> None:
    page = open_page("/orders/new")
    wrong = []
    for _ in range(ROUNDS):
        page.goto("/orders/new")
        begin(page)
        scan(page, *(one.barcode for one in goods), pause=0)
        scan(page, goods[1].barcode, pause=0)
        save(page)
        if (lines := saved()) != wanted(goods, 1, 2, 1, 1, 1):
            wrong.append(lines)

    assert wrong == []


def test_a_slow_server_holds_nobody_up(entry: Page, goods: list[Goods]) -> None:
    slowly(entry, 900)

    for number, (one, quantity) in enumerate(zip(goods, QUANTITIES, strict=True)):
        expect(code(entry, number)).to_be_focused()
        entry.keyboard.type(one.product.sku)
        entry.keyboard.press("Tab")
        entry.keyboard.press("Tab")
        entry.keyboard.type(str(quantity))
        entry.keyboard.press("Enter")
    save(entry)

    assert saved() == wanted(goods, *QUANTITIES)


def test_a_late_answer_does_not_undo_what_was_typed_after_it_was_asked(
    entry: Page, goods: list[Goods]
) -> None:
    slowly(entry, 1500, 0)
    entry.keyboard.type("PART-100")
    entry.keyboard.press("Enter")
    field(entry, 0, "quantity").fill("8")
    field(entry, 0, "description").fill("Mine")
    code(entry, 1).fill("PART-200")
    code(entry, 1).press("Enter")

    expect(field(entry, 1, "description")).to_have_value("Part 2")
    expect(total(entry)).to_contain_text("10.00")
    save(entry)

    assert [(sku, quantity, words) for sku, quantity, _, words in saved()] == [
        ("PART-100", Decimal(8), "Mine"),
        ("PART-200", Decimal(1), "Part 2"),
    ]


def test_a_field_with_the_focus_is_filled_when_it_is_left(
    entry: Page, goods: list[Goods]
) -> None:
    entry.keyboard.type("PART-100")
    field(entry, 0, "quantity").focus()
    expect(row(entry, 0)).to_contain_text("1.00")

    expect(field(entry, 0, "quantity")).to_have_value("")
    code(entry, 0).focus()

    expect(field(entry, 0, "quantity")).to_have_value("1")


def test_the_same_code_again_is_one_more(entry: Page, goods: list[Goods]) -> None:
    scan(entry, goods[0].barcode, goods[1].barcode, goods[0].barcode)

    expect(field(entry, 0, "quantity")).to_have_value("2")
    expect(total(entry)).to_contain_text("4.00")
    scan(entry, goods[0].product.sku)

    expect(field(entry, 0, "quantity")).to_have_value("3")
    expect(total(entry)).to_contain_text("5.00")
    expect(entry.locator("[data-row]")).to_have_count(3)


def test_scans_wait_for_a_slow_server_and_none_is_lost(entry: Page, goods: list[Goods]) -> None:
    slowly(entry, 1500)

    one, other = goods[0], goods[1]
    scan(entry, one.barcode, other.barcode, one.barcode, one.carton, other.barcode, one.barcode)

    expect(total(entry)).to_contain_text("19.00")
    save(entry)
    assert saved() == wanted(goods, 15, 2)


def test_a_carton_counts_its_units_each_time(entry: Page, goods: list[Goods]) -> None:
    scan(entry, goods[0].carton)
    expect(field(entry, 0, "quantity")).to_have_value("12")

    scan(entry, goods[0].carton)
    expect(field(entry, 0, "quantity")).to_have_value("24")
    scan(entry, goods[0].barcode)

    expect(field(entry, 0, "quantity")).to_have_value("25")
    expect(total(entry)).to_contain_text("25.00")


def test_a_scan_counts_wherever_the_focus_is(entry: Page, goods: list[Goods]) -> None:
    scan(entry, goods[0].barcode)
    expect(field(entry, 0, "unit_price")).to_have_value("1")
    field(entry, 0, "unit_price").focus()
    scan(entry, goods[1].barcode)
    entry.get_by_label("Notes").fill("Ring ")
    scan(entry, goods[2].barcode)
    entry.evaluate("document.activeElement.blur()")
    scan(entry, goods[3].barcode)

    expect(total(entry)).to_contain_text("10.00")
    expect(field(entry, 0, "unit_price")).to_have_value("1")
    expect(entry.get_by_label("Notes")).to_have_value("Ring ")
    assert [code(entry, n).input_value() for n in range(4)] == [
        f"PART-{n}00" for n in range(1, 5)
    ]


def test_an_unknown_code_is_said_at_its_line_and_stays(
    entry: Page, goods: list[Goods], violations: Callable[[Page], list[str]]
) -> None:
    scan(entry, "NO-SUCH-THING", goods[0].barcode)

    expect(row(entry, 0)).to_contain_text("Unknown product")
    expect(code(entry, 0)).to_have_value("NO-SUCH-THING")
    expect(code(entry, 0)).to_have_attribute("aria-invalid", "true")
    expect(entry.locator("[data-said]")).to_have_text("Line 1: Unknown product")
    expect(field(entry, 1, "description")).to_have_value("Part 1")
    assert violations(entry) == []
    code(entry, 0).fill("PART-500")
    code(entry, 0).press("Enter")

    expect(row(entry, 0)).not_to_contain_text("Unknown product")
    expect(total(entry)).to_contain_text("6.00")


def test_without_a_connection_lines_are_kept_and_completed_later(
    entry: Page, goods: list[Goods]
) -> None:
    entry.context.set_offline(True)
    scan(entry, goods[0].barcode, goods[1].barcode, goods[0].barcode)
    expect(entry.locator("[data-said]")).to_contain_text("No connection")
    entry.keyboard.press("Control+Enter")
    expect(entry.get_by_text("Nothing was saved yet")).to_be_visible()

    entry.context.set_offline(False)

    expect(total(entry)).to_contain_text("4.00")
    expect(entry.locator("[data-said]")).to_be_empty()
    save(entry)
    assert saved() == wanted(goods, 2, 1)


def test_a_save_without_a_connection_loses_nothing(entry: Page, goods: list[Goods]) -> None:
    scan(entry, goods[0].barcode)
    expect(total(entry)).to_contain_text("1.00")
    expect(entry.locator("fieldset[aria-busy=true]")).to_have_count(0)  # no question is open
    entry.context.set_offline(True)
    entry.keyboard.press("Control+Enter")
    expect(entry.get_by_text("No connection. Nothing was saved.")).to_be_visible()
    entry.context.set_offline(False)

    save(entry)

    assert saved() == wanted(goods, 1)


@pytest.mark.parametrize("provoked", [("400", "401")])
def test_a_save_after_the_session_has_ended_loses_nothing(
    app: Flask,
    server: str,
    user: User,
    entry: Page,
    goods: list[Goods],
    provoked: tuple[str, ...],
) -> None:
    scan(entry, goods[0].barcode)
    expect(total(entry)).to_contain_text("1.00")
    entry.context.clear_cookies()
    entry.keyboard.press("Control+Enter")
    expect(entry.get_by_text("Nothing was saved: you are signed out.")).to_be_visible()
    expect(entry.get_by_role("link", name="Sign in")).to_have_attribute("target", "_blank")
    scan(entry, goods[1].barcode)
    expect(entry.locator("[data-said]")).to_contain_text("You are signed out.")

    entry.context.add_cookies([signed_in(app, user, server)])  # in another window
    entry.evaluate("dispatchEvent(new Event('focus'))")
    expect(total(entry)).to_contain_text("3.00")
    entry.get_by_label("Notes").fill("Ring")
    save(entry)
    assert saved() == wanted(goods, 1, 1)

    entry.goto("/customers/new")  # a form that the browser sends itself
    entry.locator("#name").fill("Grace Hopper")
    entry.context.clear_cookies()
    entry.keyboard.press("Enter")
    expect(entry.get_by_text("Nothing was saved: you are signed out.")).to_be_visible()
    entry.context.add_cookies([signed_in(app, user, server)])
    entry.keyboard.press("Enter")
    expect(entry.get_by_role("heading", name="Grace Hopper")).to_be_visible()


def test_a_line_is_removed_and_comes_back(entry: Page, goods: list[Goods]) -> None:
    scan(entry, *(one.barcode for one in goods[:3]))
    expect(total(entry)).to_contain_text("6.00")

    entry.get_by_role("button", name="Remove line 2").click()
    expect(total(entry)).to_contain_text("4.00")
    expect(code(entry, 2)).to_be_focused()
    entry.get_by_role("button", name="Undo").click()
    expect(total(entry)).to_contain_text("6.00")
    entry.get_by_role("button", name="Remove line 1").click()
    expect(total(entry)).to_contain_text("5.00")
    entry.keyboard.press("Control+z")
    expect(total(entry)).to_contain_text("6.00")
    save(entry)

    assert saved() == wanted(goods, 1, 1, 1)


def test_saving_with_the_focus_on_a_button_of_a_line_keeps_that_line(
    entry: Page, goods: list[Goods]
) -> None:
    scan(entry, goods[0].barcode, goods[1].barcode)
    expect(total(entry)).to_contain_text("3.00")

    entry.get_by_role("button", name="Remove line 2").focus()
    save(entry)

    assert saved() == wanted(goods, 1, 1)


def test_every_line_may_be_said_to_be_free(entry: Page, goods: list[Goods]) -> None:
    scan(entry, goods[0].barcode, goods[1].barcode)
    expect(total(entry)).to_contain_text("3.00")

    for number in (0, 1):
        row(entry, number).get_by_label(
            "Free line"
        ).check()  # it is seen, and nothing covers it


def test_arrows_go_up_and_down_and_enter_to_the_next_line(
    entry: Page, goods: list[Goods]
) -> None:
    scan(entry, goods[0].barcode, goods[1].barcode)
    expect(total(entry)).to_contain_text("3.00")
    field(entry, 0, "quantity").focus()

    entry.keyboard.press("ArrowDown")
    expect(field(entry, 1, "quantity")).to_be_focused()
    entry.keyboard.type("9")
    entry.keyboard.press("ArrowUp")
    expect(field(entry, 0, "quantity")).to_be_focused()
    entry.keyboard.press("Enter")
    expect(code(entry, 2)).to_be_focused()

    expect(field(entry, 1, "quantity")).to_have_value("9")
    expect(total(entry)).to_contain_text("19.00")


def test_saving_twice_in_a_moment_makes_one_order(entry: Page, goods: list[Goods]) -> None:
    scan(entry, goods[0].barcode)

    entry.keyboard.press("Control+Enter")
    entry.keyboard.press("Control+Enter")
    expect(entry.locator("#messages")).to_contain_text("is a draft")

    assert db.session.query(SalesOrder).count() == 1


def test_leaving_a_changed_form_asks_first(entry: Page, goods: list[Goods]) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    entry.on("dialog", stay)
    scan(entry, goods[0].barcode)
    expect(total(entry)).to_contain_text("1.00")

    entry.get_by_role("link", name="Cancel").click(no_wait_after=True)
    entry.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    expect(code(entry, 0)).to_have_value("PART-100")


def test_an_order_is_changed_and_what_does_not_fit_comes_back(
    open_page: Open, goods: list[Goods]
) -> None:
    order = drafted((goods[0].product, 2), (goods[1].product, 1))
    page = open_page(f"/orders/{order.id}/edit")
    page.get_by_label("Notes").evaluate("field => (field.style.height = '200px')")  # by hand
    scan(page, goods[0].barcode, goods[2].barcode)
    expect(field(page, 0, "quantity")).to_have_value("3")
    field(page, 1, "quantity").fill("0")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Line 2: enter a quantity above zero")).to_be_visible()
    field(page, 1, "quantity").fill("5")
    scan(page, goods[2].barcode)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("saved")

    assert [quantity for _, quantity, *_ in saved()] == [3, 5, 2]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_editor_is_for_everybody(
    open_page: Open,
    goods: list[Goods],
    violations: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    options = {"color_scheme": theme, "viewport": {"width": width, "height": 900}}
    page = begin(open_page("/orders/new", **options))
    scan(page, goods[0].barcode, "UNKNOWN")
    expect(row(page, 1)).to_contain_text("Unknown product")
    page.keyboard.type("part")
    expect(offered(page).first).to_be_visible()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_customer_is_chosen_by_name_with_arrows(
    open_page: Open, customer: Customer, goods: list[Goods]
) -> None:
    CustomerFactory.create(code="C-ADB", name="Adb Ltd")
    page = open_page("/orders/new")
    field = page.get_by_label("Customer")
    page.keyboard.type("ad", delay=HAND)
    expect(offered(page)).to_have_count(3)  # two, and a new one

    page.keyboard.press("ArrowDown")
    expect(page.locator(".combobox-list [aria-selected=true]")).to_contain_text(
        re.compile("Ad")
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("ad")
    page.keyboard.type("a love", delay=HAND)
    offered(page, "Ada Lovelace").click()

    expect(field).to_have_value("C-ADA")
    expect(page.locator("output.chosen")).to_have_text("Ada Lovelace")
    expect(page.locator("#lines legend")).to_have_text("Lines for Ada Lovelace")


def test_tab_takes_what_was_typed_in_full(open_page: Open, goods: list[Goods]) -> None:
    page = open_page("/orders/new")
    page.keyboard.type("ada lovelace", delay=HAND)
    expect(page.locator('[data-value="C-ADA"]')).to_be_visible()

    page.keyboard.press("Tab")

    expect(page.get_by_label("Customer")).to_have_value("C-ADA")


def test_who_is_quicker_than_a_list_gets_what_it_offers(
    open_page: Open, goods: list[Goods]
) -> None:
    for _ in range(2):
        CustomerFactory.create(name="Ada Byron")
    page = open_page("/orders/new")
    slowly(page, 600, address=CHOICES)
    page.keyboard.type("ada byron", delay=HAND)
    page.keyboard.press("Tab")
    expect(page.locator("output.chosen")).to_have_text("Nothing is chosen yet: several fit.")
    expect(page.get_by_label("Customer")).to_have_value("ada byron")
    page.get_by_label("Customer").fill("ada lovelace")
    page.keyboard.press("Enter")
    expect(code(page, 0)).to_be_focused()

    page.keyboard.type("part 2", delay=HAND)
    page.keyboard.press("Enter")
    page.keyboard.type("part 3", delay=HAND)
    save(page)

    assert saved() == wanted(goods[1:], 1, 1)


def test_a_list_that_comes_late_lets_the_save_wait_for_the_next_one(
    entry: Page, goods: list[Goods]
) -> None:
    first, second = Held(entry, r"q=Part.2$"), Held(entry, r"q=Part.3$")
    entry.keyboard.type("Part 2", delay=HAND)
    entry.keyboard.press("Enter")
    entry.keyboard.type("Part 3", delay=HAND)
    second.wait()

    first.wait()
    first.arrive()
    expect(code(entry, 0)).to_have_value("PART-200")
    entry.keyboard.press("Control+Enter")
    second.wait(2)  # what was on its way, and what the save waits for
    second.arrive()
    expect(entry.locator("#messages")).to_contain_text("is a draft")

    assert saved() == wanted(goods[1:], 1, 1)


def test_a_customer_is_made_in_place_and_comes_back_chosen(
    open_page: Open, goods: list[Goods], violations: Callable[[Page], list[str]]
) -> None:
    page = open_page("/orders/new")
    page.keyboard.type("Zoe Zander", delay=HAND)
    offered(page, "Create “Zoe Zander”").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name *")).to_have_value("Zoe Zander")
    dialog.get_by_label("Code", exact=True).fill("C-ADA")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Code", exact=True)).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    page.evaluate(TYPE_INTO, [goods[0].barcode, SCANNER])  # it is seen where the hand is,
    expect(dialog.get_by_label("Code", exact=True)).to_have_value(f"{goods[0].barcode}C-ADA")
    assert page.evaluate(TYPE, goods[0].barcode) is False  # nothing is made of it,
    dialog.get_by_role("button", name="Save").focus()
    page.evaluate(TYPE, goods[1].barcode)
    expect(page.get_by_text(f"Scanned {goods[1].barcode}. Nothing is to be")).to_be_visible()
    assert code(page, 0).input_value() == ""  # and it is no line
    dialog.get_by_label("Code", exact=True).fill("C-ZOE")

    page.keyboard.press("Control+Enter")

    expect(dialog).to_be_hidden()
    assert db.session.query(SalesOrder).count() == 0
    expect(page.get_by_label("Customer")).to_have_value("C-ZOE")
    expect(page.locator("#lines legend")).to_have_text("Lines for Zoe Zander")
