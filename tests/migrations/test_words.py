"""What a column may hold grows and shrinks without a long lock, and loses nothing."""

import time

import pytest
from sqlalchemy.exc import IntegrityError

from tests.migrations.conftest import Project

CHECK = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_part_state'"
TABLE = """
op.execute('''CREATE TABLE part (state text, CONSTRAINT ck_part_state
    CHECK (state IN ('new', 'used')))''')
op.execute("INSERT INTO part VALUES ('new'), ('used'), ('used')")
"""
WIDER = (
    "change_words('part', 'state', ('new', 'used', 'its scrap'))",
    "change_words('part', 'state', ('new', 'used'))",
)
SLOWLY = """
from migrations import words
look = words.refuse_others
words.refuse_others = lambda *some: (look(*some), op.execute('SELECT pg_sleep(1)'))
"""


@pytest.fixture(autouse=True)
def migrated(project: Project) -> None:
    project.add(TABLE)
    assert project.run() == (0, "")


def test_a_new_word_may_be_written_and_no_other(project: Project) -> None:
    project.add(*WIDER)

    assert project.run() == (0, "")

    project.do("INSERT INTO part VALUES ('its scrap')")
    with pytest.raises(IntegrityError):
        project.do("INSERT INTO part VALUES ('eaten')")
    assert "NOT VALID" not in str(project.ask(CHECK))


def test_the_way_back_is_open_as_long_as_no_row_has_the_word(project: Project) -> None:
    project.add(*WIDER)
    project.run()
    project.do("INSERT INTO part VALUES ('its scrap'), ('its scrap')")

    code, said = project.run("down")

    assert code == 1
    assert "part.state still has rows with words that go: 2 with 'its scrap'." in said
    assert "its scrap" in str(project.ask(CHECK))

    project.do("UPDATE part SET state = 'used' WHERE state = 'its scrap'")
    assert project.run("down") == (0, "")
    assert "its scrap" not in str(project.ask(CHECK))


def test_rows_are_read_while_people_write(project: Project) -> None:
    """Only the exchange needs the table for itself, and it reads no rows."""
    project.add("\n".join([SLOWLY, WIDER[0]]))
    process = project.start()
    while "NOT VALID" not in str(project.ask(CHECK)) and process.poll() is None:
        time.sleep(0.02)

    project.do("SET lock_timeout = '100ms'; INSERT INTO part VALUES ('new')")

    assert process.poll() is None  # it is still reading
    said, _ = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")
    assert "NOT VALID" not in str(project.ask(CHECK))
