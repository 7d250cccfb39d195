"""The ledger: `post` is the only writer of postings, movements and what is on hand.

`promise`, `allot` and `unpromise` write what is reserved, under the same locks in the same
order.
"""

from app.stock.ledger.allotting import Wish, allot
from app.stock.ledger.entries import Count, Entry, Move
from app.stock.ledger.posted import After, Posted
from app.stock.ledger.posting import post
from app.stock.ledger.postings import claim, earlier, kept
from app.stock.ledger.promising import Promise, promise, unpromise

__all__ = [
    "After",
    "Count",
    "Entry",
    "Move",
    "Posted",
    "Promise",
    "Wish",
    "allot",
    "claim",
    "earlier",
    "kept",
    "post",
    "promise",
    "unpromise",
]
