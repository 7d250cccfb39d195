"""Going back takes nothing with it unless told so."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from migrations.losses import losses
from tests.migrations.conftest import Project

TABLE = """CREATE TABLE part (name text, is_old boolean DEFAULT false, size int,
           shout text GENERATED ALWAYS AS (upper(name)) STORED)"""


@pytest.fixture
def parts(session: Session) -> Connection:
    """Give a connection to a table that goes away with the test."""
    session.execute(text(TABLE))
    return session.connection()


@pytest.mark.parametrize(
    ("down", "loss"),
    [
        ("DROP TABLE part", "the rows of part"),
        ('drop table if exists "part"', 'the rows of "part"'),
        ("ALTER TABLE part DROP COLUMN size", "the values of part.size"),
        ("ALTER TABLE ONLY part DROP COLUMN IF EXISTS size", "the values of part.size"),
        ("ALTER TABLE part DROP COLUMN is_old", "the values of part.is_old"),
        ("DELETE FROM part", "the rows of part"),
        ("TRUNCATE part", "the rows of part"),
    ],
)
def test_what_holds_something_is_lost(parts: Connection, down: str, loss: str) -> None:
    assert list(losses(parts, down)) == []
    parts.execute(text("INSERT INTO part (name, size, is_old) VALUES ('bolt', 3, true)"))

    assert list(losses(parts, down)) == [loss]


@pytest.mark.parametrize("column", ["size", "is_old", "shout"])
def test_what_says_nothing_of_its_own_is_not_lost(parts: Connection, column: str) -> None:
    parts.execute(text("INSERT INTO part (name) VALUES ('bolt')"))

    assert list(losses(parts, f"ALTER TABLE part DROP COLUMN {column}")) == []


def test_a_downgrade_that_loses_something_is_refused_unless_told_so(project: Project) -> None:
    project.add(f"op.execute('''{TABLE}''')", "op.drop_table('part')")
    project.run()
    project.do("INSERT INTO part (name) VALUES ('bolt')")

    code, said = project.run("down")

    assert code == 1
    assert "would drop the rows of part" in said
    assert "Traceback" not in said
    assert project.ask("SELECT count(*) FROM part") == 1
    assert project.run("drop") == (0, "")


def test_going_forward_is_not_asked(project: Project) -> None:
    project.add(f"op.execute('''{TABLE}''')")
    project.run()
    project.do("INSERT INTO part (name) VALUES ('bolt')")
    project.add("op.drop_table('part')")

    assert project.run() == (0, "")
