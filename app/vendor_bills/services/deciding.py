"""What a person says: which orders of ours a document is about, and which not."""

from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.core.actors import current_actor_id
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.documents.errors import NotAllowed
from app.purchasing import queries as purchasing
from app.purchasing.events import PurchaseOrderChanged
from app.purchasing.models import PurchaseOrder
from app.vendor_bills.models import OrderMatch, VendorDocument

BY_HAND = "Matched by hand"


def find_order(number: str, *, field: str = "order") -> PurchaseOrder:
    """Give the order with a number of ours, which `field` names.

    Raises:
        Invalid: There is none.
    """
    found = db.session.scalars(purchasing.order_with_number(number.strip())).one_or_none()
    if found is None:
        raise Invalid(field, f"There is no purchase order {number.strip()}.")
    return found


@retried
def match_document(document_id: int, order_id: int) -> VendorDocument:
    """Say that a document is about an order; it may be about several.

    What was proposed beside it is not asked any more.

    Raises:
        Invalid: There is no such order.
        NotAllowed: The document is void, or deleted in the books.
    """
    with transaction() as session:
        document = _locked(document_id)
        if not document.is_valid:
            raise NotAllowed(f"{document} does not count any more: it was deleted or voided.")
        if session.get(PurchaseOrder, order_id) is None:
            raise Invalid("order_id", "There is no such purchase order.")
        _decide(document_id, order_id, state="matched", reason=BY_HAND)
        _drop_proposals(document_id)
        document.is_settled, document.is_different = True, None
        publish(PurchaseOrderChanged(order_id=order_id))
        return document


@retried
def unmatch_document(document_id: int, order_id: int) -> VendorDocument:
    """Say that a document is not about an order: it is not proposed again either.

    Raises:
        NotAllowed: Nobody has said that it is, nor was it proposed.
    """
    with transaction() as session:
        document = _locked(document_id)
        mine = select(OrderMatch).where(
            OrderMatch.document_id == document_id, OrderMatch.order_id == order_id
        )
        match = session.scalars(locked(mine, OrderMatch)).one_or_none()
        if match is None or match.state == "refused":
            raise NotAllowed(f"{document} is not matched to this order.")
        _decide(document_id, order_id, state="refused", reason="Refused by hand")
        document.is_settled, document.is_different = _has_match(document_id), None
        publish(PurchaseOrderChanged(order_id=order_id))
        return document


@retried
def set_apart(document_id: int) -> VendorDocument:
    """Say that a document is about no order of ours: rent, say. Nobody is asked any more.

    Raises:
        NotAllowed: It is matched to one.
    """
    with transaction():
        document = _locked(document_id)
        if _has_match(document_id):
            raise NotAllowed(f"{document} is matched. Take that back first.")
        _drop_proposals(document_id)
        document.is_settled = True
        return document


def _locked(document_id: int) -> VendorDocument:
    one = select(VendorDocument).where(VendorDocument.id == document_id)
    return db.session.scalars(locked(one, VendorDocument)).one()


def _has_match(document_id: int) -> bool:
    matched = select(OrderMatch.id).where(
        OrderMatch.document_id == document_id, OrderMatch.state == "matched"
    )
    return db.session.scalar(matched.limit(1)) is not None


def _decide(document_id: int, order_id: int, *, state: str, reason: str) -> None:
    said = {
        "state": state,
        "reason": reason,
        "decided_by_id": current_actor_id(),
        "decided_at": datetime.now(UTC),
    }
    row = insert(OrderMatch).values(document_id=document_id, order_id=order_id, **said)
    key = ("document_id", "order_id")
    db.session.execute(row.on_conflict_do_update(index_elements=key, set_=said))


def _drop_proposals(document_id: int) -> None:
    db.session.execute(
        delete(OrderMatch).where(
            OrderMatch.document_id == document_id, OrderMatch.state == "proposed"
        )
    )
