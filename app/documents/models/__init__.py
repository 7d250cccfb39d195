"""What documents of every kind are made of, and what was sent of them."""

from app.documents.models.amounts import Amounts, amounts_of, rounded, summed
from app.documents.models.heads import Document, document_rules
from app.documents.models.lines import DocumentLine, line_rules
from app.documents.models.numbers import Numbering
from app.documents.models.sent import SENDING_STATES, SentDocument
from app.documents.models.states import State, States

__all__ = [
    "SENDING_STATES",
    "Amounts",
    "Document",
    "DocumentLine",
    "Numbering",
    "SentDocument",
    "State",
    "States",
    "amounts_of",
    "document_rules",
    "line_rules",
    "rounded",
    "summed",
]
