"""What the business does in pick & pack."""

from app.fulfilment.services.claiming import next_task, reassign, release, release_once, resume
from app.fulfilment.services.contents import Content, contents_of
from app.fulfilment.services.freezing import freeze
from app.fulfilment.services.locking import PICK, Picker, current_line, name_of, task_order_of
from app.fulfilment.services.packing import (
    add_parcel,
    begin_parcel,
    find_packable,
    is_short,
    scan_into_parcel,
    ship_parcels,
    update_parcel,
)
from app.fulfilment.services.picking import confirm_stop, pick_quantity, scan, skip
from app.fulfilment.services.putting_back import put_back, undo_put_back
from app.fulfilment.services.repacking import Repacking, remove_parcel, repack
from app.fulfilment.services.short_picks import answer_empty, report_short
from app.fulfilment.services.undoing import undo

__all__ = [
    "PICK",
    "Content",
    "Picker",
    "Repacking",
    "add_parcel",
    "answer_empty",
    "begin_parcel",
    "confirm_stop",
    "contents_of",
    "current_line",
    "find_packable",
    "freeze",
    "is_short",
    "name_of",
    "next_task",
    "pick_quantity",
    "put_back",
    "reassign",
    "release",
    "release_once",
    "remove_parcel",
    "repack",
    "report_short",
    "resume",
    "scan",
    "scan_into_parcel",
    "ship_parcels",
    "skip",
    "task_order_of",
    "undo",
    "undo_put_back",
    "update_parcel",
]
