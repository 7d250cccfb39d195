"""What a search costs: stages that are not needed are not entered, whatever is typed."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.db import db
from app.search.indexes import find
from tests.factories import ProductFactory


def scans(index: str) -> int:
    """How often this transaction has looked into an index."""
    query = text("SELECT pg_stat_get_xact_numscans(to_regclass(:index))")
    return int(db.session.scalar(query, {"index": index}) or 0)


def looks(term: str, index: str = "ix_product_search", most: int = 3) -> int:
    before = scans(index)
    find("product_names", term, most=most)
    return scans(index) - before


@pytest.fixture(autouse=True)
def mugs(session: Session) -> None:
    # So few rows may be read whole, as statistics have it: counted is what is looked up.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    ProductFactory.create_batch(3, name="Mug")
    ProductFactory.create(name="Big smug, AXB-77")


def test_a_full_prefix_stage_ends_the_search() -> None:
    assert looks("mug") == 0
    assert looks("mug", "ix_product_name_key") == 1


def test_words_that_the_oldest_products_have_need_no_trigrams() -> None:
    ProductFactory.create_batch(3, name="Red tray")

    assert looks("tray") == 0


def test_what_is_rare_is_found_by_trigrams() -> None:
    assert looks("smug", most=15) > 0


@pytest.mark.parametrize("term", ["%", "_", "***", "\\", "(", "%% __ ##"])
def test_what_holds_no_letter_never_reads_the_trigrams(term: str) -> None:
    """Without a whole trigram PostgreSQL would read the entire index."""
    assert looks(term, most=15) == 0


@pytest.mark.parametrize(("term", "stages"), [("x", 0), ("xb", 0), ("axb", 2), ("q z", 1)])
def test_only_stages_that_have_a_trigram_are_entered(term: str, stages: int) -> None:
    assert looks(term, most=15) == stages


def test_letters_that_are_in_no_word_are_not_looked_for_in_rows() -> None:
    assert looks("qwertzuiop", most=15) == 0
    assert looks("smugs", most=15) == 0


def test_long_terms_are_not_compared_for_likeness() -> None:
    assert looks("q1w2e3r4t5" * 5, most=15) == 1
    assert looks("q1w2e3r4t5", most=15) == 2
