"""What the business does with purchase orders."""

from app.purchasing.services.approving import approve_order
from app.purchasing.services.building import (
    CostStep,
    average_costs,
    cost_build,
    cost_figures,
    cost_return,
    uncost_build,
    uncost_return,
)
from app.purchasing.services.changing import change_order, reopen_order
from app.purchasing.services.closing import cancel_order, close_short
from app.purchasing.services.costing import add_landed_cost, uncosted, unit_price_of
from app.purchasing.services.creating import create_order
from app.purchasing.services.deciding import (
    Decision,
    decide_aside,
    note_decisions,
    undo_decision,
)
from app.purchasing.services.items import OrderDefaults, defaults_of, items_of, usual_price
from app.purchasing.services.late_orders import watch_late_orders
from app.purchasing.services.limits import create_limit, delete_limit, revise_limit
from app.purchasing.services.locking import locked_order, publish_change
from app.purchasing.services.lookup import (
    FoundParts,
    default_warehouse,
    find_parts,
    find_vendor,
    find_warehouse,
    item_called,
    numbers_of,
    receipt_numbers_of,
)
from app.purchasing.services.missing import (
    Instead,
    Shortage,
    Wanted,
    draft_missing,
    shortages_of,
)
from app.purchasing.services.receiving import Delivery, put_aside, receive_goods, recount
from app.purchasing.services.reordering import (
    Need,
    draft_order,
    draft_orders,
    needs_of,
    watch_reorder,
)
from app.purchasing.services.rules import create_rule, delete_rule, revise_rule
from app.purchasing.services.sending import confirm_order, mark_sent
from app.purchasing.services.sharing import ReceivedItem
from app.purchasing.services.shipment_costs import add_shipment_cost, drop_shipment_cost
from app.purchasing.services.shipments import (
    cancel_shipment,
    change_shipment,
    create_shipment,
    note_arrival,
    reopen_shipment,
    send_off,
)
from app.purchasing.services.tablet import (
    Receiver,
    begin_receiving,
    finish_receiving,
    mark_damaged,
    places_for,
    put_refused_aside,
    say_lot,
    scan,
    set_received,
    undo_scan,
)
from app.purchasing.services.undoing import Undoable, undo_receipt, undoable_of

__all__ = [
    "CostStep",
    "Decision",
    "Delivery",
    "FoundParts",
    "Instead",
    "Need",
    "OrderDefaults",
    "ReceivedItem",
    "Receiver",
    "Shortage",
    "Undoable",
    "Wanted",
    "add_landed_cost",
    "add_shipment_cost",
    "approve_order",
    "average_costs",
    "begin_receiving",
    "cancel_order",
    "cancel_shipment",
    "change_order",
    "change_shipment",
    "close_short",
    "confirm_order",
    "cost_build",
    "cost_figures",
    "cost_return",
    "create_limit",
    "create_order",
    "create_rule",
    "create_shipment",
    "decide_aside",
    "default_warehouse",
    "defaults_of",
    "delete_limit",
    "delete_rule",
    "draft_missing",
    "draft_order",
    "draft_orders",
    "drop_shipment_cost",
    "find_parts",
    "find_vendor",
    "find_warehouse",
    "finish_receiving",
    "item_called",
    "items_of",
    "locked_order",
    "mark_damaged",
    "mark_sent",
    "needs_of",
    "note_arrival",
    "note_decisions",
    "numbers_of",
    "places_for",
    "publish_change",
    "put_aside",
    "put_refused_aside",
    "receipt_numbers_of",
    "receive_goods",
    "recount",
    "reopen_order",
    "reopen_shipment",
    "revise_limit",
    "revise_rule",
    "say_lot",
    "scan",
    "send_off",
    "set_received",
    "shortages_of",
    "uncost_build",
    "uncost_return",
    "uncosted",
    "undo_decision",
    "undo_receipt",
    "undo_scan",
    "undoable_of",
    "unit_price_of",
    "usual_price",
    "watch_late_orders",
    "watch_reorder",
]
