"""Writing bills and purchase orders down as the books have them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.db import transaction
from app.vendor_bills.models import VendorDocument, VendorDocumentLine

KEY = ("system", "account", "kind", "external_id")
Values = Mapping[str, Any]


def record_documents(
    system: str, account: str, kind: str, documents: Sequence[tuple[Values, Sequence[Values]]]
) -> None:
    """Write documents of one account and kind down, each with its lines; known ones follow.

    Heads are columns of `VendorDocument`, all the same ones; lines those of its lines. What
    somebody has said of their orders stays, and they are to be compared with these again.
    """
    whose = {"system": system, "account": account, "kind": kind}
    with transaction() as session:
        statement = upsert(VendorDocument).values([whose | {**head} for head, _ in documents])
        changed: dict[str, Any] = {
            name: statement.excluded[name] for name in documents[0][0]
        } | {"is_different": None}
        kept = statement.on_conflict_do_update(index_elements=KEY, set_=changed)
        found = session.execute(kept.returning(VendorDocument.external_id, VendorDocument.id))
        ids: dict[str, int] = dict(found.all())
        of = VendorDocumentLine
        session.execute(delete(of).where(of.document_id.in_(ids.values())))
        rows = [
            {"document_id": ids[head["external_id"]], "position": position, **line}
            for head, lines in documents
            for position, line in enumerate(lines, start=1)
        ]
        if rows:
            session.execute(insert(of), rows)


def list_account(system: str, account: str, *, is_listed: bool) -> None:
    """Let what an account has be listed and found, or not any more: it was ended."""
    mine = update(VendorDocument).where(
        VendorDocument.system == system,
        VendorDocument.account == account,
        VendorDocument.is_listed.is_distinct_from(is_listed),
    )
    with transaction() as session:
        session.execute(
            mine.values(is_listed=is_listed, is_different=None),
            execution_options={"synchronize_session": False},
        )
