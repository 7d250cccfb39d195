"""Which of our orders a document of the books is about: what is sure is matched, else asked.

Sure is the same number, where only one order has it, or a link of the books to a purchase order
that is matched; and vendor and currency must be the same. Everything else is proposed, with
the reason; what somebody has refused is not proposed again.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import transaction
from app.core.events import publish
from app.purchasing.events import PurchaseOrderChanged
from app.vendor_bills.models import OrderMatch, VendorDocument

AT_ONCE = 2000  # documents that are looked at together
MOST_PROPOSED = 3
DAYS = 400  # an order is billed within about a year

# One row for each order that comes into question, with what speaks for it.
_CANDIDATES = text("""
WITH waiting AS (
    SELECT id, kind, system, account, number, number_key, mentions, orders_ref, vendor_id,
        currency, total, coalesce(tax, 0) AS tax, document_date
    FROM vendor_document
    WHERE NOT is_settled AND is_active AND NOT is_void AND is_listed AND id > :after
    ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED
), named AS (
    SELECT waiting.id, ours.id AS order_id, 'linked' AS how
    FROM waiting
    JOIN vendor_document AS theirs ON theirs.system = waiting.system
        AND theirs.account = waiting.account AND theirs.kind = 'purchase_order'
        AND theirs.external_id = ANY(waiting.orders_ref)
    JOIN order_match AS match ON match.document_id = theirs.id AND match.state = 'matched'
    JOIN purchase_order AS ours ON ours.id = match.order_id
    UNION ALL
    SELECT waiting.id, ours.id, CASE WHEN normal_code(waiting.number) IN (normal_code(
            ours.number), normal_code(ours.external_number)) THEN 'number' ELSE 'alike' END
    FROM waiting JOIN purchase_order AS ours
        ON waiting.number_key IN (ours.number_key, ours.external_key)
    WHERE waiting.number_key <> ''
    UNION ALL
    SELECT waiting.id, ours.id, 'mentioned'
    FROM waiting CROSS JOIN unnest(waiting.mentions) AS mention (code)
    JOIN purchase_order AS ours ON code_key(mention.code) <> '' AND code_key(mention.code)
        IN (ours.number_key, ours.external_key, ours.reference_key)
), bought AS (
    SELECT waiting.id, ours.id AS order_id,
        CASE WHEN ours.total = waiting.total OR ours.subtotal = waiting.total - waiting.tax
            THEN 'amount' ELSE 'products' END AS how
    FROM waiting JOIN purchase_order AS ours ON ours.vendor_id = waiting.vendor_id
        AND ours.currency = waiting.currency AND ours.sent_at IS NOT NULL
        AND ours.status <> 'cancelled'
        AND ours.order_date BETWEEN waiting.document_date - :days AND waiting.document_date
    WHERE NOT EXISTS (SELECT FROM named WHERE named.id = waiting.id)
        AND EXISTS (SELECT FROM vendor_document_line AS line
            WHERE line.document_id = waiting.id AND line.product_id IS NOT NULL)
        AND NOT EXISTS (SELECT FROM vendor_document_line AS line
            WHERE line.document_id = waiting.id AND line.product_id IS NOT NULL
                AND NOT EXISTS (SELECT FROM purchase_order_line AS wanted
                    WHERE wanted.order_id = ours.id AND wanted.product_id = line.product_id))
)
SELECT waiting.id, waiting.kind, found.order_id, found.how,
    coalesce(ours.vendor_id = waiting.vendor_id, false) AS is_same_vendor,
    waiting.vendor_id IS NULL AS is_vendor_unknown,
    ours.currency = waiting.currency AS is_same_currency, ours.order_date, match.state,
    waiting.kind = 'purchase_order' AND EXISTS (SELECT FROM order_match AS other
        JOIN vendor_document AS theirs ON theirs.id = other.document_id
        WHERE other.order_id = ours.id AND other.state = 'matched'
            AND theirs.kind = 'purchase_order' AND theirs.id <> waiting.id
            AND theirs.is_active) AS is_taken
