"""The ledger: `post` is the only writer of postings, movements and what is on hand.

What is reserved is written by `app.stock.reservations`, under the same locks in the same order.
"""

from app.stock.ledger.lines import Count, LedgerLine, Move
from app.stock.ledger.posted import Posted, PostedBalance
from app.stock.ledger.posting import post, post_in_block
from app.stock.ledger.postings import claim, earlier, kept

__all__ = [
    "Count",
    "LedgerLine",
    "Move",
    "Posted",
    "PostedBalance",
    "claim",
    "earlier",
    "kept",
    "post",
    "post_in_block",
]
