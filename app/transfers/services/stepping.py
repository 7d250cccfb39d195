"""Steps of a transfer: goods leave, arrive, or are accounted for; each once per key."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.actors import current_actor_id
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.idempotency import KeyReused
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.stock import services as stock
from app.stock.ledger.lines import refuse_inexact
from app.transfers import queries
from app.transfers.models import Transfer, TransferLine, TransferPart, TransferStep
from app.transfers.services.creating import line_of, refuse_unfit_key
from app.transfers.services.locking import fresh_transfer, locked_transfer, recount

ZERO = Decimal(0)


class Said(NamedTuple):
    """So much of a line; `word` is its condition, or what became of it."""

    line_id: int
    quantity: Decimal
    word: str = ""


Made = tuple[list[TransferPart], list[stock.Move]]


def make_step(
    transfer_id: int,
    kind: str,
    make: Callable[[Transfer, TransferStep], Made],
    *,
    key: str,
    request: str,
    note: str,
) -> Transfer:
    """Write a step with its parts, post it, and count the transfer anew."""
    refuse_unfit_key(key)
    with transaction() as session:
        transfer = locked_transfer(transfer_id)
        if again := session.scalars(queries.step_with_key(key)).one_or_none():
            if again.request != request:
                raise KeyReused("This key belongs to another request.")
            return transfer
        step = TransferStep(
            key=key,
            request=request,
            transfer_id=transfer.id,
            kind=kind,
            note=line_of("note", note),
            actor_id=current_actor_id(),
        )
        session.add(step)
        session.flush()
        parts, moves = make(transfer, step)
        step.posting_id = stock.post(moves, key=f"transfer {key}", request=request).id
        session.add_all(parts)
        recount(transfer)
        return fresh_transfer(transfer_id)


def sums_of_lines(
    transfer: Transfer, items: Sequence[Said], *, may_be_none: bool = False
) -> dict[TransferLine, Decimal]:
    """Add up what is said of each line.

    Raises:
        Invalid: A line is not one of them, a quantity does not fit, or nothing is said.
    """
    lines = {line.id: line for line in transfer.lines}
    sums: dict[TransferLine, Decimal] = defaultdict(lambda: ZERO)
    for one in items:
        if one.line_id not in lines:
            raise Invalid("items", f"{transfer.number} has no such line.")
        refuse_inexact("items", one.quantity)
        if one.quantity <= 0:
            raise Invalid("items", "Enter quantities above zero.")
        sums[lines[one.line_id]] += one.quantity
    if not sums and not may_be_none:
        raise Invalid("items", "Say how much of what.")
    return sums


def refuse_beyond(transfer: Transfer, wanted: Mapping[TransferLine, Decimal]) -> None:
    """Refuse more of a line than is on the way.

    Raises:
        Invalid: It is more.
        NotAllowed: Nothing of the transfer is on the way.
    """
    if wanted and transfer.on_the_way == 0:
        raise NotAllowed(f"{transfer.number}: nothing of it is on the way.")
    for line, quantity in wanted.items():
        if quantity > line.on_the_way:
            there = f"Of {line.product.sku} {plain(line.on_the_way)} are on the way"
            advice = "explain what was found first, if more has come"
            raise Invalid("items", f"{there}, not {plain(quantity)}: {advice}.")


def refuse_words(items: Sequence[Said], words: Mapping[str, str]) -> None:
    """Refuse a word that is none of those.

    Raises:
        Invalid: It is another.
    """
    for one in items:
        if one.word not in words:
            raise Invalid("items", f"Choose one of {', '.join(words)}.")


def fingerprint(what: str, items: Sequence[Said]) -> str:
    """Tell requests apart: equal ones, equal text, however their numbers are written."""
    said = [f"{one.line_id} {one.quantity.normalize()} {one.word}" for one in items]
    return hashlib.sha256("\n".join([what, *said]).encode()).hexdigest()
