"""What a page does, a program can do: each POST of a page has its call, or a reason why not.

And it takes the same permission there.
"""

from typing import Any

from flask import Flask

from app.core.api_document import METHODS
from app.core.permissions import PUBLIC, SIGNED_IN
from tests.conftest import contract_of

CALLS = {
    "alerts.create_dismissal": "dismiss_alert",
    "alert_rules.update": "update_alert_rule",
    "accounts.create_token": "create_token",
    "accounts.delete_token": "delete_token",
    "accounts.create_registration": "register",
    "accounts.create_password_reset": "create_password_reset",
    "accounts.update_password_reset": "update_password_resets",
    "accounts.create_session": "login",
    "accounts.delete_session": "logout",
    "accounts.end_session": "delete_session",
    "accounts.update_password": "update_password",
    "accounts.update_account": "update_me",
    "accounts.delete_sessions": "delete_sessions",
    "connections.cancel": "cancel_connection_sync",
    "connections.check_credentials": "check_connection",
    "connections.confirm": "confirm_connection_sync",
    "connections.create_disconnection": "disconnect_connection",
    "connections.create_pause": "pause_connection",
    "connections.create_sync": "create_connection_sync",
    "connections.delete_pause": "resume_connection",
    "connections.dismiss": "dismiss_connection_sync",
    "connections.update_credentials": "create_connection",
    "connections.update_fields": "update_connection_precedence",
    "magento.update_stock_source": "update_connection_stock_source",
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
    "counts.create_reversal": "reversal_count",
    "counts.create_list": "create_count_list",
    "counts.request_recount": "recount_count",
    "counts.release": "release_count",
    "customers.create": "create_customer",
    "customers.update": "update_customer",
    "customers.activate": "update_customer",
    "customers.deactivate": "delete_customer",
    "employees.create": "create_enrollment_employee",
    "employees.update": "update_enrollment_employee",
    "employees.create_allowance": "create_attendance_allowance",
    "own_holidays.create": "create_attendance_holiday",
    "own_holidays.delete": "delete_attendance_holiday",
    "absence_types.create": "create_attendance_absence_type",
    "absence_types.update": "update_attendance_absence_type",
    "employees.create_photo": "photo_enrollment_employee",
    "employees.remove_photo": "delete_enrollment_employee_photo",
    "employees.create_contract": "create_enrollment_employee_contract",
    "employees.update_contract": "update_enrollment_employee_contract",
    "absences.create": "create_attendance_absence",
    "absences.create_approval": "approve_attendance_absence",
    "absences.create_rejection": "reject_attendance_absence",
    "absences.create_withdrawal": "delete_attendance_absence",
    "attendance_devices.create": "create_attendance_device",
    "attendance_devices.update": "update_attendance_device",
    "attendance_devices.create_token": "token_attendance_device",
    "corrections.create_approval": "approve_attendance_correction",
    "corrections.create_rejection": "reject_attendance_correction",
    "enrolment.create_capture": "capture_enrollment",
    "enrolment.create_end": "delete_enrollment_credential",
    "enrolment.create_pin": "pin_enrollment_employee",
    "enrolment.delete_pin": "delete_enrollment_employee_pin",
    "enrolment.create_consent": "consent_enrollment_employee",
    "enrolment.delete_consent": "delete_enrollment_employee_consent",
    "enrolment.create_finger": "create_enrollment_finger",
    "enrolment.delete_capture": "delete_enrollment_capture",
    "my_time.create_absence": "create_my_time_absence",
    "my_time.create_correction": "create_my_time_correction",
    "my_time.create_punch": "create_my_time_punch",
    "my_time.create_withdrawal": "delete_my_time_absence",
    "payroll.create": "payroll_attendance",
    "payroll_maps.create": "create_attendance_payroll_map",
    "payroll_maps.update": "update_attendance_payroll_map",
    "payroll_maps.delete": "delete_attendance_payroll_map",
    "payroll.create_lock": "create_attendance_lock",
    "payroll.create_opening": "delete_attendance_lock",
    "punches.create_assignment": "create_enrollment_credential",
    "punches.create_retime": "create_attendance_correction",
    "punches.create_void": "create_attendance_correction",
    "roster.create_copy": "create_attendance_roster_copy",
    "roster.update": "roster_attendance",
    "shifts.create": "create_attendance_shift",
    "shifts.update": "update_attendance_shift",
    "timesheets.create_addition": "create_attendance_correction",
    "attendance_rules.create": "create_attendance_rule",
    "attendance_rules.update": "update_attendance_rule",
    "kiosk.create_heartbeat": "create_attendance_heartbeat",
    "kiosk.create_pin_punch": "create_attendance_pin_punch",
    "kiosk.create_punches": "create_attendance_punch",
    "kiosks.create": "create_attendance_device",
    "imports.create": "import_products",
    "imports.create_application": "apply_import",
    "imports.create_check": "check_import",
    "imports.update_layout": "import_products",
    "import_profiles.delete": "delete_import_profile",
    "imports.create_reversal": "reversal_salesdata_import",
    "sales_items.create_assignment": "assignment_salesdata_unknown_product",
    "sales_parties.create_assignment": "assignment_salesdata_unknown_customer",
    "sales_rules.create": "create_sales_rule",
    "sales_rules.update": "update_sales_rule",
    "sales_rules.delete": "delete_sales_rule",
    "sales_rules.create_classification": "create_sales_rule_classification",
    "exchange_rates.create": "import_exchange_rates",
    "exchange_rates.create_valuation": "create_exchange_rate_valuation",
    "jobs.create_cancellation": "cancel_job",
    "jobs.create_retry": "retry_job",
    "labels.create": "create_label",
    "lists.create_action": "create_list_action",
    "labels.create_drawing": "get_label_pdf",
    "labels.create_repeat": "create_label",
    "labels.create_format": "create_label_format",
    "labels.update_format": "update_label_format",
    "labels.delete_format": "delete_label_format",
    "labels.create_printer": "create_label_printer",
    "labels.update_printer": "update_label_printer",
    "labels.delete_printer": "delete_label_printer",
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
    "orders.give_up": "dismissal_order_sent_document",
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
    "picking.reassign": "update_fulfilment_session_assignee",
    "approval_limits.create": "create_approval_limit",
    "approval_limits.update": "update_approval_limit",
    "approval_limits.remove": "delete_approval_limit",
    "purchase_orders.approve": "approve_purchase_order",
    "purchase_orders.create": "create_purchase_order",
    "purchase_orders.create_cancellation": "cancel_purchase_order",
    "purchase_orders.create_receipts": "receive_purchase_order",
    "receive.begin": "create_receiving_session",
    "receive.scan": "scan_receiving_session",
    "receive.set_quantity": "quantity_receiving_session",
    "receive.mark_damaged": "damage_receiving_session",
    "receive.put_aside": "aside_receiving_session",
    "receive.undo": "undo_receiving_session",
    "receive.finish": "complete_receiving_session",
    "reorder_rules.create": "create_reorder_rule",
    "reorder_rules.update": "update_reorder_rule",
    "reorder_rules.remove": "delete_reorder_rule",
    "receipts.create_landed_costs": "create_goods_receipt_landed_cost",
    "receipts.create": "create_goods_receipt",
    "receipts.undo": "reversal_goods_receipt",
    "purchase_orders.create_closure": "close_purchase_order",
    "purchase_orders.create_confirmation": "confirm_purchase_order",
    "purchase_orders.create_sent_document": "create_purchase_order_sent_document",
    "purchase_orders.give_up": "dismissal_purchase_order_sent_document",
    "purchase_orders.mark_sent": "send_purchase_order",
    "purchase_orders.reopen": "reopen_purchase_order",
    "purchase_orders.resend": "create_purchase_order_sent_document",
    "purchase_orders.update": "update_purchase_order",
    "products.create": "create_product",
    "products.update": "update_product",
    "products.activate": "update_product",
    "products.deactivate": "delete_product",
    "products.create_image": "image_product",
    "products.remove_image": "delete_product_image",
    "roles.create": "create_role",
    "roles.update": "update_role",
    "roles.delete": "delete_role",
    "schedule.update": "update_schedule",
    "schedule.create_run": "create_schedule_run",
    "settings.update": "update_settings",
    "stock.create_adjustments": "create_inventory_adjustment",
    "stock.create_counts": "create_inventory_adjustment",
    "stock.create_write_offs": "create_inventory_adjustment",
    "stock.create_moves": "create_inventory_transfer",
    "stock.create_transfers": "create_inventory_transfer",
    "transfers.create": "create_inventory_transfer_list",
    "stock.update_home": "update_inventory_home",
    "stock.create_reservations": "create_inventory_reservation",
    "stock.release": "delete_inventory_reservation",
    "users.create": "create_user",
    "users.update": "update_user",
    "users.create_activation": "update_user",
    "users.delete_activation": "delete_user",
    "users.create_password": "create_user_password",
    "users.delete_sessions": "delete_user_session",
    "users.delete_second_factor": "delete_user_second_factor",
    "roles.create_second_factor": "update_role",
    "roles.delete_second_factor": "update_role",
    "accounts.create_second_step": "login",
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
    "accounts.create_authenticator": "set up with the app in hand, at a screen",
    "accounts.create_passkey": "made by a browser",
    "accounts.create_recovery_codes": "shown once to a person, at a screen",
    "accounts.create_factor_removal": "one's own, with the password, at a screen",
    "connections.create_sign_in": "a person signs in to the system, in a browser",
    "connections.update_app": "copied by a person from the developer pages of the system",
    "lists.update_columns": "how a list looks to a person; programs have saved views",
    "saved_views.update_default": "which view a person's list opens with",
    "labels.create_dry_run": "the picture beside the form",
    "orders.complete_lines": "names what a person types; a program sends SKUs",
    "counts.complete_lines": "names what a person types; a program sends codes",
    "transfers.complete_lines": "names what a person types; a program sends SKUs",
    "purchase_orders.complete_lines": "names what a person types; a program sends SKUs",
    "pack.find": "finds the order of a tote that is scanned; a program knows its session",
    "pick.resume": "hands a task from tablet to tablet of one person",
    "tablet.test_scan": "shows a person what their scanner sends",
    "webhooks.create": "is itself called by programs",
}

