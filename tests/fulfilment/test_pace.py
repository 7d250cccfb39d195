"""How many lines everybody picked today, hour by hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.accounts.models import User
from app.catalog.models import Product
from app.core.db import db
from app.core.pages.charts import COLOURS, Chart
from app.fulfilment.models import PickLine
from app.fulfilment.views.pace import OTHERS, pace_chart
from tests.conftest import SignIn
from tests.factories import UserFactory
from tests.fulfilment.conftest import Hand, confirmed

NOON = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.usefixtures("totes")


@pytest.fixture
def lines(filters: Product, hand: Hand) -> list[int]:
    """Ids of the pick lines of a pick task, all still open."""
    confirmed(*[(filters, 1)] * 3)
    return [line.id for line in hand.claim().lines]


def finish(line_id: int, user: User, at: datetime) -> None:
    changes: dict[str, Any] = {"state": "picked", "picked": PickLine.quantity}
    db.session.execute(
        update(PickLine)
        .where(PickLine.id == line_id)
        .values(finished_at=at, finished_by_id=user.id, **changes)
    )


def shown(chart: Chart) -> dict[str, list[int]]:
    return {each.name: [int(value or 0) for value in each.values] for each in chart.series}


def test_lines_are_counted_by_picker_and_hour(lines: list[int]) -> None:
    ann, bob = UserFactory.create(name="Ann"), UserFactory.create(name="Bob")
    finish(lines[0], bob, NOON - timedelta(hours=2))
    finish(lines[1], bob, NOON)
    finish(lines[2], ann, NOON)

    chart = pace_chart(NOON)

    assert chart.categories == ("10:00", "11:00", "12:00")
    assert shown(chart) == {"Bob": [1, 0, 1], "Ann": [0, 0, 1]}


def test_yesterday_does_not_count(lines: list[int]) -> None:
    finish(lines[0], UserFactory.create(), NOON - timedelta(days=1))

    assert pace_chart(NOON).is_empty


def test_two_pickers_of_one_name_stay_two(lines: list[int]) -> None:
    for line in lines[:2]:
        finish(line, UserFactory.create(name="Ann"), NOON)

    assert [each.name for each in pace_chart(NOON).series] == ["Ann", "Ann"]


def test_more_pickers_than_colours_share_the_last(filters: Product, hand: Hand) -> None:
    confirmed(*[(filters, 1)] * (COLOURS + 2))
    lines = hand.claim().lines
    best = UserFactory.create(name="Best")
    for line in lines[:2]:
        finish(line.id, best, NOON)
    for line in lines[2:]:
        finish(line.id, UserFactory.create(), NOON)

    chart = pace_chart(NOON)

    assert len(chart.series) == COLOURS
    assert shown(chart)["Best"] == [2]
    assert shown(chart)[OTHERS] == [len(lines) - 2 - (COLOURS - 2)]


def test_the_board_draws_it_and_refreshes_it(sign_in: SignIn, lines: list[int]) -> None:
    client: FlaskClient = sign_in("fulfilment.manage")
    empty = client.get("/picking").text
    finish(lines[0], UserFactory.create(name="Ann"), datetime.now(UTC))

    page = client.get("/picking").text
    fragment = client.get("/picking", headers=HTMX).text

    assert "Each line counts once it is picked." in empty
    assert "/charts.js" in page
    assert '<th scope="col" class="num" title="Ann">' in fragment
    assert "<script" not in fragment
