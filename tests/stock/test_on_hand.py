"""What was on hand at the end of each of the last days, and its chart."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.db import db
from app.stock import queries
from app.stock.models import Location
from app.stock.views.on_hand import DAYS, on_hand_chart
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.stock.conftest import Mover, place

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def changes(product_id: int, *, back: int = DAYS, zone: str = "UTC") -> dict[date, Decimal]:
    since = NOW - timedelta(days=back)
    query = queries.changes_by_day(product_id, since=since, zone=zone)
    return dict(db.session.execute(query).all())


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_what_came_and_went_is_added_up_by_day(move: Mover, main: Location) -> None:
    product, customers = ProductFactory.create(), place("CUSTOMERS")
    move(product, 10, occurred_at=days_ago(3))
    move(product, 2, occurred_at=days_ago(1))
    move(
        product,
        5,
        occurred_at=days_ago(1),
        from_location_id=main.id,
        to_location_id=customers.id,
        reason="shipped",
    )

    assert changes(product.id) == {days_ago(3).date(): 10, days_ago(1).date(): -3}


def test_a_move_from_bin_to_bin_changes_nothing(
    move: Mover, main: Location, second: Location
) -> None:
    product = ProductFactory.create()
    move(product, 10, occurred_at=NOW)
    ends = {"from_location_id": main.id, "to_location_id": second.id}
    move(product, 4, **ends, reason="moved", occurred_at=NOW)

    assert changes(product.id) == {NOW.date(): 10}


def test_days_are_those_of_the_zone(move: Mover) -> None:
    product = ProductFactory.create()
    late = datetime.combine(days_ago(2), datetime.min.time(), UTC) + timedelta(hours=23)
    move(product, 1, occurred_at=late)

    assert changes(product.id, zone="UTC") == {late.date(): 1}
    assert changes(product.id, zone="Asia/Tokyo") == {late.date() + timedelta(days=1): 1}


def test_other_products_and_older_movements_are_not_read(move: Mover) -> None:
    product = ProductFactory.create()
    move(product, 9, occurred_at=days_ago(5))
    move(ProductFactory.create(), 7)

    assert changes(product.id, back=2) == {}


def test_the_index_of_the_product_bounds_what_is_read(session: Session, move: Mover) -> None:
    product = ProductFactory.create()
    for moved in [product, *ProductFactory.create_batch(30)]:
        move(moved, 1)
    # Of a table that looks empty any index is as good as another.
    session.execute(text("ANALYZE stock_movement; SET LOCAL enable_seqscan = off"))
    query = queries.changes_by_day(product.id, since=NOW - timedelta(days=1), zone="UTC")
    compiled = query.compile(db.engine, compile_kwargs={"literal_binds": True})

    plan = "\n".join(session.scalars(text(f"EXPLAIN {compiled}".replace(":", r"\:"))))

    condition = plan.partition("ix_stock_movement_product")[2].partition("->")[0]
    assert "product_id" in condition
    assert "occurred_at" in condition


def test_it_goes_back_from_what_is_there_now(move: Mover) -> None:
    product = ProductFactory.create()
    move(product, 100, occurred_at=days_ago(DAYS + 30))
    move(product, "2.5", occurred_at=days_ago(1))
    move(product, 7, occurred_at=NOW)

    chart = on_hand_chart(product, on_hand=Decimal("109.5"), now=NOW)

    values = chart.series[0].values
    assert chart.categories[-1] == NOW.date()
    assert values[-3:] == (Decimal(100), Decimal("102.5"), Decimal("109.5"))
    assert values[:-2] == (Decimal(100),) * (DAYS - 2)


def test_the_page_has_the_figures_as_a_table(sign_in: SignIn, move: Mover) -> None:
    product = ProductFactory.create()
    move(product, "1234.5")

    page = sign_in("stock.view").get(f"/stock/{product.id}").text

    table = page.partition('class="chart-table"')[2].partition("</table>")[0]
    figures = re.findall(r'<td class="num">(.*?)</td>', table)
    assert figures == ["1,234.5"] + ["0"] * (DAYS - 1)


def test_what_never_moved_has_nothing_to_draw(sign_in: SignIn) -> None:
    product = ProductFactory.create()

    page = sign_in("stock.view").get(f"/stock/{product.id}").text

    assert "There is nothing to draw yet." in page
    assert "<chart-canvas" not in page


def test_a_refresh_brings_the_chart_without_its_script(sign_in: SignIn, move: Mover) -> None:
    product, client = ProductFactory.create(), sign_in("stock.view")
    move(product, 1)

    page = client.get(f"/stock/{product.id}").text
    fragment = client.get(f"/stock/{product.id}", headers=HTMX).text

    assert "<chart-canvas" in page
    assert "/charts.js" in page
    assert "<chart-canvas" in fragment
    assert "<script" not in fragment


def test_pages_without_a_chart_do_not_load_the_library(sign_in: SignIn) -> None:
    page = sign_in("stock.view").get("/stock").text

    assert "/charts.js" not in page
    assert "echarts" not in page


def test_a_year_of_movements_takes_one_statement(move: Mover, statements: list[str]) -> None:
    product = ProductFactory.create()
    for days in range(40):
        move(product, 1, occurred_at=days_ago(days))
    statements.clear()

    chart = on_hand_chart(product, on_hand=Decimal(40), now=NOW)

    assert len(statements) == 1
    assert chart.series[0].values[-40:] == tuple(Decimal(n) for n in range(1, 41))