# Whose call asks for another permission than the page.
OTHERS = {
    # One call for one's own and for others': those take the page's permission there, too.
    "counts.release": ("counting.manage", "counting.count"),
    "picking.release": ("fulfilment.manage", "fulfilment.pick"),
    # One page for all kinds of files, a call for each: the page asks for the kind's.
    "imports.create": (SIGNED_IN, "products.import"),
    "imports.update_layout": (SIGNED_IN, "products.import"),
    "imports.create_reversal": (SIGNED_IN, "sales.import"),
}


def test_every_verb_of_a_page_has_a_call(app: Flask) -> None:
    verbs = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }

    assert verbs == CALLS.keys() | NO_CALLS.keys()
    assert CALLS.keys() & NO_CALLS.keys() == set()


def test_every_call_that_is_named_is_there(app: Flask) -> None:
    assert set(CALLS.values()) - operations(app).keys() == set()


def test_a_call_takes_the_permission_of_its_page(app: Flask) -> None:
    needed = {name: needed_by(said) for name, said in operations(app).items()}
    others = {
        endpoint: (asked, needed[call])
        for endpoint, call in CALLS.items()
        if (asked := getattr(app.view_functions[endpoint], "required_permission", None))
        != needed[call]
    }

    assert others == OTHERS


def operations(app: Flask) -> dict[str, dict[str, Any]]:
    return {
        item[method]["operationId"]: item[method]
        for item in contract_of(app).document["paths"].values()
        for method in METHODS
        if method in item
    }


def needed_by(said: dict[str, Any]) -> str:
    """The permission that a call's view asks for, as the document says it."""
    return PUBLIC if said.get("security") == [] else said.get("x-permission", SIGNED_IN)
