"""What searching knows of words is never behind the rows: what is in no word is in no row."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.db import db
from app.core.indexes import search_word
from app.search.indexes import find
from migrations.search_words import LONGEST, NAMED, SIGNS
from tests.factories import CustomerFactory, ProductFactory, SalesOrderFactory

LETTERS = string.ascii_lowercase + SIGNS + "äéøßж抹茶ラテ=~[]^"
BODY = "SELECT search FROM product WHERE id = :id"
HOLDING = "SELECT FROM search_word WHERE source = 'product.search' AND strpos(word, :part) > 0"
SEVERAL = """
INSERT INTO product (sku, name)
SELECT :sku || n, 'Teapot' FROM generate_series(1, 300) AS n
"""
WORDS = "SELECT hints FROM search_word WHERE source = :source AND word = :word"


def known(word: str, source: str = "product.search") -> list[int]:
    """The rows that a word names, of each entry of it."""
    rows = db.session.scalars(text(WORDS), {"source": source, "word": word})
    return [number for hints in rows for number in hints]


def ids(term: str, index: str = "product_names") -> list[int]:
    return [hit["id"] for hit in find(index, term, most=100)]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(st.sampled_from(LETTERS), min_size=4, max_size=200), st.data())
def test_every_part_of_every_word_is_known(
    session: Session, name: str, data: st.DataObject
) -> None:
    """Beginnings and middles, whatever parts the words, however long one is."""
    count = db.session.query(Product).count()
    product = Product(sku=f"Z{count}", name=f"x{name}")
    db.session.add(product)
    db.session.flush()
    body = db.session.scalars(text(BODY), {"id": product.id}).one()
    runs = body.translate({ord(sign): " " for sign in SIGNS}).split(" ")

    run = data.draw(st.sampled_from([one for one in runs if one]))
    begin = data.draw(st.integers(0, len(run) - 1))
    part = run[begin : begin + data.draw(st.integers(1, LONGEST // 2))]

    assert db.session.execute(text(HOLDING), {"part": part}).first() is not None


def test_words_of_a_name_that_is_changed_are_learned() -> None:
    product = ProductFactory.create(name="Mug")
    product.name = "Kettle"
    db.session.flush()

    assert known("kettle") == [product.id]
    assert ids("ettl") == [product.id]
    assert ids("mug") == []  # what a word names is looked at


def test_a_word_names_no_more_rows_than_a_search_gives() -> None:
    for sku in ("P", "Q"):
        db.session.execute(text(SEVERAL), {"sku": sku})

    assert len(known("teapot")) == NAMED
    assert len(ids("apo")) == 100


def test_one_after_the_other_they_are_few_entries() -> None:
    for _ in range(40):
        ProductFactory.create(name="Ladle")

    assert len(known("ladle")) < 10
    assert len(ids("adl")) == 40


def test_each_text_has_words_of_its_own() -> None:
    CustomerFactory.create(name="Zoë Rosenberg")
    SalesOrderFactory.create(customer_name="Otto Grünwald")

    assert known("rosenberg") == []
    assert len(known("rosenberg", "customer.search")) == 1
    assert len(known("grunwald", "sales_order.search")) == 1


@pytest.mark.parametrize("term", ["anel", "racke", "enamels", "ene mel"])
def test_letters_that_are_in_no_word_never_read_the_trigrams_of_rows(term: str) -> None:
    ProductFactory.create_batch(3, name="Enamel mug")
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    scans = text("SELECT pg_stat_get_xact_numscans(to_regclass('ix_product_search'))")
    before = db.session.scalar(scans)

    find("product_names", term, most=15)

    assert db.session.scalar(scans) == before


def test_the_table_is_the_one_that_the_functions_read() -> None:
    ProductFactory.create(name="Whisk")

    db.session.execute(search_word.delete())

    assert ids("hisk") == []  # nothing else is asked for letters within a word
