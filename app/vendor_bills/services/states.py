"""How documents stand with our orders: matched, differing, to decide, or about none."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.core.db import db
from app.vendor_bills import queries
from app.vendor_bills.models import VendorDocument
from app.vendor_bills.services.comparing import compare

LABELS = {
    "deleted": ("Deleted there", "muted"),
    "void": ("Void", "muted"),
    "matched": ("Matched", "ok"),
    "differs": ("Differs", "out"),
    "proposed": ("To decide", "low"),
    "apart": ("About no order", "muted"),
    "unmatched": ("Not matched", "muted"),
}


class DocumentState(NamedTuple):
    """A document, and the word for how it stands."""

    document: VendorDocument
    word: str

    @property
    def label(self) -> str:
        """The word as people read it."""
        return LABELS[self.word][0]

    @property
    def badge(self) -> str:
        """The kind of its badge."""
        return LABELS[self.word][1]


def states_of(documents: Sequence[VendorDocument]) -> list[DocumentState]:
    """Say how documents stand, which know what they are matched to; with few queries."""
    matched = [one.id for one in documents if one.is_valid and one.matched_orders]
    differs = {one: found.is_different for one, found in compare(matched).items()}
    return [DocumentState(one, _word(one, differs)) for one in documents]


def _word(document: VendorDocument, differs: Mapping[int, bool]) -> str:
    if not document.is_valid:
        return "void" if document.is_active else "deleted"
    if document.id in differs:
        return "differs" if differs[document.id] else "matched"
    if document.is_settled:
        return "apart"
    return "proposed" if document.proposals else "unmatched"


def documents_of_order(order_id: int) -> list[DocumentState]:
    """Give what the books hold of an order of ours, or may."""
    found = db.session.scalars(queries.documents_of_order(order_id)).all()
    return states_of(found)


def counts_of_vendor(vendor_id: int) -> tuple[int, int]:
    """Say how many documents there are of a vendor, and of how many somebody is asked."""
    count, asked = db.session.execute(queries.counts_of_vendor(vendor_id)).one()
    return count, asked
