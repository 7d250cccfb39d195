"""What a page does, a program can do: each POST of a page has its call, or a reason why not."""

from flask import Flask

from app.core.api_document import METHODS
from tests.conftest import contract_of

CALLS = {
    "alerts.create_dismissal": "dismiss_alert",
    "alert_rules.update": "update_alert_rule",
    "accounts.create_token": "create_token",
    "accounts.delete_token": "delete_token",
    "accounts.create_registration": "register",
    "accounts.create_session": "login",
    "accounts.delete_session": "logout",
    "connections.create_sync": "refresh_cache",
    "count.claim": "claim_count",
    "count.report_empty": "empty_count",
    "count.finish": "finish_count",
    "count.set_quantity": "quantity_count",
    "count.release": "release_count",
    "count.scan": "scan_count",
    "count.undo": "undo_count",
    "counts.create": "create_count",
    "counts.create_approval": "approve_count",
    "counts.create_cancellation": "cancel_count",
    "counts.request_recount": "recount_count",
    "counts.release": "release_count",
    "customers.create": "create_customer",
    "customers.update": "update_customer",
    "customers.activate": "update_customer",
    "customers.deactivate": "delete_customer",
    "imports.create": "import_products",
    "imports.create_application": "import_products",
    "imports.create_check": "import_products",
    "imports.update_layout": "import_products",
    "jobs.create_cancellation": "cancel_job",
    "jobs.create_retry": "retry_job",
    "labels.create": "create_label",
    "lists.create_action": "create_list_action",
    "labels.create_drawing": "get_label_pdf",
    "labels.create_repeat": "create_label",
    "saved_views.create_view": "create_saved_view",
    "saved_views.update_view": "update_saved_view",
    "saved_views.delete_view": "delete_saved_view",
    "locations.create": "create_inventory_location",
    "locations.update": "update_inventory_location",
    "locations.activate": "activate_inventory_location",
    "locations.deactivate": "delete_inventory_location",
    "locations.create_bins": "create_inventory_location_bin",
    "movements.reverse": "reversal_inventory_posting",
    "orders.create": "create_order",
    "orders.update": "update_order",
    "orders.allocate": "allocate_order",
    "orders.backorder": "backorder_order",
    "orders.create_cancellation": "cancel_order",
    "orders.create_closure": "close_order",
    "orders.confirm": "confirm_order",
    "orders.create_hold": "hold_order",
    "orders.create_parts": "split_order",
    "orders.release": "release_order",
    "orders.create_returns": "return_order",
    "orders.create_sent_document": "create_order_sent_document",
    "orders.resend": "create_order_sent_document",
    "orders.create_shipments": "ship_order",
    "orders.create_shipment_undo": "reversal_order_shipment",
    "pack.add_parcel": "create_fulfilment_session_order_parcel",
    "pack.update_parcel": "update_fulfilment_session_order_parcel",
    "pack.scan": "pack_fulfilment_session",
    "pack.ship": "complete_fulfilment_session",
    "pick.answer_empty": "empty_fulfilment_session",
    "pick.pick_quantity": "quantity_fulfilment_session",
    "pick.release": "release_fulfilment_session",
    "pick.scan": "scan_fulfilment_session",
    "pick.report_short": "short_fulfilment_session",
    "pick.skip": "skip_fulfilment_session",
    "pick.undo": "undo_fulfilment_session",
    "pick.confirm_stop": "stop_fulfilment_session",
    "pack.repack": "repack_fulfilment_session_order",
    "pack.remove_parcel": "removal_fulfilment_session_order_parcel",
    "putbacks.scan": "scan_fulfilment_putback",
    "putbacks.undo": "undo_fulfilment_putback",
    "pick.claim": "create_fulfilment_session",
    "picking.release": "release_fulfilment_session",
    "products.create": "create_product",
    "products.update": "update_product",
    "products.activate": "update_product",
    "products.deactivate": "delete_product",
    "products.create_image": "image_product",
    "products.remove_image": "delete_product_image",
    "roles.create": "create_role",
    "roles.update": "update_role",
    "roles.delete": "delete_role",
    "settings.update": "update_settings",
    "stock.create_adjustments": "create_inventory_adjustment",
    "stock.create_counts": "create_inventory_adjustment",
    "stock.create_write_offs": "create_inventory_adjustment",
    "stock.create_moves": "create_inventory_transfer",
    "stock.create_transfers": "create_inventory_transfer",
    "stock.update_home": "update_inventory_home",
    "stock.create_reservations": "create_inventory_reservation",
    "stock.release": "delete_inventory_reservation",
    "users.create": "create_user",
    "users.update": "update_user",
    "users.create_activation": "update_user",
    "users.delete_activation": "delete_user",
    "webhook_endpoints.create": "create_webhook_endpoint",
    "webhook_endpoints.update": "update_webhook_endpoint",
    "webhook_endpoints.delete": "delete_webhook_endpoint",
    "webhook_endpoints.create_test": "create_webhook_endpoint_test",
    "webhook_endpoints.create_secret": "secret_webhook_endpoint",
    "webhook_endpoints.create_activation": "activation_webhook_endpoint",
    "webhook_endpoints.delete_activation": "delete_webhook_endpoint_activation",
    "vendors.create": "create_vendor",
    "vendors.update": "update_vendor",
    "vendors.activate": "update_vendor",
    "vendors.deactivate": "delete_vendor",
}
NO_CALLS = {
    "alerts.create_dismissal": "dismiss_alert",
    "alert_rules.update": "update_alert_rule",
    "accounts.update_account": "one's own name and zone: a person's, at a screen",
    "accounts.update_password": "a password is changed by who knows it, at a screen",
    "accounts.delete_sessions": "of a person's browsers",
    "lists.update_columns": "how a list looks to a person; programs have saved views",
    "saved_views.update_default": "which view a person's list opens with",
    "labels.create_dry_run": "the picture beside the form",
    "labels.create_format": "measured with the sheet in hand",
    "labels.update_format": "measured with the sheet in hand",
    "labels.delete_format": "measured with the sheet in hand",
    "labels.create_printer": "set up beside the printer",
    "labels.update_printer": "set up beside the printer",
    "labels.delete_printer": "set up beside the printer",
    "orders.complete_lines": "names what a person types; a program sends SKUs",
    "orders.give_up": "takes a failed e-mail out of a person's sight",
    "pack.find": "finds the order of a tote that is scanned; a program knows its session",
    "pick.resume": "hands a task from tablet to tablet of one person",
    "picking.reassign": "the shift leader's, at the board",
    "schedule.update": "when jobs run is the operator's, with the effects before their eyes",
    "schedule.create_run": "the operator's, beside the entry",
    "tablet.test_scan": "shows a person what their scanner sends",
    "users.create_password": "a new password is told to a person",
    "users.delete_sessions": "of a person's browsers; deactivating ends all",
    "webhooks.create": "is itself called by programs",
}
BY_HAND = "connections."  # signing in to outside systems, deciding about their records


def test_every_verb_of_a_page_has_a_call(app: Flask) -> None:
    verbs = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }
    by_hand = {one for one in verbs if one.startswith((BY_HAND, "magento."))} - CALLS.keys()

    assert verbs - by_hand == CALLS.keys() | NO_CALLS.keys()


def test_every_call_that_is_named_is_there(app: Flask) -> None:
    there = {
        item[method]["operationId"]
        for item in contract_of(app).document["paths"].values()
        for method in METHODS
        if method in item
    }

    assert set(CALLS.values()) - there == set()
