"""A database and migrations of its own for every test: ours are not touched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine

from local import services

ROOT = Path(__file__).parents[2]
HEAD = """
from alembic import op
from migrations.indexes import create_index, drop_index
from migrations.words import change_words

revision, down_revision = {revision!r}, {before!r}


def upgrade() -> None:
{up}


def downgrade() -> None:
{down}
"""
# An application without our forty tables: to import those takes seconds.
OTHER = """
import sys
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from flask_sqlalchemy import SQLAlchemy

app = Flask("other")
app.config["SQLALCHEMY_DATABASE_URI"] = sys.argv[1]
Migrate(app, SQLAlchemy(app), render_as_batch=False)
"""
# What `flask db upgrade` does.
COMMAND = f"""{OTHER}
with app.app_context():
    {{
        "up": upgrade,
        "down": downgrade,
        "drop": lambda folder: downgrade(folder, x_arg="drop-data"),
    }}[sys.argv[3]](sys.argv[2])
"""

Started = subprocess.Popen[str]


class Project:
    """A folder of migrations and the database they are for."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.engine: Engine = create_engine(url, isolation_level="AUTOCOMMIT")
        (folder / "versions").mkdir()
        for name in ("env.py", "script.py.mako", "alembic.ini"):
            shutil.copy(ROOT / "migrations" / name, folder)

    def add(self, up: str, down: str = "pass") -> None:
        """Write the next migration."""
        number = len([*self.folder.glob("versions/*.py")]) + 1
        text = HEAD.format(
            revision=f"{number:04}",
            before=f"{number - 1:04}" if number > 1 else None,
            up=indent(dedent(up), "    "),
            down=indent(dedent(down), "    "),
        )
        (self.folder / f"versions/{number:04}_one.py").write_text(text)

    def start(self, way: str = "up") -> Started:
        """Migrate in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, self.url, str(self.folder), way],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        )  # fmt: skip

    def run(self, way: str = "up") -> tuple[int, str]:
        """Migrate; give how it ended and what it said."""
        process = self.start(way)
        said, _ = process.communicate(timeout=60)
        return process.returncode, said

    def do(self, statement: str) -> None:
        """Execute a statement, at once."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def ask(self, question: str) -> object:
        """Give the one value that a query finds."""
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(question).scalar()


@pytest.fixture
def project(environment: dict[str, str], tmp_path: Path) -> Iterator[Project]:
    home, name = Path(os.environ["OPSROOM_TEST_HOME"]), f"migrated_{uuid4().hex}"
    services.create_database(home, name)
    folder = tmp_path / "migrations"
    folder.mkdir()
    project = Project(folder, services.database_url(home, name))
    yield project
    project.engine.dispose()
    admin = create_engine(services.database_url(home), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.dispose()
