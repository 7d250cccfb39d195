"""What the business does with bills and purchase orders of the books."""

from app.vendor_bills.services.comparing import Comparison, compare
from app.vendor_bills.services.deciding import (
    find_order,
    match_document,
    set_apart,
    unmatch_document,
)
from app.vendor_bills.services.matching import match_documents
from app.vendor_bills.services.noting import (
    is_decided_for,
    note_all_differences,
    note_differences,
)
from app.vendor_bills.services.products import Compared
from app.vendor_bills.services.recording import list_account, record_documents
from app.vendor_bills.services.states import (
    LABELS,
    DocumentState,
    counts_of_vendor,
    documents_of_order,
    states_of,
)

__all__ = [
    "LABELS",
    "Compared",
    "Comparison",
    "DocumentState",
    "compare",
    "counts_of_vendor",
    "documents_of_order",
    "find_order",
    "is_decided_for",
    "list_account",
    "match_document",
    "match_documents",
    "note_all_differences",
    "note_differences",
    "record_documents",
    "set_apart",
    "states_of",
    "unmatch_document",
]
