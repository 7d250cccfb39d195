"""Going back takes nothing with it unless told so."""

import pytest

from tests.migrations.conftest import Project

TABLE = "op.execute('CREATE TABLE part (name text, is_old boolean DEFAULT false)')"
MORE = """op.execute('CREATE TABLE part (name text, is_old boolean DEFAULT false,'
    " size int, shout text GENERATED ALWAYS AS (upper(name)) STORED)")"""


@pytest.mark.parametrize(
    ("up", "down", "loss"),
    [
        (MORE, "op.drop_table('part')", "the rows of part"),
        (MORE, "op.drop_column('part', 'size')", "the values of part.size"),
        (MORE, "op.execute('ALTER TABLE part DROP COLUMN IF EXISTS size')", "part.size"),
        (MORE, "op.drop_column('part', 'is_old')", "the values of part.is_old"),
        (MORE, "op.execute('DELETE FROM part')", "the rows of part"),
        (MORE, "op.execute('TRUNCATE part')", "the rows of part"),
    ],
)
def test_what_holds_something_is_dropped_only_when_told_so(
    project: Project, up: str, down: str, loss: str
) -> None:
    project.add(up, down)
    project.run()
    project.do("INSERT INTO part (name, size, is_old) VALUES ('bolt', 3, true)")

    code, said = project.run("down")

    assert code == 1
    assert "would drop" in said
    assert loss in said
    assert "Traceback" not in said
    assert project.ask("SELECT count(*) FROM part WHERE size = 3") == 1
    assert project.run("drop")[0] == 0


@pytest.mark.parametrize(
    "down",
    [
        "op.drop_column('part', 'size')",
        "op.drop_column('part', 'is_old')",
        "op.drop_column('part', 'shout')",
    ],
)
def test_what_says_nothing_of_its_own_is_dropped(project: Project, down: str) -> None:
    project.add(MORE, down)
    project.run()
    project.do("INSERT INTO part (name) VALUES ('bolt')")

    assert project.run("down") == (0, "")


def test_an_empty_table_is_dropped(project: Project) -> None:
    project.add(TABLE, "op.drop_table('part')")
    project.run()

    assert project.run("down") == (0, "")


def test_going_forward_is_not_asked(project: Project) -> None:
    project.add(TABLE)
    project.run()
    project.do("INSERT INTO part (name) VALUES ('bolt')")
    project.add("op.drop_column('part', 'name')")

    assert project.run() == (0, "")
