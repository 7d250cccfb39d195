"""Questions and forms over the page, while scripts are late and the page refreshes itself."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalog.models import Product
from app.stock import services as stock
from app.stock.models import Reservation
from app.stock.reservations import ReservedQuantity
from tests.browser import holding as answers
from tests.browser.conftest import Open
from tests.factories import ProductFactory
from tests.stock.conftest import place, stocked

pytestmark = pytest.mark.committed

ALL_BUT_EARLY = re.compile(r"/(?!early)[^/]+\.js")
Held = list[Route]
Late = Callable[[Page, str], Callable[[], None]]


@pytest.fixture
def late() -> Late:
    """Load a page whose scripts stay away until the answer is called."""

    def late(page: Page, path: str) -> Callable[[], None]:
        held: Held = []
        page.route("**/js-*/app.js", hold(held))
        page.goto(path, wait_until="commit")

        def arrive() -> None:
            held[0].continue_()

        return arrive

    return late


def hold(held: Held) -> Callable[[Route], None]:
    """Keep requests back; Playwright wants a function of Python's for it."""

    def keep(route: Route) -> None:
        held.append(route)

    return keep


def refresh(page: Page) -> None:
    """Make the regions refresh themselves, as when a lost line is back."""
    page.evaluate("document.body.dispatchEvent(new Event('opsroom:back'))")


@pytest.mark.parametrize(
    ("path", "name"), [("/account", "Sign out everywhere"), ("/products/{}", "Deactivate")]
)
def test_a_question_is_asked_also_before_the_scripts_are_there(
    open_page: Open, late: Late, path: str, name: str
) -> None:
    product = ProductFactory.create()
    page = open_page("/users")
    arrive = late(page, path.format(product.id))

    page.get_by_role("main").get_by_role("button", name=name).click()
    arrive()

    expect(page.get_by_role("dialog").get_by_role("button", name=name)).to_be_visible()
    assert page.url.endswith(path.format(product.id))


def test_a_form_opens_over_the_page_also_before_the_scripts_are_there(
    open_page: Open, late: Late
) -> None:
    product = stocked(10)
    page = open_page("/users")
    arrive = late(page, f"/stock/{product.id}")

    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()
    arrive()

    expect(page.get_by_role("dialog").get_by_label("Change")).to_be_visible()
    assert page.url.endswith(f"/stock/{product.id}")


def test_what_is_pressed_works_if_the_scripts_never_come(open_page: Open) -> None:
    product = stocked(10)
    page = open_page("/users")
    page.route(
        ALL_BUT_EARLY, lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.goto(f"/stock/{product.id}")

    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()

    page.wait_for_url("**/adjustments/new*")


@pytest.mark.parametrize("provoked", [("400",)])
def test_who_closes_a_form_before_it_is_saved_hears_so(
    open_page: Open, provoked: tuple[str, ...]
) -> None:
    page = open_page(f"/stock/{stocked(10).id}")
    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Change").fill("5")
    page.route("**/adjustments", lambda route: route.fulfill(status=400))  # an old token
    held = answers.Held(page, "/tablet/session$")
    dialog.locator(".submit").click()
    held.wait()

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave").click()
    held.arrive()

    expect(page.get_by_text("Nothing was saved: the form was closed")).to_be_visible()


def reserved(product: Product, note: str) -> Reservation:
    bin_ = place("MAIN-01").id
    return stock.reserve(
        ReservedQuantity(product.id, bin_, None, Decimal(1)), key=note, note=note
    )


def test_an_answer_counts_for_what_was_asked_about_and_for_nothing_else(
    open_page: Open, session: Session
) -> None:
    product = stocked(10)
    first, second = reserved(product, "for Ada"), reserved(product, "for Kim")
    page = open_page(f"/stock/{product.id}")
    row = page.get_by_role("row", name="for Ada")
    row.get_by_role("button", name="Release").click()

    stock.release(first.id)
    refresh(page)
    expect(row).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="Release").click()

    expect(page.get_by_role("status")).to_contain_text("released")
    session.expire_all()
    assert session.get_one(Reservation, second.id).state == "active"


def test_an_answer_counts_also_when_the_page_has_lost_the_button(
    open_page: Open, session: Session
) -> None:
    product = ProductFactory.create()
    page = open_page(f"/products/{product.id}")
    page.get_by_role("main").get_by_role("button", name="Deactivate").click()

    page.evaluate("document.querySelector('#record').replaceChildren()")
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()

    expect(page.get_by_role("main").get_by_role("button", name="Activate")).to_be_visible()
    session.expire_all()
    assert not session.get_one(Product, product.id).is_active


def test_a_form_stays_open_when_something_pressed_before_is_saved(open_page: Open) -> None:
    product = stocked(10)
    page = open_page(f"/stock/{product.id}")
    adjust(page, "-4")
    page.keyboard.press("Enter")
    undo = page.get_by_role("status").get_by_role("button", name="Undo")
    held: Held = []
    expect(undo).to_be_visible()
    page.route("**/*", lambda route: hold_posts(route, held))
    undo.click()

    field = adjust(page, "3")
    held[0].continue_()

    expect(page.locator(f"#product-{product.id}-on_hand")).to_contain_text("10")
    expect(field).to_have_value("3")


def adjust(page: Page, quantity: str) -> Any:
    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()
    field = page.get_by_role("dialog").get_by_label("Change")
    field.fill(quantity)
    return field


def hold_posts(route: Route, held: Held) -> None:
    held.append(route) if route.request.method == "POST" else route.continue_()


def test_a_form_opens_though_its_link_is_gone_meanwhile(open_page: Open, user: User) -> None:
    product = stocked(10)
    page = open_page(f"/stock/{product.id}")
    held: Held = []
    page.route("**/adjustments/new*", hold(held))
    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()

    page.evaluate("document.querySelector('#main').replaceChildren()")
    held[0].continue_()

    expect(page.get_by_role("dialog").get_by_label("Change")).to_be_visible()


def test_a_changed_form_asks_before_it_is_thrown_away(open_page: Open) -> None:
    page = open_page(f"/stock/{stocked(10).id}")
    field = adjust(page, "-4")
    question = page.get_by_text("What you typed is lost.")

    page.keyboard.press("Escape")
    expect(question).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").last.click()
    expect(field).to_have_value("-4")
    page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave").click()

    expect(field).to_have_count(0)


def test_a_form_that_nobody_changed_closes_at_once(open_page: Open) -> None:
    page = open_page(f"/stock/{stocked(10).id}")
    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()
    field = page.get_by_role("dialog").get_by_label("Change")
    expect(field).to_be_visible()

    page.keyboard.press("Escape")

    expect(field).to_have_count(0)


def test_two_people_who_edit_one_product_hear_of_each_other(
    open_page: Open, user: User, colleague: User
) -> None:
    product = ProductFactory.create()
    mine = open_page(f"/products/{product.id}/edit")
    expect(mine.get_by_text("are editing this now.")).to_have_count(0)

    open_page(f"/products/{product.id}/edit", who=colleague)

    expect(mine.get_by_text("are editing this now.")).to_contain_text(colleague.name)
