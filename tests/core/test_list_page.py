"""A list made on the spot: what its declaration gives it."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import delete

from app.core.db import db
from app.core.jobs import JobRun
from app.core.pages import exports
from tests.core.conftest import ShelfClient
from tests.core.samples import stored

HTMX = {"HX-Request": "true"}
OLDER = r'href="([^"]*before=[^"]*)"[^>]*>(?:(?!</a>).)*Older'


@pytest.fixture
def client(shelf_client: ShelfClient) -> FlaskClient:
    return shelf_client("shelf.view")


def labels(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="name"><a [^>]*>([^<]*)</a>', page)


@pytest.fixture(autouse=True)
def _boxes(shelf_app: Flask) -> None:
    for label, state, attempts in [("b", "queued", 1), ("a", "failed", 2), ("c", "queued", 3)]:
        stored(label=label, state=state, attempts=attempts, actor="Ana" if label == "a" else "")


def test_a_browser_gets_a_page_and_htmx_the_results(client: FlaskClient) -> None:
    page, region = client.get("/shelf"), client.get("/shelf", headers=HTMX)

    assert "<html" in page.text
    assert "<html" not in region.text
    assert labels(page.text) == labels(region.text) == ["a", "b", "c"]
    assert "HX-Request" in region.vary


def test_the_results_fetch_themselves_again_when_something_happens(client: FlaskClient) -> None:
    page = client.get("/shelf?state=queued").text

    assert 'hx-get="/shelf?state=queued"' in page
    happens = ", ".join(f"{e} from:body" for e in ("shelf:changed", "lists:changed"))
    assert f'hx-trigger="{happens}, opsroom:back from:body, opsroom:news"' in page


def test_it_is_closed_without_its_permission(shelf_client: ShelfClient) -> None:
    assert shelf_client("jobs.view").get("/shelf").status_code == 403


@pytest.mark.parametrize(
    ("query", "found", "chips"),
    [
        ("search=b", ["b"], []),
        ("search=impossible", [], []),
        ("state=failed", ["a"], ["Failed"]),
        ("actor=Ana", ["a"], ["By Ana"]),
        ("actor=Bob", [], ["By Bob"]),
        ("attempts=2", ["a", "c"], ["From 2 attempts"]),
        ("run=99999999999999999999", [], ["Run 99999999999999999999"]),
        ("note=7", ["a", "b", "c"], ["note 7"]),
        ("since=2020-01-01", ["a", "b", "c"], ["From 2020-01-01"]),
        ("until=2020-01-01", [], []),
        ("state=failed&attempts=9", [], ["Failed", "From 9 attempts"]),
    ],
)
def test_filters_narrow_and_say_so(
    client: FlaskClient, query: str, found: list[str], chips: list[str]
) -> None:
    page = client.get(f"/shelf?{query}").text

    assert labels(page) == found
    assert re.findall(r"Remove filter</span> ([^<]*)<", page) == chips


@pytest.mark.parametrize(
    "query",
    ["state=blue", "attempts=many", "run=x", "since=yesterday", "since=9999-12-31", "note=x"],
)
def test_a_word_that_means_nothing_filters_nothing_and_is_named(
    client: FlaskClient, query: str
) -> None:
    page = client.get(f"/shelf?{query}").text

    assert labels(page) == ["a", "b", "c"]
    assert f"“{query.partition('=')[2]}”: it filters nothing." in page


def test_a_chip_takes_its_filter_off_and_leaves_the_rest(client: FlaskClient) -> None:
    page = client.get("/shelf?state=queued&attempts=2&sort=-label").text

    assert 'href="/shelf?attempts=2&amp;sort=-label"' in page
    assert 'href="/shelf?state=queued&amp;sort=-label"' in page


@pytest.mark.parametrize(
    ("sort", "found", "said"),
    [
        ("-label", ["c", "b", "a"], "descending"),
        ("id", ["b", "a", "c"], "ascending"),
        ("nonsense", ["a", "b", "c"], "ascending"),
    ],
)
def test_heads_sort_and_say_how(
    client: FlaskClient, sort: str, found: list[str], said: str
) -> None:
    page = client.get(f"/shelf?sort={sort}").text

    assert labels(page) == found
    assert re.findall(r'aria-sort="(\w+)"', page) == [said]


def test_days_begin_where_the_person_is(shelf_client: ShelfClient) -> None:
    stored(label="night", created_at=datetime(2026, 3, 1, 22, tzinfo=UTC))
    london, tokyo = (
        shelf_client("shelf.view", time_zone=zone) for zone in ("UTC", "Asia/Tokyo")
    )

    assert "night" not in labels(london.get("/shelf?since=2026-03-02&until=2026-03-02").text)
    assert labels(tokyo.get("/shelf?since=2026-03-02&until=2026-03-02").text) == ["night"]


def test_nothing_found_offers_everything(client: FlaskClient) -> None:
    page = client.get("/shelf?search=nobody").text

    assert "Nothing matches." in page
    assert re.search(r'href="/shelf"[^>]*>\s*Show all', page)


def test_an_empty_list_offers_its_beginning_to_who_may(shelf_client: ShelfClient) -> None:
    db.session.execute(delete(JobRun))
    db.session.commit()

    told, asked = (
        shelf_client(*may).get("/shelf", headers=HTMX).text
        for may in (("shelf.view",), ("shelf.view", "shelf.edit"))
    )

    assert "Empty shelf." in told
    assert "New box" not in told
    assert "New box" in asked


def test_cells_are_written_by_their_kind(client: FlaskClient) -> None:
    page = client.get("/shelf").text

    assert re.search(r'<td class="status"><span class="badge muted">queued</span></td>', page)
    assert re.search(r'<data class="quantity" id="double-\d+" value="4">4</data>', page)
    assert "<time" in page


def test_a_column_of_a_permission_is_hidden_from_others(shelf_client: ShelfClient) -> None:
    assert "Secret" not in shelf_client("shelf.view").get("/shelf?file=csv").text
    assert "Secret" in shelf_client("shelf.view", "shelf.edit").get("/shelf").text


def test_what_is_shown_can_be_taken_as_a_file(client: FlaskClient) -> None:
    stored(label="=1+1", state="queued")

    answer = client.get("/shelf?state=queued&sort=-label&file=csv")

    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Number,Label,State,Double,When"
    assert [line.split(",")[1] for line in lines[1:]] == ["c", "b", "'=1+1"]
    assert "filename=shelf.csv" in answer.headers["Content-Disposition"]


def test_a_spreadsheet_holds_the_same(client: FlaskClient) -> None:
    answer = client.get("/shelf?file=xlsx")

    (sheet,) = load_workbook(BytesIO(answer.data)).worksheets
    rows = list(sheet.values)
    assert [row[1] for row in rows] == ["Label", "a", "b", "c"]
    assert rows[1][3] == 4


def test_a_file_that_is_cut_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_EXPORTED", 2)

    lines = client.get("/shelf?file=csv").data.decode("utf-8-sig").splitlines()

    assert len(lines) == 4
    assert lines[-1] == "There are more rows: these are the first 2."


def test_a_file_of_an_unknown_kind_is_not_found(client: FlaskClient) -> None:
    assert client.get("/shelf?file=doc").status_code == 404


def test_a_list_by_cursor_goes_on_from_the_last_row(client: FlaskClient) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(5):
        stored(label=f"old-{number}", created_at=moment + timedelta(minutes=number // 2))
    seen, address = [], "/past?search=old"
    while address:
        page = client.get(address).text
        seen += re.findall(r">(old-\d)<", page)
        older = re.search(OLDER, page, re.DOTALL)
        address = older[1].replace("&amp;", "&") if older else ""

    assert seen == ["old-4", "old-3", "old-2", "old-1", "old-0"]
    assert "Newest" in page


@pytest.mark.parametrize(
    "mark", ["x", "x~y", "2020-01-01~5~6", f"2020-01-01T00:00:00~{'9' * 20}"]
)
def test_a_mark_that_is_none_begins_at_the_newest(client: FlaskClient, mark: str) -> None:
    page = client.get(f"/past?before={mark}").text

    assert re.findall(r'class="name">(\w)<', page) == ["c", "a"]


def test_a_list_by_cursor_is_a_file_from_its_beginning(client: FlaskClient) -> None:
    answer = client.get("/past?file=csv&before=2000-01-01T00:00:00%2B00:00~1")

    text = answer.data.decode("utf-8-sig")
    assert text.split() == ["Label", "c", "a", "b"]


def test_the_list_asks_as_often_however_long_it_is(
    client: FlaskClient, queries: list[str]
) -> None:
    counts = []
    for _ in range(2):
        for number in range(10):
            stored(label=f"more {number}")
        queries.clear()
        client.get("/shelf?search=more")
        counts.append(len(queries))

    assert counts[0] == counts[1]
