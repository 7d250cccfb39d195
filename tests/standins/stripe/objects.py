"""How Stripe's objects look, as far as they are looked at."""

from tests.standins.objects import Object

ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def charge(  # noqa: PLR0913  (what differs between two of them)
    key: str, *, amount: int, currency: str, created: int, transaction: str | None,
    description: str, metadata: Object, buyer: str,
) -> Object:  # fmt: skip
    """A payment by card."""
    nothing = dict.fromkeys(
        ("application", "application_fee", "application_fee_amount", "customer",
         "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of",
         "outcome", "receipt_email", "receipt_number", "receipt_url", "shipping",
         "source_transfer", "statement_descriptor", "statement_descriptor_suffix",
         "transfer_data", "transfer_group", "payment_method_details")
    )  # fmt: skip
    return nothing | {
        "id": key, "object": "charge", "amount": amount, "amount_captured": amount,
        "amount_refunded": 0, "balance_transaction": transaction, "captured": True,
        "billing_details": {"address": ADDRESS, "email": None, "name": buyer, "phone": None},
        "calculated_statement_descriptor": "KITCHEN & CO", "created": created,
        "currency": currency, "description": description, "disputed": False,
        "fraud_details": {}, "livemode": False, "metadata": metadata, "paid": True,
        "payment_intent": key.replace("ch_", "pi_"),
        "payment_method": key.replace("ch_", "pm_"),
        "refunded": False, "status": "succeeded",
    }  # fmt: skip


def transaction(  # noqa: PLR0913
    key: str, *, kind: str, category: str, amount: int, fees: list[Object], currency: str,
    created: int, available_on: int, source: str | None, description: str,
) -> Object:  # fmt: skip
    """A change of the balance."""
    fee = sum(one["amount"] for one in fees)
    return {
        "id": key, "object": "balance_transaction", "amount": amount, "type": kind,
        "available_on": available_on, "balance_type": "payments", "created": created,
        "currency": currency, "description": description, "exchange_rate": None, "fee": fee,
        "fee_details": fees, "net": amount - fee, "reporting_category": category,
        "source": source, "status": "pending",
    }  # fmt: skip


def fee(kind: str, amount: int, currency: str, description: str) -> Object:
    """A part of what a transaction costs."""
    return {
        "amount": amount, "application": None, "currency": currency,
        "description": description, "type": kind,
    }  # fmt: skip


def payout(  # noqa: PLR0913
    key: str, *, amount: int, currency: str, created: int, arrival: int, transaction: str,
    is_automatic: bool,
) -> Object:  # fmt: skip
    """Money on its way to the bank."""
    nothing = dict.fromkeys(
        ("application_fee", "application_fee_amount", "failure_balance_transaction",
         "failure_code", "failure_message", "original_payout", "reversed_by",
         "statement_descriptor", "payout_method")
    )  # fmt: skip
    status = "in_progress" if is_automatic else "not_applicable"
    return nothing | {
        "id": key, "object": "payout", "amount": amount, "arrival_date": arrival,
        "automatic": is_automatic, "balance_transaction": transaction, "created": created,
        "currency": currency, "description": "STRIPE PAYOUT", "destination": "ba_1StandIn",
        "livemode": False, "metadata": {}, "method": "standard", "source_type": "card",
        "reconciliation_status": status, "status": "in_transit", "type": "bank_account",
        "trace_id": {"status": "pending", "value": None},
    }  # fmt: skip


def dispute(
    key: str, *, charge: str, amount: int, currency: str, created: int, due: int
) -> Object:
    """A buyer who wants the money back."""
    return {
        "id": key, "object": "dispute", "amount": amount, "balance_transactions": [],
        "charge": charge, "created": created, "currency": currency, "evidence": EVIDENCE,
        "evidence_details": {
            "due_by": due, "has_evidence": False, "past_due": False, "submission_count": 0,
            "enhanced_eligibility": {},
        },
        "enhanced_eligibility_types": [], "is_charge_refundable": False, "livemode": False,
        "metadata": {}, "payment_intent": None, "reason": "product_not_received",
        "status": "needs_response",
    }  # fmt: skip


EVIDENCE = dict.fromkeys(
    ("access_activity_log", "billing_address", "cancellation_policy",
     "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
     "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
     "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
     "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
     "refund_refusal_explanation", "service_date", "service_documentation",
     "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation",
     "shipping_tracking_number", "uncategorized_file", "uncategorized_text")
) | {"enhanced_evidence": {}}  # fmt: skip
