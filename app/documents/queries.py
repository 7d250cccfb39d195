"""Selects over documents. Nothing here executes: callers fetch."""

from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.core.files import StoredFile
from app.documents.models import Document, SentDocument


def with_number(kind: type[Document], number: str) -> Select[int]:
    """The document of a kind with a number."""
    return select(kind.id).where(kind.number == number)


def numbers_among(kind: type[Document], numbers: Collection[str]) -> Select[str]:
    """Those of some numbers that documents of a kind have."""
    return select(kind.number).where(kind.number.in_(numbers))


def numbers_of_parts(kind: type[Document], number: str) -> Select[str]:
    """Numbers in use for the parts of a document: its own with a dash and more."""
    # The key is indexed and holds letters and digits only: a few too many do no harm.
    key = kind.number_key.startswith(func.code_key(number))
    return select(kind.number).where(key, kind.number.startswith(f"{number}-"))


def sent_document(sent_id: int) -> Select[SentDocument]:
    """One e-mail with a document."""
    return select(SentDocument).where(SentDocument.id == sent_id)


def mail_of(sent_id: int) -> Select[SentDocument]:
    """One e-mail with all that a mail server is given."""
    query = sent_document(sent_id).options(
        joinedload(SentDocument.file, innerjoin=True).undefer(StoredFile.content),
        joinedload(SentDocument.sender),
    )
    return query.execution_options(populate_existing=True)


def sent_of(document_type: str, document_id: int) -> Select[SentDocument]:
    """What was sent of a document, the newest first."""
    return (
        select(SentDocument)
        .options(
            joinedload(SentDocument.file, innerjoin=True),
            joinedload(SentDocument.sender),
        )
        .where(
            SentDocument.document_type == document_type,
            SentDocument.document_id == document_id,
        )
        .order_by(SentDocument.id.desc())
    )
