"""Codes that were two and are one now: they stay, they are listed, and no new ones come."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from local import services
from tests.conftest import worker_number
from tests.migrations.conftest import OTHER, ROOT

COMMAND = f"""{OTHER}
with app.app_context():
    go = {{"up": upgrade, "down": downgrade}}[sys.argv[2]]
    go(sys.argv[3], revision=sys.argv[4], x_arg="drop-data")
"""
[PATH] = (ROOT / "migrations" / "versions").glob("*_one_form_of_codes.py")
MIGRATION = import_module(f"migrations.versions.{PATH.stem}")

PRODUCTS = """
INSERT INTO product (sku, name) VALUES
    ('T-1', 'typed'), ('t-1', 'small'), (E'T-1\\u200b', 'pasted'), ('T-2', 'alone')
"""
BARCODES = """
INSERT INTO barcode (product_id, code)
SELECT id, CASE sku WHEN 'T-1' THEN 'House-1' ELSE 'HOUSE-1' END
FROM product WHERE sku IN ('T-1', 't-1')
"""
LOCATIONS = """
INSERT INTO location (code, kind, path, barcode) VALUES
    ('A', 'tote', 'A/', 'bin-a'), ('B', 'tote', 'B/', 'BIN-A'), ('C', 'tote', 'C/', NULL),
    ('D', 'tote', 'D/', NULL)
"""


@pytest.fixture(scope="module")
def copy(worker_id: str) -> Iterator[Callable[[], Engine]]:
    """Give copies of a database as it was before the migration, with twins in it."""
    home, number = Path(os.environ["OPSROOM_TEST_HOME"]), worker_number(worker_id)
    admin = create_engine(services.database_url(home), isolation_level="AUTOCOMMIT")
    names = [f"before_{number}", f"twins_{number}", f"way_back_{number}"]
    services.create_database(home, names[0])
    first = connected(home, names[0])
    migrate(first, "up", MIGRATION.down_revision)
    for statement in (PRODUCTS, BARCODES, LOCATIONS):
        ask(first, statement)
    first.dispose()
    fresh = iter(names[1:])

    def make() -> Engine:
        name = next(fresh)
        with admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{names[0]}"')
        return connected(home, name)

    yield make
    with admin.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    admin.dispose()


@pytest.fixture(scope="module")
def after(copy: Callable[[], Engine]) -> Iterator[Engine]:
    """A database in which the migration found twins."""
    engine = copy()
    migrate(engine, "up", MIGRATION.revision)
    yield engine
    engine.dispose()


def connected(home: Path, name: str) -> Engine:
    url = services.database_url(home, name)
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def migrate(engine: Engine, way: str, revision: str) -> None:
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", COMMAND, url, way, str(ROOT / "migrations"), revision]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def ask(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_twins_stay_are_told_and_get_no_more(after: Engine) -> None:
    assert ask(after, "SELECT name, twin FROM product ORDER BY id") == [
        ("typed", 0),
        ("small", 1),
        ("pasted", 2),
        ("alone", 0),
    ]
    assert ask(after, "SELECT code, key, twin FROM barcode ORDER BY id") == [
        ("House-1", "house-1", 0),
        ("HOUSE-1", "house-1", 1),
    ]
    assert ask(after, "SELECT code, twin FROM location WHERE twin > 0") == [("B", 1)]
    assert ask(after, "SELECT key, href FROM alert") == [("catalog:twins", "/stock/twins")]
    for statement in (
        "INSERT INTO product (sku, name) VALUES ('t-2', 'another')",
        "UPDATE product SET sku = 'T-2' WHERE name = 'typed'",
        "INSERT INTO location (code, kind, path, barcode) VALUES ('E', 'tote', 'E/', 'Bin-A')",
    ):
        with pytest.raises(IntegrityError):
            ask(after, statement)


def test_a_twin_is_found_by_just_its_own_code(after: Engine) -> None:
    found = "SELECT name FROM product WHERE id = product_with_sku('{}')"
    assert ask(after, found.format("t-1")) == [("small",)]
    assert ask(after, found.format("T-2")) == [("alone",)]
    assert ask(after, found.format("t-2")) == [("alone",)]
    assert ask(after, found.format(" T-1 ")) == []


def test_another_code_makes_it_no_twin(after: Engine) -> None:
    with after.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        renamed = "UPDATE product SET sku = 'T-9' WHERE name = 'small' RETURNING twin"
        assert connection.scalar(text(renamed)) == 0
        connection.rollback()


def test_the_way_back_is_open_where_barcodes_have_none(copy: Callable[[], Engine]) -> None:
    engine = copy()
    ask(engine, "DELETE FROM barcode WHERE code = 'HOUSE-1'")
    ask(engine, "UPDATE location SET barcode = NULL WHERE barcode = 'BIN-A'")
    migrate(engine, "up", MIGRATION.revision)

    migrate(engine, "down", MIGRATION.down_revision)

    assert ask(engine, "SELECT code, key FROM barcode") == [("House-1", "House-1")]
    assert ask(engine, "SELECT count(*) FROM product") == [(4,)]
    engine.dispose()
