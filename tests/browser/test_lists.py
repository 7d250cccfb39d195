"""Lists in a real browser: the keyboard, selecting, columns, views, and without JavaScript."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.sheets import BOM
from tests.browser.conftest import Open
from tests.factories import ProductFactory

pytestmark = [pytest.mark.committed, pytest.mark.xdist_group("browser")]


@pytest.fixture(autouse=True)
def products(session: Session) -> list[Product]:
    made = [ProductFactory.create(sku=f"SKU-{n}", name=f"Kettle {n}") for n in (1, 2, 3)]
    session.commit()
    return made


def bar(page: Page) -> str:
    return page.locator(".bulk-count").inner_text()


def test_keys_go_from_row_to_row_select_and_open(
    open_page: Open, products: list[Product]
) -> None:
    page = open_page("/products")

    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.get_by_label("Select SKU-2")).to_be_checked()
    expect(page.get_by_role("link", name="Kettle 2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Kettle 1")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/products/{products[0].id}")


def test_a_slash_in_the_rows_goes_to_the_search_and_letters_stay_letters(
    open_page: Open,
) -> None:
    page = open_page("/products")
    search = page.get_by_role("main").get_by_role("searchbox")

    page.keyboard.press("j")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("jkx")

    expect(search).to_have_value("jkx")


# Between the scripts' coming and the moment that what was pressed before is handed to them.
AT_ONCE = """document.addEventListener("DOMContentLoaded", () => {
  const press = { bubbles: true, cancelable: true };
  for (const key of ["j", "/"])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, ...press }));
})"""


def test_what_is_typed_as_the_scripts_come_is_heard_once(open_page: Open) -> None:
    page = open_page("/health")
    page.add_init_script(AT_ONCE)

    page.goto("/products")

    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_many_are_changed_by_a_job_after_a_question(
    open_page: Open, work: Callable[[], None], session: Session
) -> None:
    page = open_page("/products")

    page.get_by_label("Select all on this page").check()
    assert bar(page) == "3 selected"
    page.get_by_role("button", name="Set category").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Give 3 products this category?")).to_be_visible()
    dialog.get_by_label("Category").fill("Brewing")
    dialog.get_by_role("button", name="Set category").click()
    page.wait_for_url("**/jobs/*")
    work()

    expect(page.get_by_text("Succeeded")).to_be_visible()
    session.expire_all()
    assert {product.category for product in session.query(Product)} == {"Brewing"}


def test_selected_rows_stay_selected_when_the_list_refreshes(open_page: Open) -> None:
    page = open_page("/products")
    page.get_by_label("Select SKU-2").check()

    page.get_by_role("main").get_by_role("searchbox").fill("kettle")
    page.wait_for_url("**/products?search=kettle")

    expect(page.get_by_label("Select SKU-2")).to_be_checked()
    assert bar(page) == "1 selected"


def test_what_is_selected_while_a_refreshed_list_settles_stays(open_page: Open) -> None:
    page = open_page("/products")
    page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () =>
             queueMicrotask(() => document.querySelector("[data-select-all]").click()),
             {once: true})"""
    )

    with page.expect_event("console", lambda said: said.text == "settled"):
        page.evaluate(
            """() => {
              document.addEventListener("htmx:afterSettle", () =>
                setTimeout(() => console.log("settled")), {once: true});
              htmx.trigger(document.body, "opsroom:back");
            }"""
        )

    expect(page.get_by_label("Select all on this page")).to_be_checked()
    assert bar(page) == "3 selected"


def test_what_is_ticked_before_the_scripts_are_there_is_ticked(open_page: Open) -> None:
    page = open_page("/account")
    held: list[Route] = []
    page.route("**/js-*/app.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto("/products", wait_until="commit")

    page.get_by_label("Select all on this page").check()
    held[0].continue_()

    expect(page.locator(".bulk-count")).to_have_text("3 selected")
    expect(page.get_by_label("Select all on this page")).to_be_checked()


def test_columns_are_chosen_in_a_dialog(open_page: Open) -> None:
    page = open_page("/products")
    heads = page.get_by_role("main").get_by_role("columnheader")

    page.get_by_role("link", name="Columns").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Cost", exact=True).check()
    dialog.get_by_label("Category", exact=True).uncheck()
    dialog.get_by_role("button", name="Show these").click()

    expect(heads.filter(has_text="Cost")).to_be_visible()
    expect(heads.filter(has_text="Category")).to_have_count(0)


def test_a_view_is_saved_and_opened_again(open_page: Open) -> None:
    page = open_page("/products")
    page.goto("/products?search=kettle&sort=-sku")

    page.get_by_role("link", name="Save view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Kettles")
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_url("**/products?view=*")
    page.goto("/products")
    page.get_by_label("Saved views").click()
    page.get_by_role("link", name="Kettles").click()

    expect(page.locator("tbody .code").first).to_have_text("SKU-3")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("kettle")


def test_the_head_stays_in_view(open_page: Open, session: Session) -> None:
    for number in range(40):
        ProductFactory.create(sku=f"MORE-{number}")
    session.commit()
    page = open_page("/products", viewport={"width": 1440, "height": 700})

    page.keyboard.press("End")
    page.mouse.wheel(0, 2000)

    expect(page.get_by_role("columnheader", name="SKU")).to_be_in_viewport()


def test_all_of_it_works_without_javascript(
    open_page: Open, work: Callable[[], None], session: Session
) -> None:
    page = open_page("/products", java_script_enabled=False)

    page.get_by_role("link", name="Columns").click()
    page.get_by_label("Cost", exact=True).check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Cost")).to_be_visible()
    page.get_by_label("Select SKU-2").check()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("Deactivate 1 product?")).to_be_visible()
    page.get_by_role("button", name="Deactivate").click()
    page.wait_for_url("**/jobs/*")
    work()

    session.expire_all()
    inactive = session.query(Product).filter_by(is_active=False)
    assert [product.sku for product in inactive] == ["SKU-2"]


def test_nothing_keeps_people_from_choosing_columns_and_acting(
    open_page: Open, violations: Callable[[Page], list[str]]
) -> None:
    page = open_page("/products", bypass_csp=True)
    page.get_by_label("Select SKU-2").check()
    assert violations(page) == []

    page.get_by_role("link", name="Columns").click()
    page.get_by_role("dialog").wait_for()

    assert violations(page) == []


def test_what_every_list_shows_comes_as_a_file(app: Flask, open_page: Open) -> None:
    """From a server that runs: what it sends later is read when a request is over."""
    page = open_page("/products")
    paths = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint in {one.endpoint for one in app.extensions["lists"].values()}
        and not rule.arguments
    ]

    answers = {path: page.request.get(f"{path}?file=csv") for path in paths}

    assert {path: one.status for path, one in answers.items() if not one.ok} == {}
    assert [path for path, one in answers.items() if not one.text().startswith(BOM)] == []
    assert answers["/products"].text().count("Kettle") == 3
    assert len(paths) > 30
