"""Rows of a file inside the database: a temporary table of good ones, one of errors."""

from collections.abc import Iterable
from typing import IO, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    MetaData,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.core.reads import driver_cursor
from app.imports.definition import Importer
from app.imports.rows import ParsedFile

FAULT = ["row", "field", "value", "error"]
ROWS, ERRORS = "import_row", "import_error"
EMPTY_IS_TEXT = ", FORCE_NOT_NULL (field, value)"  # elsewhere an empty cell is NULL


class Staging:
    """What `Importer.load` works on: set-based statements over `rows`, refusals to `errors`.

    A row has its number in the file (`row`), a column per mapped field (NULL: the cell was
    empty), and `target_id` and the rest, which belong to `load`.
    """

    def __init__(
        self, session: Session, importer: Importer, parsed: ParsedFile, **choices: Any
    ) -> None:
        self.session = session
        self.importer = importer
        self.mapped = [field.name for field in parsed.fields]
        self.update: bool = choices["update"]
        self.dry_run: bool = choices["dry_run"]
        self.options: list[str] = choices["options"]
        self.import_id: int | None = choices.get("import_id")
        # What `load` tells people besides its counts: what may be wrong, and what it comes to.
        self.doubts: list[str] = []
        self.figures: list[tuple[str, str]] = []
        self._tables: list[Table] = []
        self.rows = self.add_table(
            ROWS,
            Column("row", BigInteger, primary_key=True, autoincrement=False),
            *[Column(field.name, field.type) for field in importer.fields],
            *[Column(name, kind) for name, kind in importer.scratch.items()],
            Column("target_id", BigInteger),
            Column("is_new", Boolean, server_default="true"),
            Column("is_changed", Boolean, server_default="false"),
            Column("has_new_lines", Boolean, server_default="false"),
            Column("before", JSONB),
        )
        self.errors = self.add_table(
            ERRORS,
            Column("row", BigInteger),
            Column("field", Text),
            Column("value", Text),
            Column("error", Text),
            Column("group", Text),
        )
        self._copy(self.rows, ["row", *self.mapped], parsed.good)
        names = ["row", "field", "value", "error", '"group"']
        self._copy(self.errors, names, parsed.wrong, EMPTY_IS_TEXT)

    def add_table(self, name: str, *columns: Column[Any]) -> Table:
        """Make a temporary table that lives as long as the staged rows."""
        table = Table(
            name,
            MetaData(),
            *columns,
            prefixes=["TEMPORARY"],
            postgresql_on_commit="DROP",
        )
        self.session.execute(text(f"DROP TABLE IF EXISTS {name}"))
        table.create(self.session.connection())
        self._tables.append(table)
        return table

    def _copy(
        self, table: Table, columns: Iterable[str], source: IO[str], options: str = ""
    ) -> None:
        names = ", ".join(columns)
        copy = f"COPY {table.name} ({names}) FROM STDIN WITH (FORMAT csv{options})"
        cursor = driver_cursor(self.session)
        cursor.copy_expert(copy, source)
        cursor.close()
        self.session.execute(text(f"ANALYZE {table.name}"))

    def refuse(self, wrong: Select[Any]) -> None:
        """Take rows out, with the reason: `wrong` selects row, field, value and error."""
        self.session.execute(insert(self.errors).from_select(FAULT, wrong))
        self._tell_groups()
        bad = select(self.errors.c.row)
        self.session.execute(delete(self.rows).where(self.rows.c.row.in_(bad)))

    def _tell_groups(self) -> None:
        """Let what was refused say which record of several rows it belongs to."""
        if self.importer.group:
            group = self.rows.c[self.importer.group]
            unsaid = self.errors.c.group.is_(None), self.errors.c.row == self.rows.c.row
            self.session.execute(update(self.errors).values(group=group).where(*unsaid))

    def refuse_where(self, field: str, wrong: ColumnElement[bool], error: str) -> None:
        """Take out the rows for which `wrong` is true because of one field."""
        rows = self.rows.c
        value = func.coalesce(rows[field].cast(Text), "")
        columns = rows.row, literal(field), value, literal(error)
        self.refuse(select(*columns).where(wrong))

    def count(self, *conditions: ColumnElement[bool]) -> int:
        """Count the rows that are still good."""
        return (
            self.session.scalar(select(func.count()).select_from(self.rows).where(*conditions))
            or 0
        )

    def drop(self) -> None:
        """Forget everything; the end of the transaction would do it too."""
        for table in self._tables:
            table.drop(self.session.connection())
