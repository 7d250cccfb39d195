"""Charts in a real browser: drawn, themed, told apart, and gone with their place."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.catalog.models import Product
from app.stock import services as stock
from app.stock.ledger import Move
from tests.browser.conftest import Open
from tests.factories import ProductFactory
from tests.stock.conftest import place

pytestmark = [pytest.mark.committed, pytest.mark.xdist_group("browser")]

PHONE: ViewportSize = {"width": 390, "height": 844}
# How many colours there are in the drawing: one is a blank.
COLOURS = """
canvas => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}
"""
# The colour of its first series, as ECharts was told it.
INK = """
() => {
  const { shadowRoot } = document.querySelector("chart-canvas");
  return window.echarts.getInstanceByDom(shadowRoot.firstChild)?.getOption().color[0];
}
"""
# A refusal of our Content-Security-Policy; the browser does not always call it an error.
WATCH = """
window.refused = [];
addEventListener("securitypolicyviolation", (it) => window.refused.push(it.violatedDirective));
"""


@pytest.fixture
def product() -> Product:
    """Something that came and went over the last weeks."""
    product = ProductFactory.create(name="Paper filters", unit="kg")
    now, there = datetime.now(UTC), place("MAIN-01").id
    lines = [
        Move(
            product_id=product.id,
            from_location_id=place("SUPPLIERS").id,
            to_location_id=there,
            quantity=Decimal("120.5") + days,
            reason="received",
            occurred_at=now - timedelta(days=days),
        )
        for days in (60, 40, 20, 5)
    ]
    stock.post(lines, key=product.sku)
    return product


def at(open_page: Open, product: Product, **options: Any) -> Page:
    page = open_page("/account", **options)
    page.add_init_script(WATCH)
    page.goto(f"/stock/{product.id}")
    return page


def colours(page: Page) -> Any:
    canvas = page.locator("chart-canvas canvas")
    canvas.wait_for()
    page.wait_for_timeout(500)  # it grows for 300 ms
    return canvas.evaluate(COLOURS)


def draw(page: Page, **changes: Any) -> None:
    """Let the drawing have other figures, as a region that refreshes itself does."""
    chart = page.locator("chart-canvas")
    figures = json.loads(chart.get_attribute("data-figures") or "") | changes
    chart.evaluate("(chart, text) => { chart.dataset.figures = text }", json.dumps(figures))


def series(*values: list[object]) -> dict[str, Any]:
    names = [f"Series {number} with a name as long as people make them" for number in (1, 2, 3)]
    names = [name for name, _ in zip(names, values, strict=False)]
    categories = [f"{number}" for number in range(len(values[0]))]
    return {
        "categories": categories,
        "ticks": categories,
        "series": [
            {"name": name, "values": each} for name, each in zip(names, values, strict=True)
        ],
    }


def test_it_is_drawn_under_our_security_policy(open_page: Open, product: Product) -> None:
    page = at(open_page, product, viewport={"width": 1440, "height": 900})

    assert colours(page) > 5
    page.locator("chart-canvas").hover()  # an HTML tooltip would be refused
    page.wait_for_timeout(300)
    assert page.evaluate("window.refused") == []


def test_the_table_has_the_figures_that_are_drawn(open_page: Open, product: Product) -> None:
    page = at(open_page, product)
    page.locator("chart-canvas canvas").wait_for()

    drawn = json.loads(page.locator("chart-canvas").get_attribute("data-figures") or "")
    days = page.locator(".chart-table tbody th").all_inner_texts()
    figures = page.locator(".chart-table tbody td").all_inner_texts()

    assert days == drawn["categories"][::-1]
    values = drawn["series"][0]["values"][::-1]
    assert [figure.replace(",", "") for figure in figures] == values
    assert len({*values}) == 5


def test_without_javascript_there_is_the_table(open_page: Open, product: Product) -> None:
    page = open_page(f"/stock/{product.id}", java_script_enabled=False, viewport=PHONE)
    page.goto(f"/stock/{product.id}")

    expect(page.locator(".chart-table")).to_be_visible()
    expect(page.locator("chart-canvas")).to_be_hidden()
    expect(page.locator("[data-chart-switch]")).to_be_hidden()


def test_it_follows_the_theme_at_once(open_page: Open, product: Product) -> None:
    page = at(open_page, product, color_scheme="light")
    page.locator("chart-canvas canvas").wait_for()
    light = page.evaluate(INK)

    page.locator("[data-theme-switch]").first.evaluate("button => button.click()")

    page.wait_for_function(f"light => ({INK.strip()})() !== light", arg=light)


def test_a_narrow_screen_shows_one_of_the_two_and_keeps_the_choice(
    open_page: Open, product: Product
) -> None:
    page = at(open_page, product, viewport=PHONE)
    table, drawing = page.locator(".chart-table"), page.locator("chart-canvas")
    drawing.locator("canvas").wait_for()
    expect(table).to_be_hidden()

    page.get_by_role("button", name="As a table").click()

    expect(table).to_be_visible()
    expect(drawing).to_be_hidden()
    page.reload()
    expect(table).to_be_visible()
    page.get_by_role("button", name="As a chart").click()
    assert colours(page) > 5


def test_it_grows_and_shrinks_with_its_region(open_page: Open, product: Product) -> None:
    page = at(open_page, product, viewport={"width": 1440, "height": 900})
    canvas = page.locator("chart-canvas canvas")
    canvas.wait_for()

    page.set_viewport_size(PHONE)

    shrunk = "document.querySelector('chart-canvas').shadowRoot.querySelector('canvas')"
    page.wait_for_function(f"{shrunk}.clientWidth < {PHONE['width']}")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_refresh_of_the_region_keeps_the_drawing_and_brings_new_figures(
    open_page: Open, product: Product
) -> None:
    page = at(open_page, product)
    canvas = page.locator("chart-canvas canvas")
    canvas.wait_for()
    canvas.evaluate("canvas => { window.first = canvas }")
    target = stock.find_target(product_id=product.id, reason="found")
    stock.adjust_stock(target, quantity=Decimal(7), reason="found", key="more")

    page.evaluate("document.body.dispatchEvent(new Event('stock:changed'))")

    expect(page.locator(".chart-table tbody td").first).to_have_text("614")
    assert canvas.evaluate("canvas => canvas === window.first")
    assert '"614"' in (page.locator("chart-canvas").get_attribute("data-figures") or "")


def test_what_is_taken_out_of_the_page_is_disposed_of_and_may_come_back(
    open_page: Open, product: Product
) -> None:
    page = at(open_page, product)
    page.locator("chart-canvas canvas").wait_for()

    gone = page.evaluate(
        """() => {
          window.chart = document.querySelector("chart-canvas");
          const place = window.chart.shadowRoot.querySelector("div");
          const drawing = window.echarts.getInstanceByDom(place);
          window.home = window.chart.parentElement;
          window.chart.remove();
          return drawing.isDisposed();
        }"""
    )
    assert gone
    page.evaluate("window.home.append(window.chart)")

    assert colours(page) > 5


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("line", [["5"]]),
        ("bar", [["5"]]),
        ("line", [["-5", "3", None, "-1.5"]]),
        ("bar", [["-5", "3", "0", "-1.5"]]),
        ("line", [[str(n % 37) for n in range(500)]]),
        ("bar", [["1", "2", "3"], ["3", "2", "1"], ["1", "0", "9"]]),
    ],
    ids=["a point", "a bar", "below zero", "bars below zero", "500 points", "stacked"],
)
def test_figures_of_every_kind_are_drawn(
    open_page: Open, product: Product, kind: str, values: list[list[object]]
) -> None:
    page = at(open_page, product, viewport=PHONE)
    page.locator("chart-canvas canvas").wait_for()

    draw(page, kind=kind, isStacked=len(values) > 1, **series(*values))

    assert colours(page) > 5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_keeps_people_from_using_it(
    open_page: Open, product: Product, violations: Callable[[Page], list[str]], theme: str
) -> None:
    page = at(open_page, product, color_scheme=theme, bypass_csp=True)
    drawing = page.locator("chart-canvas [role=img]")
    drawing.wait_for()

    assert "Line chart: On hand" in (drawing.get_attribute("aria-label") or "")
    assert violations(page) == []
