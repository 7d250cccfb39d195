"""The printers of labels."""

from typing import Any

from sqlalchemy import func, select

from app.core.checks import named_when_taken
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.labels.models import LabelPrinter
from app.labels.services.formats import find_format


@named_when_taken
def create_printer(**values: Any) -> LabelPrinter:
    """Keep a printer; the values are those of `LabelPrinter`.

    Raises:
        AlreadyExists: There is a printer of that name.
        Invalid: There is no such format.
    """
    printer = LabelPrinter(**_checked(values))
    with transaction() as session:
        _refuse_duplicate(printer.name, None)
        session.add(printer)
    return printer


@named_when_taken
def revise_printer(printer_id: int, *, version: int | None, **values: Any) -> LabelPrinter:
    """Change a printer.

    Raises:
        AlreadyExists: There is another printer of that name.
        Invalid: There is no such format.
        StaleVersion: Somebody else has changed it.
    """
    with transaction() as session:
        query = select(LabelPrinter).where(LabelPrinter.id == printer_id)
        printer = session.scalars(locked(query, LabelPrinter)).one()
        with session.no_autoflush:
            printer.revise(version=version, **_checked(values))
            _refuse_duplicate(printer.name, printer.id)
    return printer


def delete_printer(printer_id: int) -> None:
    """Forget a printer; what it has printed stays in the history."""
    with transaction() as session:
        session.delete(session.get_one(LabelPrinter, printer_id))


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Give the values with the format as it is called; none is no format in particular."""
    if not (name := values.get("format")):
        return values
    if (found := find_format(name)) is None:
        raise Invalid("format", f"There is no format called “{name}”.")
    return values | {"format": found.key}


def _refuse_duplicate(name: str, printer_id: int | None) -> None:
    twin = select(LabelPrinter.id).where(func.lower(LabelPrinter.name) == name.lower())
    if db.session.scalar(twin.where(LabelPrinter.id.is_distinct_from(printer_id))):
        raise AlreadyExists("name", f"There is a printer “{name}” already.")
