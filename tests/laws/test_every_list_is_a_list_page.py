"""Whatever the side bar calls a list is a ListPage: no list brings a skeleton of its own."""

from pathlib import Path

from flask import Flask

from app.core.pages import Choice
from app.core.pages.lists import Known
from app.core.slices import slices

# Places that are no list: what they are instead.
NO_LISTS = {
    "pick.index": "a tablet's screen",
    "pack.index": "a tablet's screen",
    "putbacks.index": "a tablet's screen",
    "count.index": "a tablet's screen",
    "picking.index": "a board of figures and of the walks of this moment",
    "connections.index": "a card for each outside system",
    "settings.edit": "a form",
    "attendance_board.show": "a board of this moment",
    "roster.index": "a grid of people and days",
    "my_time.show": "one's own week",
    "sales.index": "figures that are added up as somebody asks, and drawn",
    "money.index": "accounts that roll, and fees drawn",
}


def known(app: Flask) -> dict[str, Known]:
    return app.extensions["lists"]


def test_every_place_of_the_side_bar_is_a_list_or_named_with_a_reason(app: Flask) -> None:
    places = {place.endpoint for group in slices().places.values() for place in group}
    lists = {one.endpoint for one in known(app).values()}

    assert places - lists == NO_LISTS.keys() & places
    assert lists & NO_LISTS.keys() == set()


def test_no_page_of_its_own_draws_a_list_of_the_side_bar(app: Flask) -> None:
    """The region that refreshes itself and the filters stand in templates/pages alone."""
    own = [
        path
        for path in Path("templates").rglob("*.html")
        if "data-follow" in (text := path.read_text()) and "ui.filters(" in text
    ]

    assert own == []


def test_every_list_is_known_by_the_name_of_its_own(app: Flask) -> None:
    for name, one in known(app).items():
        assert one.page.name == name
        needed = getattr(app.view_functions[one.endpoint], "required_permission", None)
        assert needed == one.page.permission


def test_columns_and_filters_of_a_list_have_names_of_their_own(app: Flask) -> None:
    reserved = {"view", "page", "sort", "file", "before", "here"}
    for one in known(app).values():
        columns = [column.name for column in one.page.columns]
        filters = [each.name for each in one.page.filters]
        assert len({*columns}) == len(columns), one.page.name
        assert len({*filters}) == len(filters), one.page.name
        assert not reserved & {*filters}, one.page.name


def test_no_filter_offers_the_same_words_twice(app: Flask) -> None:
    chosen = [
        (one.page.name, [label for _value, label in each.offers()])
        for one in known(app).values()
        for each in one.page.filters
        if isinstance(each, Choice) and not callable(each.options)
    ]

    assert [name for name, labels in chosen if len({*labels}) < len(labels)] == []
    assert len(chosen) > 5


def test_a_list_with_actions_says_what_its_records_are(app: Flask) -> None:
    for one in known(app).values():
        if one.page.actions:
            assert one.page.row_id is not None, one.page.name
            assert one.page.row_name is not None, one.page.name
            assert one.page.nouns != ("row", "rows"), one.page.name
        for action in one.page.actions:
            ways = [action.act, action.act_on_all, action.address]
            assert sum(way is not None for way in ways) == 1, action.name
