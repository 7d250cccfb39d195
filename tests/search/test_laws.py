"""What holds for every product, whatever it is called."""

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.db import db
from app.search.indexes import find

LETTERS = string.ascii_letters + string.digits + " -_./,%\\'()&äéøßñΩж"
words = st.text(st.sampled_from(LETTERS), min_size=3, max_size=30).map(str.strip)
names = words.filter(lambda name: sum(c.isalnum() for c in name) >= 3)
skus = st.text(st.sampled_from(string.ascii_uppercase + string.digits + "-./ "), max_size=12)

# The session fixture undoes everything after the last example; each works in its savepoint.
several = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def is_found(term: str, product: Product, index: str = "product_names") -> bool:
    return product.id in [hit["id"] for hit in find(index, term, most=100)]


def made(name: str, sku: str = "") -> Product:
    count = db.session.query(Product).count()
    product = Product(sku=f"{sku}Z{count}", name=name)
    db.session.add(product)
    db.session.flush()
    return product


@several
@given(names, skus)
def test_a_product_is_found_by_its_whole_sku(session: Session, name: str, sku: str) -> None:
    product = made(name, sku)

    assert is_found(product.sku, product)
    assert is_found(product.sku, product, "part_numbers")


@several
@given(names, st.data())
def test_a_product_is_found_by_any_beginning_of_its_name(
    session: Session, name: str, data: st.DataObject
) -> None:
    product = made(name)

    end = data.draw(st.integers(1, len(name)))

    assert is_found(name[:end], product)


@several
@given(names, st.data())
def test_a_product_is_found_by_three_letters_of_its_name_in_a_row(
    session: Session, name: str, data: st.DataObject
) -> None:
    product = made(name)
    triples = [name[i : i + 3] for i in range(len(name) - 2) if name[i : i + 3].isalnum()] or [
        name
    ]

    term = data.draw(st.sampled_from(triples))

    assert is_found(term, product)


@several
@given(names, st.data())
def test_a_product_is_found_by_any_part_of_its_name_with_three_letters(
    session: Session, name: str, data: st.DataObject
) -> None:
    product = made(name)
    start = data.draw(st.integers(0, len(name) - 3))
    end = data.draw(st.integers(start + 3, len(name)))
    part = name[start:end]

    assert is_found(part, product) or sum(c.isalnum() for c in part) < 3
