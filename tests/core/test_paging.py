"""Pages of a list, whose state lives in the address."""

import pytest
from flask import Flask, request
from werkzeug.exceptions import NotFound

from app.core import totals
from app.core.jobs import JobRun
from app.core.jobs.queries import job_runs
from app.core.pages.paging import Order, Page, paginate
from tests.core.samples import stored

SORTS = {"id": JobRun.id, "label": JobRun.label, "state": JobRun.state}


def page(app: Flask, address: str, per_page: int = 2) -> Page[JobRun]:
    with app.test_request_context(f"/jobs{address}"):
        found = paginate(
            job_runs(),
            Order(SORTS, "-id"),
            filters={"search": request.args.get("search", ""), "state": ""},
            per_page=per_page,
        )
        found.url(1)
        return found


def labels(found: Page[JobRun]) -> list[str]:
    return [run.label for run in found.items]


@pytest.fixture(autouse=True)
def _five_jobs() -> None:
    for label in ("b", "a", "c", "a", "b"):
        stored(label=label)


def test_the_first_page_is_in_the_usual_order(app: Flask) -> None:
    found = page(app, "")

    assert labels(found) == ["b", "a"]
    assert (found.first, found.last, found.total) == (1, 2, 5)
    assert (found.has_prev, found.has_next) == (False, True)


def test_the_last_page_holds_the_rest(app: Flask) -> None:
    found = page(app, "?page=3")

    assert (found.first, found.last, found.total) == (5, 5, 5)
    assert (found.has_prev, found.has_next) == (True, False)


def test_a_page_beyond_the_end_is_empty(app: Flask) -> None:
    found = page(app, "?page=9")

    assert (found.items, found.first, found.last) == ([], 0, 0)


def test_equal_rows_keep_one_order(app: Flask) -> None:
    ids = [run.id for n in (1, 2, 3) for run in page(app, f"?sort=label&page={n}").items]

    assert len(set(ids)) == 5
    assert labels(page(app, "?sort=label", per_page=9)) == ["a", "a", "b", "b", "c"]


def test_a_minus_turns_the_order(app: Flask) -> None:
    found = page(app, "?sort=-label")

    assert labels(found) == ["c", "b"]
    assert found.direction("label") == "descending"


def test_an_unknown_order_is_the_usual_one(app: Flask) -> None:
    assert page(app, "?sort=colour").sort == "-id"


@pytest.mark.parametrize("number", ["0", "-1", "99999999999"])
def test_a_page_that_cannot_be_is_not_found(app: Flask, number: str) -> None:
    with pytest.raises(NotFound):
        page(app, f"?page={number}")


def test_addresses_keep_filters_and_order(app: Flask) -> None:
    with app.test_request_context("/jobs?search=a&sort=label&page=2"):
        found = paginate(job_runs(), Order(SORTS, "-id"), filters={"search": "a"}, per_page=2)

        assert found.url(3) == "/jobs?search=a&page=3&sort=label"
        assert found.url(1) == "/jobs?search=a&sort=label"
        assert found.here == "/jobs?search=a&page=2&sort=label"
        assert found.sort_url("label") == "/jobs?search=a&sort=-label"
        assert found.sort_url("state") == "/jobs?search=a&sort=state"
        assert found.without("search") == "/jobs?sort=label"


def test_a_very_long_list_is_not_counted_to_its_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(totals, "COUNTED", 3)

    found = page(app, "")

    assert (found.total, found.is_more) == (3, True)


def test_a_list_that_fits_is_not_counted_at_all(app: Flask, queries: list[str]) -> None:
    page(app, "", per_page=9)

    assert len(queries) == 1
