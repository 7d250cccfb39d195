"""What documents of every kind are made of, and what was sent of them."""

from app.documents.models.amounts import (
    Amounts,
    DocumentAmounts,
    LineTerms,
    Shipping,
    amounts_of,
    document_amounts,
    rounded,
)
from app.documents.models.discounts import (
    DISCOUNT_PATTERN,
    Discount,
    parse_discount,
    read_discount,
    shares,
)
from app.documents.models.heads import Document, document_rules
from app.documents.models.lines import DocumentLine, line_rules
from app.documents.models.numbers import Numbering
from app.documents.models.sent import SENDING_STATES, SentDocument
from app.documents.models.states import State, States

__all__ = [
    "DISCOUNT_PATTERN",
    "SENDING_STATES",
    "Amounts",
    "Discount",
    "Document",
    "DocumentAmounts",
    "DocumentLine",
    "LineTerms",
    "Numbering",
    "SentDocument",
    "Shipping",
    "State",
    "States",
    "amounts_of",
    "document_amounts",
    "document_rules",
    "line_rules",
    "parse_discount",
    "read_discount",
    "rounded",
    "shares",
]
