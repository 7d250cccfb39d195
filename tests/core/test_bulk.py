"""Work on many rows: its search indexes, its plans, and the garbage collector."""

import gc

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.bulk import by_index, gathered, let_planner_know, seldom_collected

LIMIT, UNENTERED = (
    text("SHOW gin_pending_list_limit"),
    text("SELECT gin_clean_pending_list('ix_product_search')"),
)


def test_what_waits_for_its_search_index_is_kept_short(session: Session) -> None:
    indexes = "SELECT count(*) FROM pg_class WHERE reloptions::text LIKE '%gin_pending%'"

    assert session.scalar(LIMIT) == "256kB"
    assert session.scalar(text(indexes)) == 0  # one that says it itself has its own way


def test_a_bulk_load_enters_its_rows_all_at_once(session: Session) -> None:
    with gathered(session, Product):
        during = session.scalar(LIMIT)
        session.add(Product(sku="A-1", name="Kettle"))
        session.flush()

    assert (during, session.scalar(LIMIT)) == ("8MB", "256kB")
    assert session.scalar(UNENTERED) == 0  # pages that were still to be entered


def test_many_rows_are_found_by_index(session: Session) -> None:
    plan = text("EXPLAIN SELECT FROM generate_series(1, 5000) AS n JOIN product ON id = n")
    before = session.scalars(plan).all()

    with by_index(session):
        during = " ".join(session.scalars(plan))

    assert "Index" in during
    assert session.scalars(plan).all() == before


def test_the_planner_looks_anew_at_a_table_that_was_emptied(session: Session) -> None:
    with session.begin_nested() as load:
        _insert(session, 500)
        load.rollback()
    session.execute(text("ANALYZE product"))  # no row on any of its pages

    _insert(session, 500)
    before = _expected(session)
    let_planner_know(session, 500, Product)

    assert before == 1
    assert _expected(session) == 500


def _insert(session: Session, number: int) -> None:
    rows = "SELECT n, n FROM generate_series(1, :number) AS n"
    session.execute(text(f"INSERT INTO product (sku, name) {rows}"), {"number": number})


def _expected(session: Session) -> int:
    """How many products the planner believes in."""
    [node] = session.scalar(text("EXPLAIN (FORMAT JSON) SELECT FROM product"))
    return int(node["Plan"]["Plan Rows"])


def test_the_garbage_collector_rests_only_meanwhile() -> None:
    before = gc.get_threshold()

    with seldom_collected():
        during = gc.get_threshold()

    assert during[0] > before[0]
    assert gc.get_threshold() == before