FROM waiting
LEFT JOIN (SELECT * FROM named UNION ALL SELECT * FROM bought) AS found USING (id)
LEFT JOIN purchase_order AS ours ON ours.id = found.order_id
LEFT JOIN order_match AS match ON match.document_id = waiting.id AND match.order_id = ours.id
ORDER BY waiting.id, found.order_id
""")
_STALE = text("""DELETE FROM order_match WHERE state = 'proposed'
    AND document_id = ANY(CAST(:documents AS bigint[]))
    AND (document_id, order_id) NOT IN (
        SELECT * FROM unnest(CAST(:kept AS bigint[]), CAST(:orders AS bigint[])))""")
# What speaks for an order, the strongest first.
WHY = {
    "linked": "The books link it to this order",
    "number": "Same number",
    "alike": "Number alike",
    "mentioned": "It names this order",
    "amount": "Same vendor, products and amount",
    "products": "Same vendor and products",
}
SURE = ("linked", "number")


class _Found(NamedTuple):
    """An order that a document is about, or may be."""

    document_id: int
    order_id: int
    state: str
    reason: str


def match_documents() -> dict[str, int]:
    """Look at every document that nobody has settled; give how many were matched, and asked."""
    after, done = 0, {"matched": 0, "proposed": 0}
    while True:
        with transaction() as session:
            said = {"after": after, "most": AT_ONCE, "days": DAYS}
            rows = session.execute(_CANDIDATES, said).all()
            if not rows:
                return done
            found = [one for some in _by_document(rows) for one in _judged(some)]
            _write({row.id for row in rows}, found)
            for one in found:
                done[one.state] += 1
        after = rows[-1].id


def _by_document(rows: Sequence[Any]) -> Iterable[list[Any]]:
    """Give the candidates of each document, the best reason for each order once."""
    for _id, some in groupby(rows, key=lambda row: row.id):
        best: dict[int, Any] = {}
        for row in sorted(some, key=_strength):
            if row.order_id is not None and row.state != "refused":
                best.setdefault(row.order_id, row)
        yield [*best.values()]


def _strength(row: Any) -> int:
    return [*WHY].index(row.how) if row.how else len(WHY)


def _judged(rows: Sequence[Any]) -> list[_Found]:
    """Match what is sure; else propose the best few, the newest first.

    The books may link a bill to several orders: it is about all of them.
    """
    sure = [row for row in rows if _is_sure(row)]
    linked = [row for row in sure if row.how == "linked"]
    if linked or len(sure) == 1:
        return [_Found(row.id, row.order_id, "matched", WHY[row.how]) for row in linked or sure]
    named = [row for row in rows if row.how in {*SURE, "alike", "mentioned"}]
    fitting = named or [row for row in rows if row.how == "amount"] or rows
    newest = sorted(fitting, key=lambda row: (row.order_date, row.order_id), reverse=True)
    several = len(fitting) > 1
    return [
        _Found(row.id, row.order_id, "proposed", _doubt(row, is_one_of_several=several))
        for row in newest[:MOST_PROPOSED]
    ]


def _is_sure(row: Any) -> bool:
    is_same = row.is_same_vendor and row.is_same_currency
    return bool(row.how in SURE and is_same and not row.is_taken)


def _doubt(row: Any, *, is_one_of_several: bool) -> str:
    doubts: Mapping[str, bool] = {
        "the vendor there is not linked to ours": row.is_vendor_unknown,
        "another vendor": not row.is_same_vendor and not row.is_vendor_unknown,
        "another currency": not row.is_same_currency,
        "another one of the books is matched to it": row.is_taken,
        "several orders may be meant": is_one_of_several,
    }
    said = [WHY[row.how], *(name for name, holds in doubts.items() if holds)]
    return "; ".join(said)


def _write(document_ids: Iterable[int], found: Sequence[_Found]) -> None:
    """Keep what was found; what was proposed before and is not any more goes."""
    with transaction() as session:
        session.execute(
            _STALE,
            {
                "documents": [*document_ids],
                "kept": [one.document_id for one in found],
                "orders": [one.order_id for one in found],
            },
        )
        if not found:
            return
        rows = insert(OrderMatch).values([one._asdict() for one in found])
        changed = {name: rows.excluded[name] for name in ("state", "reason")}
        kept = rows.on_conflict_do_update(
            index_elements=("document_id", "order_id"),
            set_=changed,
            where=OrderMatch.state == "proposed",
        )
        session.execute(kept)
        matched = {one.document_id for one in found if one.state == "matched"}
        settled = update(VendorDocument).where(VendorDocument.id.in_(matched))
        session.execute(
            settled.values(is_settled=True, is_different=None),
            execution_options={"synchronize_session": False},
        )
        for order_id in sorted({one.order_id for one in found if one.state == "matched"}):
            publish(PurchaseOrderChanged(order_id=order_id))
