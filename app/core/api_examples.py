"""Examples for the OpenAPI document: one value for each field, wherever that field is."""

from collections.abc import Iterator
from typing import Any

EXAMPLES: dict[str, Any] = {
    "sku": "KE-2228",
    "name": "Kettle, 1.7 l",
    "code": "MAIN-01",
    "location": "MAIN-01",
    "email": "ana@example.com",
    "username": "ana",
    "order_number": "SO-00042",
    "quantity": "12",
    "quantity_on_hand": "120",
    "quantity_reserved": "12",
    "quantity_available": "108",
    "unit_price": "24.9",
    "price": "24.9",
    "cost": "11.35",
    "tax_rate": "19",
    "currency": "EUR",
    "country": "DE",
    "postal_code": "10115",
    "postcode": "10115",
    "city": "Berlin",
    "phone": "+49 30 5550100",
    "time_zone": "Europe/Berlin",
    "customer_po": "PO-7781",
    "order_date": "2026-11-29",
    "invoice_date": "2026-11-29",
    "document_date": "2026-11-29",
    "due_date": "2026-12-29",
    "external_id": "1187",
    "customer_name": "Acme Ltd",
    "total": "298.8",
    "balance": "98.8",
    "amount": "298.8",
    "tax": "47.71",
    "delivery_date": "2026-12-04",
    "created_at": "2026-11-29T08:15:00+00:00",
    "updated_at": "2026-11-29T08:15:00+00:00",
    "version": 1,
    "id": 42,
}
KINDS = {int: "integer", str: "string"}


def add_examples(document: dict[str, Any]) -> None:
    """Give each field of the schemas its example, where its type is the example's."""
    for name, schema in _fields(document):
        value = EXAMPLES.get(name)
        kinds = schema.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if value is not None and KINDS[type(value)] in kinds and "enum" not in schema:
            schema.setdefault("examples", [value])
    error = document["components"]["schemas"]["Error"]
    error["examples"] = [
        {
            "error": "Some fields do not fit.",
            "code": "invalid",
            "fields": {"items.0.quantity": ["At most 3 decimals."]},
        }
    ]


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for schema in document["components"]["schemas"].values():
        yield from schema.get("properties", {}).items()
