"""What names a product, a place, a customer or a vendor is asked before that goes out of use.

Or it can do without, for a reason: it is the past, or it goes on with what is not in use.
"""

from app.core.db import Model
from app.core.slices import slices

TAKEN_OUT = ("product", "location", "customer", "vendor")
PAST = "it tells what was"
PART = "a part of what it names"
GUESS = "nothing is promised by it: what is not in use is left out when it is followed"
RULE = "it rests as long as the warehouse does"
HELD = "goods lie there, which is refused before"
ASKED = "asked by"
# Column -> the module that says of it what is not finished, or why nothing is left hanging.
SIDES = {
    "book_document.customer_id": PAST,
    "invoice.customer_id": PAST,
    "planning_adjustment.customer_id": GUESS,
    "planning_scope.customer_id": GUESS,
    "sales_order.customer_id": f"{ASKED} orders",
    "sales_party.customer_id": PAST,
    "build.location_id": PAST,
    "count_plan.warehouse_id": f"{ASKED} counting",
    "count_task.location_id": f"{ASKED} counting",
    "goods_receipt_line.location_id": HELD,
    "home_location.location_id": f"{ASKED} stock",
    "location.parent_id": "what lies in it is refused before",
    "order_return.location_id": PAST,
    "pick_line.location_id": HELD,
    "pick_task.bin_id": "where the picker stands: the next scan says another",
    "pick_task_order.tote_id": f"{ASKED} fulfilment",
    "purchase_order.warehouse_id": f"{ASKED} purchasing",
    "put_back.bin_id": "another bin, which has to be scanned a second time",
    "put_back.location_id": "any other bin takes what was scanned twice",
    "put_back.tote_id": HELD,
    "reorder_rule.warehouse_id": RULE,
    "reservation.location_id": HELD,
    "stock_balance.location_id": HELD,
    "stock_movement.from_location_id": PAST,
    "stock_movement.to_location_id": PAST,
    "transfer.destination_id": f"{ASKED} transfers",
    "transfer.source_id": f"{ASKED} transfers",
    "transfer.transit_id": HELD,
    "transfer_part.location_id": PAST,
    "vendor_return.warehouse_id": HELD,
    "stock_comparison.location_id": f"{ASKED} reconcile",
    "barcode.product_id": PART,
    "build.product_id": PAST,
    "component_substitute.substitute_id": GUESS,
    "cost_entry.product_id": PAST,
    "count_line.product_id": "a count goes on with what lies there, in use or not",
    "count_plan_item.product_id": "a count goes on with what lies there, in use or not",
    "count_task.product_id": f"{ASKED} counting",
    "discrepancy.product_id": "both sides go on, in use or not",
    "goods_receipt_line.product_id": PAST,
    "home_location.product_id": PART,
    "invoice_line.product_id": PAST,
    "lot.product_id": PART,
    "marketplace_stock.product_id": "it lies there, in use or not",
    "pick_line.product_id": f"{ASKED} stock",
    "planning_adjustment.product_id": GUESS,
    "planning_price.product_id": PAST,
    "planning_scope.product_id": GUESS,
    "product_component.component_id": f"{ASKED} catalog",
    "product_component.product_id": PART,
    "product_cost.product_id": PART,
    "published_stock.product_id": PART,
    "purchase_order_line.product_id": f"{ASKED} purchasing",
    "put_back.product_id": "goods within our walls move, in use or not",
    "receiving_line.product_id": f"{ASKED} purchasing",
    "reorder_rule.product_id": GUESS,
    "reservation.product_id": f"{ASKED} stock",
    "sales_item.product_id": PAST,
    "sales_order_line.product_id": f"{ASKED} orders",
    "scan.product_id": PAST,
    "stock_balance.product_id": PART,
    "stock_movement.product_id": PAST,
    "supply_row.product_id": GUESS,
    "supply_suggestion.product_id": GUESS,
    "transfer_line.product_id": f"{ASKED} transfers",
    "vendor_part.product_id": PART,
    "vendor_return_line.product_id": "what nobody sells any more may go back",
    "goods_receipt.vendor_id": PAST,
    "lot.vendor_id": PAST,
    "product.supplier_id": f"{ASKED} catalog",
    "purchase_order.vendor_id": f"{ASKED} purchasing",
    "supply_row.vendor_id": GUESS,
    "supply_suggestion.vendor_id": GUESS,
    "vendor_part.vendor_id": PART,
    "vendor_document.vendor_id": PAST,
    "vendor_document_line.product_id": PAST,
    "vendor_return.vendor_id": f"{ASKED} vendor_returns",
}


def _named() -> dict[str, str]:
    """Every column that names what can be taken out of use, with that."""
    keys = (
        key
        for table in Model.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
    )
    return {
        f"{key.parent.table.name}.{key.parent.name}": key.column.table.name
        for key in keys
        if key.column.table.name in TAKEN_OUT
    }


def test_whatever_names_it_is_asked_or_can_do_without_it() -> None:
    assert _named().keys() == SIDES.keys()


def test_whoever_is_said_to_be_asked_is_asked() -> None:
    said = {
        (kind, SIDES[column].removeprefix(f"{ASKED} "))
        for column, kind in _named().items()
        if SIDES[column].startswith(ASKED)
    }
    asked = {
        (kind, use.__module__.split(".")[1])
        for kind, uses in slices().uses.items()
        for use in uses
    }

    assert said == asked
