"""What was put aside of a delivery: somebody says what becomes of it."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_dirty

from app.core import audit
from app.core.actors import current_actor_id
from app.core.alerts import close_alert
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid, InvalidRow
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.purchasing import queries
from app.purchasing.models import DECISIONS, GoodsReceipt, GoodsReceiptLine
from app.purchasing.services.putting import default_place, usual_places
from app.purchasing.services.receiving import aside_key, tell_aside
from app.stock import services as stock
from app.stock.models import QUARANTINE, Location


class Decision(NamedTuple):
    """What becomes of a line; what is taken in goes to `location_id`, or where it lives."""

    line_id: int
    decision: str
    location_id: int | None = None


Due = Sequence[tuple[GoodsReceiptLine, Decision]]


@retried
def decide_aside(
    receipt_id: int, decisions: Sequence[Decision], *, note: str = ""
) -> GoodsReceipt:
    """Say what becomes of lines that were put aside; all of it is posted at once.

    What is taken in is moved into stock, and is there for orders that wait. What the vendor
    gets back, and what is written off, leaves the books. The alert ends with the last
    decision. The same decision once more changes nothing.

    Raises:
        NotAllowed: The receipt is undone, or a line is decided otherwise already.
        Invalid: Nothing is decided.
        InvalidRow: A line was not put aside, or is nothing that can be taken in.
        InsufficientStock: It does not lie there any more.
    """
    with transaction() as session:
        one = select(GoodsReceipt).where(GoodsReceipt.id == receipt_id)
        session.scalars(locked(one, GoodsReceipt)).one()
        fresh = queries.receipt(receipt_id).execution_options(populate_existing=True)
        receipt = session.scalars(fresh).one()
        due = _due(receipt, decisions)
        moves = [_move(receipt, line, said, note) for line, said in due if line.product_id]
        if moves:  # under the lock, what is decided is posted once: the key need not say so
            stock.post(moves, key=f"decide {receipt.number} {uuid4()}")
        for line, said in due:
            _set(line, said.decision)
        if due:
            _note(receipt, due)
        session.flush()
        if not receipt.undecided:
            close_alert(aside_key(receipt))
    return receipt


@retried
def undo_decision(receipt_id: int, line_id: int) -> GoodsReceipt:
    """Take back what was decided about a line: it is put aside again, and told so.

    Raises:
        NotAllowed: The receipt is undone, nobody has decided about the line, or a return to
            the vendor has: that is undone there.
        InsufficientStock: What was taken in has gone, or is reserved.
    """
    with transaction() as session:
        one = select(GoodsReceipt).where(GoodsReceipt.id == receipt_id)
        session.scalars(locked(one, GoodsReceipt)).one()
        fresh = queries.receipt(receipt_id).execution_options(populate_existing=True)
        receipt = session.scalars(fresh).one()
        line = next((one for one in receipt.aside if one.id == line_id), None)
        if receipt.is_undone or line is None or line.decision is None:
            raise NotAllowed(f"{receipt.number}: nothing is decided about this.")
        if line.product_id is not None:
            stock.post([_back(receipt, line)], key=f"undecide {receipt.number} {uuid4()}")
        said = f"{plain(line.quantity)} {line.called}: {DECISIONS[line.decision].lower()}"
        _set(line, None)
        audit.note(receipt, "decided", said, "")
        flag_dirty(receipt)
        session.flush()
        tell_aside(receipt)
    return receipt


def note_decisions(line_ids: Collection[int], decision: str | None) -> None:
    """Write down what a return to the vendor has decided about lines, or that it is undone.

    In the caller's unit of work; the alerts of their receipts end, or begin again.
    """
    session = db.session()
    held = select(GoodsReceiptLine.receipt_id).where(GoodsReceiptLine.id.in_(line_ids))
    for receipt_id in sorted({*session.scalars(held)}):
        one = select(GoodsReceipt).where(GoodsReceipt.id == receipt_id)
        session.scalars(locked(one, GoodsReceipt)).one()
        receipt = session.scalars(queries.receipt(receipt_id)).one()
        for line in receipt.lines:
            if line.id in line_ids:
                _set(line, decision)
        session.flush()
        if receipt.undecided:
            tell_aside(receipt)
        else:
            close_alert(aside_key(receipt))


def _set(line: GoodsReceiptLine, decision: str | None) -> None:
    line.decision = decision
    line.decided_at = datetime.now(UTC) if decision else None
    line.decided_by_id = current_actor_id() if decision else None


def _back(receipt: GoodsReceipt, line: GoodsReceiptLine) -> stock.Move:
    """Reverse the movement by which a line went from where it was put aside."""
    found = db.session.scalars(queries.movement_decided(receipt.id, line).limit(1)).first()
    if found is None:
        raise NotAllowed(f"{line.called} went back with a return to the vendor: undo that.")
    return stock.Move(
        product_id=found.product_id,
        lot_id=found.lot_id,
        from_location_id=found.to_location_id,
        to_location_id=found.from_location_id,
        quantity=found.quantity,
        reason="reversed",
        document_type=queries.RECEIPT,
        document_id=receipt.id,
        unit_cost=found.unit_cost,
        reverses_id=found.id,
    )


def _due(receipt: GoodsReceipt, decisions: Sequence[Decision]) -> Due:
    """Give the lines that are not decided yet, with what is said of them."""
    if receipt.is_undone:
        raise NotAllowed(f"{receipt.number} has been undone.")
    if not decisions:
        raise Invalid("items", "Say what becomes of something.")
    aside = {line.id: line for line in receipt.aside}
    due: dict[int, tuple[GoodsReceiptLine, Decision]] = {}
    for row, said in enumerate(decisions):
        line = aside.get(said.line_id)
        if line is None or said.line_id in due:
            reason = "this was not put aside." if line is None else "this is there twice."
            raise InvalidRow("items", row, "item_id", reason)
        _refuse_unfit(row, line, said)
        if line.decision is None:
            due[said.line_id] = line, said
    return [*due.values()]


def _refuse_unfit(row: int, line: GoodsReceiptLine, said: Decision) -> None:
    if said.decision not in DECISIONS:
        raise InvalidRow("items", row, "decision", f"choose one of {', '.join(DECISIONS)}.")
    if said.decision == "taken_in" and line.product_id is None:
        reason = f"{line.called} is no product of ours: it cannot be taken in."
        raise InvalidRow("items", row, "decision", reason)
    if line.decision not in (None, said.decision):
        raise NotAllowed(f"{line.called}: {DECISIONS[str(line.decision)].lower()} already.")


def _move(
    receipt: GoodsReceipt, line: GoodsReceiptLine, said: Decision, note: str
) -> stock.Move:
    reason, place = _way(line, said)
    return stock.Move(
        product_id=line.product_id or 0,
        lot_id=line.lot_id,
        from_location_id=line.location_id or 0,
        to_location_id=place,
        quantity=line.quantity,
        reason=reason,
        note=note,
        document_type=queries.RECEIPT,
        document_id=receipt.id,
    )


def _way(line: GoodsReceiptLine, said: Decision) -> tuple[str, int]:
    """Why it moves, and where to."""
    if said.decision == "sent_back":
        return "sent_back", stock.virtual_location("supplier")
    if said.decision == "written_off":
        return "damaged", stock.virtual_location("adjustment")
    warehouse = _warehouse(line)
    homes = usual_places(warehouse, [line.product_id or 0])
    place = said.location_id or homes.get(line.product_id or 0) or default_place(warehouse)
    found = db.session.get_one(Location, place)
    if found.kind == QUARANTINE:
        raise Invalid("location", f"{found.code} is for what is put aside: choose a bin.")
    is_inside = found.path.startswith(warehouse.path)
    return "moved" if is_inside else "transferred", place


def _warehouse(line: GoodsReceiptLine) -> Location:
    path = line.location.path if line.location else ""
    root = select(Location).where(Location.path == f"{path.partition('/')[0]}/")
    return db.session.scalars(root).one()


def _note(receipt: GoodsReceipt, due: Due) -> None:
    said = [
        f"{plain(line.quantity)} {line.called}: {DECISIONS[one.decision].lower()}"
        for line, one in due
    ]
    audit.note(receipt, "decided", "", "; ".join(said))
    flag_dirty(receipt)  # it changes in its lines alone: the history is its own
