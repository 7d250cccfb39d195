"""What lies on the packing table, line by line and lot by lot, and which lot a scan is of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.catalog.models import SERIAL, Product
from app.core.codes import normal_code
from app.core.db import db
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.models import PickLine, PickTaskOrder
from app.scanning.errors import WrongScan
from app.scanning.services import ScanMatch
from app.stock.models import Lot

ZERO = Decimal(0)


@dataclass(slots=True, kw_only=True)
class PickedLot:
    """A lot, or a piece, on the packing table: how much of it was picked, and is in."""

    lot: Lot | None
    picked: Decimal = ZERO
    packed: Decimal = ZERO

    @property
    def missing(self) -> Decimal:
        """What of it lies in the tote still."""
        return self.picked - self.packed


@dataclass(slots=True, kw_only=True)
class Content:
    """A line of the order on the packing table: how much was picked, and how much is in."""

    order_line_id: int
    product: Product
    picked: Decimal
    packed: Decimal = ZERO
    lots: dict[int | None, "PickedLot"] = field(default_factory=dict)  # of what is tracked

    @property
    def missing(self) -> Decimal:
        """What lies in the tote still."""
        return self.picked - self.packed


def contents_of(task_order: PickTaskOrder) -> list[Content]:
    """What was picked for an order in this pick task, and how much of it is in parcels."""
    contents: dict[int, Content] = {}
    for line in db.session.scalars(queries.lines_of(task_order.task_id, task_order.order_id)):
        _add(contents, line)
    for parcel in db.session.scalars(queries.parcels_of(task_order.id)):
        for inside in parcel.lines:
            content = contents[inside.order_line_id]
            content.packed += inside.quantity
            if inside.lot_id in content.lots:
                content.lots[inside.lot_id].packed += inside.quantity
    return [content for content in contents.values() if content.picked]


def lot_called(content: Content, code: str) -> PickedLot | None:
    """Give what of a lot was picked for a line, by the code on its label."""
    same = (
        one
        for one in content.lots.values()
        if one.lot and code and normal_code(one.lot.code) == normal_code(code)
    )
    return next(same, None)


def lots_to_pack(content: Content, found: ScanMatch) -> list[PickedLot]:
    """Give the lots that a scan packs, the first of them first; none of goods without any.

    A label that does not name its lot is taken for what is not packed yet, in the order of
    picking: nobody can tell those goods apart. A piece is known by its number alone.

    Raises:
        WrongScan: It was not picked for the order, is packed already, or names no piece.
    """
    if not content.lots:
        return []
    code = found.draft.code
    if not code:
        if content.product.tracking == SERIAL:
            raise WrongScan(
                "Scan the serial number of the piece.",
                scanned=content.product.sku,
                expected=_left(content),
            )
        return [one for one in content.lots.values() if one.missing]
    lot = lot_called(content, code)
    if lot is None:
        raise WrongScan(
            "This lot was not picked for the order: take it out.",
            scanned=code,
            expected=_left(content),
        )
    if not lot.missing:
        said = "It is in a parcel already" if content.product.tracking == SERIAL else ""
        said = said or f"All {plain(lot.picked)} of it are packed already"
        raise WrongScan(f"{said}: scan another.", scanned=code, expected=_left(content))
    return [lot]


def shared_out(lots: Sequence[PickedLot], units: Decimal) -> list[tuple[int | None, Decimal]]:
    """Share units out among lots, as far as each is missing; without any, all under None."""
    if not lots:
        return [(None, units)]
    parts = []
    for one in lots:
        part = min(one.missing, units)
        units -= part
        parts += [(one.lot.id if one.lot else None, part)] if part else []
    return parts


def _left(content: Content) -> str:
    """The lots of which something is to be packed still."""
    return ", ".join(one.lot.called for one in content.lots.values() if one.lot and one.missing)


def _add(contents: dict[int, Content], line: PickLine) -> None:
    content = contents.setdefault(
        line.order_line_id,
        Content(order_line_id=line.order_line_id, product=line.product, picked=ZERO),
    )
    content.picked += line.picked
    if line.picked and line.product.is_tracked:
        lot = content.lots.setdefault(line.lot_id, PickedLot(lot=line.lot))
        lot.picked += line.picked
