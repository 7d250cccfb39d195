"""Both schemas are made for real, and PostgreSQL says what each of them is made of.

Alembic's own comparison sees neither CHECK constraints nor how a column is generated: a word
added to a list of reasons would pass every gate, and fail in production.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Connection, Index, MetaData, create_engine, text

from app.core.db import db
from local import services
from tests.conftest import worker_number
from tests.laws.schema import copy_functions, definitions, differences

# What models cannot say; the services that count and the ledger's own tests use them.
ONLY_MIGRATED = {
    "sequence customer_code_seq": "the next code of a customer",
    "sequence vendor_code_seq": "the next code of a vendor",
    "sequence sales_order_number_seq": "the next number of an order",
    "sequence purchase_order_number_seq": "the next number of a purchase order",
    "trigger stock_movement.append_only": "the ledger is never changed",
    "sequence web_punch_seq": "the next punch without a device's own number",
    "trigger punch.append_only": "punches are corrected beside, never rewritten",
    "trigger time_account_entry.append_only": "entries are taken back, never rewritten",
    "trigger audit_entry.append_only": "nor is what people have done",
    "trigger product.is_no_twin": "a code that is changed is no twin any more",
    "trigger barcode.is_no_twin": "a code that is changed is no twin any more",
    "trigger location.is_no_twin": "a code that is changed is no twin any more",
    "trigger vendor_part.is_no_twin": "a code that is changed is no twin any more",
    **{
        f"trigger {table}.learn_{column}{moment}": "searching knows each word of a text"
        for table, column in (
            ("product", "search"),
            ("product", "description_search"),
            ("customer", "search"),
            ("vendor", "search"),
            ("invoice", "search"),
            ("invoice", "po_search"),
            ("sales_order", "search"),
            ("purchase_order", "search"),
        )
        for moment in ("", "_anew")
    },
}


@pytest.fixture
def scratch(app: Flask, worker_id: str) -> Iterator[Connection]:
    """An empty database with our SQL functions, undone in the end."""
    home, name = Path(os.environ["OPSROOM_TEST_HOME"]), f"models_{worker_number(worker_id)}"
    services.create_database(home, name)
    engine = create_engine(services.database_url(home, name))
    with engine.connect() as connection:
        copy_functions(db.session.connection(), connection)
        yield connection
    engine.dispose()


def unlike_the_migrations(scratch: Connection, models: MetaData) -> dict[str, tuple[str, str]]:
    models.create_all(scratch)
    return differences(definitions(db.session.connection()), definitions(scratch))


def test_the_migrations_make_every_constraint_index_and_column_of_the_models(
    scratch: Connection,
) -> None:
    unlike = unlike_the_migrations(scratch, db.metadata)

    assert {n: both for n, both in unlike.items() if n not in ONLY_MIGRATED} == {}
    assert set(ONLY_MIGRATED) <= set(unlike)


def test_a_word_that_no_migration_knows_is_found(scratch: Connection) -> None:
    models = copy_of_the_models()
    (check,) = (
        one
        for one in models.tables["stock_movement"].constraints
        if isinstance(one, CheckConstraint) and str(one.name).endswith("reason")
    )
    check.sqltext = text(f"{check.sqltext} OR reason = 'eaten'")

    unlike = unlike_the_migrations(scratch, models)

    assert set(unlike) - set(ONLY_MIGRATED) == {
        "constraint stock_movement.ck_stock_movement_reason"
    }


def test_an_index_that_no_migration_makes_is_found(scratch: Connection) -> None:
    models = copy_of_the_models()
    Index("ix_product_weight", models.tables["product"].c.weight)

    unlike = unlike_the_migrations(scratch, models)

    assert set(unlike) - set(ONLY_MIGRATED) == {"index ix_product_weight"}


def copy_of_the_models() -> MetaData:
    copy = MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.sorted_tables:
        table.to_metadata(copy)
    return copy
