"""What the command bar and programs find of invoices and other documents of the books."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.core.db import db
from app.core.search import ASKED, MOST, Result, SearchGroup, fetch, or_inactive
from app.invoices.models import BookDocument
from app.invoices.queries import book_documents

_INVOICES = """SELECT invoice.id, number, customer_name, customer_po, is_active
FROM search_invoices(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN invoice ON invoice.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""
_SAME_INVOICES = """SELECT id, number, customer_name, customer_po, is_active
FROM invoice WHERE is_listed AND number_key = code_key(%(term)s) AND number_key <> ''
    AND normal_code(number) = normal_code(%(term)s)
ORDER BY NOT is_active, id DESC LIMIT %(most)s
"""
# Numbers that are equal, then those that begin with it.
_NUMBERED = """WITH hit AS (
    (SELECT id, 1 AS stage FROM book_document
        WHERE is_listed AND number_key = nullif(code_key(%(term)s), '')
        ORDER BY is_active DESC, id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT id, 2 FROM book_document WHERE is_listed AND code_key(%(term)s) <> ''
        AND number_key ~>=~ code_key(%(term)s)
        AND number_key ~<~ (code_key(%(term)s) || chr(1114111))
        ORDER BY number_key USING ~<~ LIMIT %(most)s)
)
SELECT id FROM (SELECT id, min(stage) AS stage FROM hit GROUP BY id) AS best
ORDER BY stage, id DESC LIMIT %(most)s
"""
_SAME_DOCUMENTS = """SELECT id FROM book_document
WHERE is_listed AND number_key = code_key(%(term)s) AND number_key <> ''
    AND normal_code(number) = normal_code(%(term)s)
ORDER BY NOT is_active, id DESC LIMIT %(most)s
"""


def found_documents(term: str, *, most: int) -> list[BookDocument]:
    """Give receipts, credits, estimates and payments that a term finds, the best first.

    Their numbers come before the words of customers and references, and of these the newest.
    What has no letter and no digit is no word: it would be looked for in every row.
    """
    ids = [row.id for row in fetch(_NUMBERED, term=term, most=most)]
    if len(ids) < most and any(map(str.isalnum, term)):
        known = BookDocument.id.not_in(ids)
        others = book_documents(search=term).where(known).with_only_columns(BookDocument.id)
        newest = others.order_by(BookDocument.document_date.desc(), BookDocument.id.desc())
        ids += db.session.scalars(newest.limit(most - len(ids)))
    return _documents(ids)


def _documents(ids: Iterable[int]) -> list[BookDocument]:
    """Load documents in the order of their ids."""
    wanted = [*ids]
    found = db.session.scalars(select(BookDocument).where(BookDocument.id.in_(wanted)))
    return sorted(found, key=lambda one: wanted.index(one.id))


def _invoices(term: str) -> list[Result]:
    return _results(fetch(_INVOICES, term=term, asked=ASKED, most=MOST))


def _same_invoices(term: str) -> list[Result]:
    return _results(fetch(_SAME_INVOICES, term=term, most=MOST))


def _results(rows: Iterable[Any]) -> list[Result]:
    return [
        Result(
            f"invoice-{row.id}",
            url_for("invoices.show", invoice_id=row.id),
            row.customer_name or row.number,
            row.number,
            or_inactive(row, row.customer_po),
            "file",
        )
        for row in rows
    ]


def _book_documents(term: str) -> list[Result]:
    found = found_documents(term, most=ASKED)
    return _shown(sorted(found, key=lambda one: not one.is_active)[:MOST])


def _same_documents(term: str) -> list[Result]:
    return _shown(_documents(row.id for row in fetch(_SAME_DOCUMENTS, term=term, most=MOST)))


def _shown(found: Iterable[BookDocument]) -> list[Result]:
    return [
        Result(
            f"book-document-{one.id}",
            url_for("book_documents.show", document_id=one.id),
            one.customer_name or one.number,
            str(one),
            or_inactive(one, one.reference),
            "file",
        )
        for one in found
    ]


GROUPS = (
    SearchGroup("invoices", "invoices.view", 50, _invoices, _same_invoices),
    SearchGroup(
        "book_documents",
        "invoices.view",
        55,
        _book_documents,
        _same_documents,
        "Receipts and credits",
    ),
)
