"""Selects over documents. Nothing here executes: callers fetch."""

from sqlalchemy import Select, func, select

from app.documents.models import Document


def with_number(kind: type[Document], number: str) -> Select[int]:
    """The document of a kind with a number."""
    return select(kind.id).where(kind.number == number)


def numbers_of_parts(kind: type[Document], number: str) -> Select[str]:
    """Numbers in use for the parts of a document: its own with a dash and more."""
    # The key is indexed and holds letters and digits only: a few too many do no harm.
    key = kind.number_key.startswith(func.code_key(number))
    return select(kind.number).where(key, kind.number.startswith(f"{number}-"))
