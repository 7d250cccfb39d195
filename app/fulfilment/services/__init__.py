"""What the business does in pick & pack."""

from app.fulfilment.services.claiming import give_back, go_on, next_task, reassign
from app.fulfilment.services.freezing import freeze
from app.fulfilment.services.holding import Picker, current_line, part_of
from app.fulfilment.services.packing import (
    Content,
    add_parcel,
    contents_of,
    describe_parcel,
    find_to_pack,
    is_short,
    scan_into_parcel,
    ship_parcels,
)
from app.fulfilment.services.picking import PICK, pick_quantity, scan, skip, undo
from app.fulfilment.services.putting_back import put_back
from app.fulfilment.services.shorting import answer_empty, report_short

__all__ = [
    "PICK",
    "Content",
    "Picker",
    "add_parcel",
    "answer_empty",
    "contents_of",
    "current_line",
    "describe_parcel",
    "find_to_pack",
    "freeze",
    "give_back",
    "go_on",
    "is_short",
    "next_task",
    "part_of",
    "pick_quantity",
    "put_back",
    "reassign",
    "report_short",
    "scan",
    "scan_into_parcel",
    "ship_parcels",
    "skip",
    "undo",
]
