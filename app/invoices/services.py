"""Writing invoices and other documents down as the system has them that wrote them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.db import transaction
from app.invoices.models import BookDocument, Invoice, InvoiceLine

KEY = ("system", "account", "external_id")
BOOK_KEY = ("system", "account", "kind", "external_id")
Values = Mapping[str, Any]


def record_invoices(
    system: str, account: str, invoices: Sequence[tuple[Values, Sequence[Values]]]
) -> None:
    """Write invoices of one account down, each with its lines; known ones are replaced.

    Heads are columns of `Invoice`, all the same ones; lines those of `InvoiceLine`.
    """
    whose = {"system": system, "account": account}
    with transaction() as session:
        statement = upsert(Invoice).values([whose | {**head} for head, _lines in invoices])
        changed = {name: statement.excluded[name] for name in invoices[0][0]}
        kept = statement.on_conflict_do_update(index_elements=KEY, set_=changed)
        found = session.execute(kept.returning(Invoice.external_id, Invoice.id))
        ids: dict[str, int] = dict(found.all())
        session.execute(delete(InvoiceLine).where(InvoiceLine.invoice_id.in_(ids.values())))
        rows = [
            {"invoice_id": ids[head["external_id"]], "position": position, **line}
            for head, lines in invoices
            for position, line in enumerate(lines, start=1)
        ]
        if rows:
            session.execute(insert(InvoiceLine), rows)


def record_book_documents(
    system: str, account: str, kind: str, documents: Sequence[Values]
) -> None:
    """Write documents of one account and kind down; known ones are replaced.

    Each has columns of `BookDocument`, all the same ones.
    """
    whose = {"system": system, "account": account, "kind": kind}
    statement = upsert(BookDocument).values([whose | {**one} for one in documents])
    changed = {name: statement.excluded[name] for name in documents[0]}
    with transaction() as session:
        session.execute(statement.on_conflict_do_update(index_elements=BOOK_KEY, set_=changed))


def list_account(
    model: type[Invoice | BookDocument], system: str, account: str, *, is_listed: bool
) -> None:
    """Let what an account has be listed and found, or not any more: it was ended."""
    mine = update(model).where(
        model.system == system,
        model.account == account,
        model.is_listed.is_distinct_from(is_listed),
    )
    with transaction() as session:
        session.execute(
            mine.values(is_listed=is_listed), execution_options={"synchronize_session": False}
        )
