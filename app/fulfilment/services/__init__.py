"""What the business does in pick & pack."""

from app.fulfilment.services.claiming import next_task, reassign, release, release_once, resume
from app.fulfilment.services.freezing import freeze
from app.fulfilment.services.locking import PICK, Picker, current_line, task_order_of
from app.fulfilment.services.packing import (
    Content,
    add_parcel,
    begin_parcel,
    contents_of,
    find_packable,
    is_short,
    scan_into_parcel,
    ship_parcels,
    update_parcel,
)
from app.fulfilment.services.picking import pick_quantity, scan, skip, undo
from app.fulfilment.services.putting_back import put_back
from app.fulfilment.services.short_picks import answer_empty, report_short

__all__ = [
    "PICK",
    "Content",
    "Picker",
    "add_parcel",
    "answer_empty",
    "begin_parcel",
    "contents_of",
    "current_line",
    "find_packable",
    "freeze",
    "is_short",
    "next_task",
    "pick_quantity",
    "put_back",
    "reassign",
    "release",
    "release_once",
    "report_short",
    "resume",
    "scan",
    "scan_into_parcel",
    "ship_parcels",
    "skip",
    "task_order_of",
    "undo",
    "update_parcel",
]
