"""A field that somebody adds is asked for, shown, imported, exported and told to programs.

Where one is not, it is named here with the reason; a side that it has after all, or a column
that is gone, fails too. So a new column fails this law until somebody has decided.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from flask import Flask

from app.catalog.api.contacts import CustomerSchema, VendorSchema
from app.catalog.api.products import ProductSchema
from app.catalog.forms import CustomerForm, ProductForm, VendorForm
from app.catalog.importers import CUSTOMERS, PRODUCTS, VENDORS
from app.catalog.importers.contacts import SHIPPING
from app.catalog.models import Customer, Product, Vendor
from app.core.pages.lines import LineEditor
from app.invoices.api import BookDocumentSchema, InvoiceSchema
from app.invoices.models import BookDocument, Invoice
from app.orders.api.fields import OrderItemSchema, OrderSchema
from app.orders.forms import ItemRow, OrderForm
from app.orders.importers import ORDERS
from app.orders.models import ADDRESS, OrderLine, SalesOrder
from app.orders.views.rows import EDITOR
from app.purchasing.api.fields import PurchaseItemSchema, PurchaseOrderSchema
from app.purchasing.forms import PurchaseOrderForm, PurchaseRow
from app.purchasing.importers import PURCHASE_ORDERS
from app.purchasing.models import PurchaseLine, PurchaseOrder
from app.purchasing.views.rows import EDITOR as PURCHASE_EDITOR
from tests.laws import sides

Side = Callable[[Flask], set[str]]


PARCEL = tuple(name for name in ADDRESS if name != "ship_phone")
DOCUMENTS = ("orders/documents/priced.html", "orders/documents/packing_slip.html")
SHIPPING_LINES = dict.fromkeys((f"shipping_{name}" for name in SHIPPING), "shipping_address")
STATE = ("status", "confirmed_at", "shipped_at", "split_from_id")
AMOUNTS = ("subtotal", "discount_amount", "tax", "total")
# What a file calls the columns of a line; the plain names are those of the order.
OF_LINE = {
    "tax_rate": "of the order",
    "line_tax_rate": "tax_rate",
    "discount": "off the order",
    "line_discount": "discount",
}
PROGRESS = (
    *("quantity_cancelled", "quantity_picked", "quantity_returned", "quantity_shipped"),
    "quantity_direct",
)


class Law(NamedTuple):
    """Where the columns of a model are met, and which are not met where, and why."""

    model: type[Any]
    sides: Mapping[str, Side]
    absent: Mapping[str, Mapping[str, tuple[str, ...]]]  # side -> reason -> columns


def page(
    variable: str, endpoint: str, stands_for: Mapping[str, tuple[str, ...]] | None = None
) -> Side:
    return lambda app: sides.spread(sides.in_page(app, endpoint, variable), stands_for or {})


def template(variable: str, *names: str) -> Side:
    return lambda app: sides.in_templates(app, names, variable)


def on_paper(variable: str) -> Side:
    """What papers of orders say, and what they share with papers of other documents."""

    def found(app: Flask) -> set[str]:
        names = (variable, "document")
        return {one for name in names for one in sides.in_templates(app, DOCUMENTS, name)}

    return found


def on_purchase_paper(variable: str) -> Side:
    """What the paper for vendors says, and what it shares with papers of other documents."""
    paper = ["purchasing/documents/purchase_order.html"]
    names = (variable, "document")
    return lambda app: {one for name in names for one in sides.in_templates(app, paper, name)}


def form(kind: type[Any], variable: str, *names: str, called: Mapping[str, str]) -> Side:
    """What a form asks for and its page shows: one without the other is no use."""

    def found(app: Flask) -> set[str]:
        shown = {called.get(n, n) for n in sides.in_templates(app, names, variable)}
        return sides.in_form(kind, called=called) & shown

    return found


def editor(kind: type[Any], declared: LineEditor) -> Side:
    """What a row of a line editor asks for: its form and its columns."""
    columns = {column.name for column in declared.columns} | {*declared.hidden, *declared.flags}
    return lambda _app: sides.in_form(kind, called={}) & columns


def schema(kind: type[Any]) -> Side:
    return lambda _app: sides.in_schema(kind)


def file(importer: Any, called: Mapping[str, str] | None = None) -> Side:
    return lambda _app: sides.in_file(importer, called=called or {})


def instead(side: Side, stands_for: Mapping[str, tuple[str, ...]]) -> Side:
    """A side where something else stands for columns: a state in words for the state kept."""
    return lambda app: sides.spread(side(app), stands_for)


ORDER = Law(
    SalesOrder,
    {
        "form": form(
            OrderForm, "form", "orders/_fields.html", called={"customer": "customer_id"}
        ),
        "page": page("order", "orders.show", stands_for={"address_lines": (*PARCEL,)}),
        "API": schema(OrderSchema),
        "file": file(ORDERS, {"customer": "customer_id"}),
        "document": on_paper("order"),
    },
    {
        "form": {
            "the customer's, as it was then": ("customer_name",),
            "what happens to the order says it": (*STATE, "hold_reason"),
            "follows from the lines": AMOUNTS,
            "given once, by whoever makes the order": (
                *("number", "channel", "channel_account", "external_id", "external_number"),
            ),
        },
        "page": {"people know it by its number there": ("external_id",)},
        "API": {
            "`customer_id` says whose it is": ("customer_name",),
            "`status` says it": ("confirmed_at", "shipped_at"),
            "which account and record there: for us": ("channel_account", "external_id"),
        },
        "file": {
            "the customer's, as it was then": ("customer_name",),
            "a file brings drafts": (*STATE, "hold_reason"),
            "follows from the lines": AMOUNTS,
            "it is `number`, of orders out of a file": (
                *("channel", "channel_account", "external_id", "external_number"),
            ),
            "a file says days; this is a minute": ("ship_by",),
        },
        "document": {
            "the view puts the address together": ("customer_name", *PARCEL),
            "the customer's code is printed": ("customer_id",),
            "for us, not for the customer": (
                *("hold_reason", "ship_by", "shipped_at", "channel", "split_from_id"),
                *("channel_account", "external_id", "external_number", "ship_phone"),
            ),
            "printed for each rate": ("tax", "tax_rate", "shipping_tax_rate"),
            "printed as what it comes to": ("discount", "discount_amount", "shipping_amount"),
        },
    },
)
COMPONENT = ("bundle_line_id", "per_bundle")
ORDER_LINE = Law(
    OrderLine,
    {
        "form": editor(ItemRow, EDITOR),
        "page": page("line", "orders.show"),
        "API": schema(OrderItemSchema),
        "file": file(ORDERS, OF_LINE),
        "document": template("line", *DOCUMENTS),
    },
    {
        "form": {
            "follows from the SKU": ("product_id", "is_bundle"),
            "of components, which nobody types": COMPONENT,
            "where it stands": ("order_id", "position"),
            "follows from quantity and price": ("total", "tax"),
            "what happens to the order says it": PROGRESS,
            "the shop's": ("external_id",),
        },
        "page": {
            "where it stands": ("order_id", "position", "bundle_line_id"),
            "summed up for the order": ("tax", "tax_rate"),
            "the shop's": ("external_id",),
        },
        "API": {
            "where it stands": ("order_id", "position"),
            "its `components` say it": ("is_bundle", *COMPONENT),
            "summed up for the order": ("tax",),
            "the shop's": ("external_id",),
        },
        "file": {
            "follows from the SKU": ("product_id", "is_bundle", *COMPONENT),
            "where it stands": ("order_id", "position"),
            "follows from quantity and price": ("total", "tax"),
            "a file brings drafts": PROGRESS,
            "the shop's": ("external_id",),
        },
        "document": {
            "the SKU is printed": ("product_id",),
            "where it stands": ("order_id", "position"),
            "printed for each rate": ("tax",),
            "`discount_said` is printed, of documents of all kinds": ("discount",),
            "it stands there as any other line": ("is_free", "is_bundle"),
            "a bundle is printed whole": COMPONENT,
            "what is wanted, and what is in the parcel, are printed": ("quantity", *PROGRESS),
            "the shop's": ("external_id",),
        },
    },
)
PURCHASE_PAPER = "purchasing/documents/purchase_order.html"
PURCHASE_STATE = (
    *("status", "approved_at", "approved_by_id", "sent_at", "confirmed_at", "cancel_reason"),
    *("split_from_id", "due_on"),
)
UNSPLIT = {"purchase orders are not split": ("split_from_id",)}
PURCHASE_ORDER = Law(
    PurchaseOrder,
    {
        "form": form(
            PurchaseOrderForm,
            "form",
            "purchasing/_fields.html",
            called={"vendor": "vendor_id"},
        ),
        "page": page(
            "order",
            "purchase_orders.show",
            {
                "approved_by": ("approved_by_id",),
                "warehouse": ("warehouse_id",),
                "state": ("status",),
            },
        ),
        "API": schema(PurchaseOrderSchema),
        "file": file(PURCHASE_ORDERS, {"vendor": "vendor_id", "warehouse": "warehouse_id"}),
        "document": instead(on_purchase_paper("order"), {"warehouse": ("warehouse_id",)}),
    },
    {
        "form": {
            "the vendor's, as it was then": ("vendor_name",),
            "what happens to the order says it": PURCHASE_STATE,
            "follows from the lines": ("subtotal", "tax", "total"),
            "given once, by whoever makes the order": ("number", "channel", "external_number"),
            "of the customer whose order it is for": ("delivery_address",),
        },
        "page": UNSPLIT,
        "API": UNSPLIT | {"for people: the audit trail has it": ("approved_by_id",)},
        "file": {
            "the vendor's, as it was then": ("vendor_name",),
            "a file brings drafts": PURCHASE_STATE,
            "follows from the lines": ("subtotal", "tax", "total"),
            "it is `number`, of orders out of a file": ("channel", "external_number"),
            "of the customer whose order it is for": ("delivery_address",),
        },
        "document": {
            "the view puts the address together": ("vendor_id", "vendor_name"),
            "for us, not for the vendor": (
                *("approved_at", "approved_by_id", "sent_at", "confirmed_at", "cancel_reason"),
                *("split_from_id", "due_on", "channel", "external_number"),
            ),
            "printed for each rate": ("tax", "tax_rate"),
        },
    },
)
UNITS = ("units_received", "units_cancelled")
PURCHASE_LINE = Law(
    PurchaseLine,
    {
        "form": editor(PurchaseRow, PURCHASE_EDITOR),
        "page": page("line", "purchase_orders.show"),
        "API": schema(PurchaseItemSchema),
        "file": file(PURCHASE_ORDERS),
        "document": template("line", PURCHASE_PAPER),
    },
    {
        "form": {
            "follows from the SKU": ("product_id",),
            "where it stands": ("order_id", "position"),
            "follows from quantity, pack and price": ("total", "tax", "units_ordered"),
            "what happens to the order says it": (
                *UNITS,
                "quantity_cancelled",
                "confirmed_on",
            ),
        },
        "page": {
            "where it stands": ("order_id", "position"),
            "summed up for the order": ("tax", "tax_rate"),
            "shown in the product's own unit": ("quantity_cancelled",),
        },
        "API": {
            "where it stands": ("order_id", "position"),
            "summed up for the order": ("tax",),
            "told in the product's own unit": ("quantity_cancelled",),
        },
        "file": {
            "follows from the SKU": ("product_id",),
            "the SKU may be the vendor's number": ("part_number",),
            "where it stands": ("order_id", "position"),
            "follows from quantity, pack and price": ("total", "tax", "units_ordered"),
            "a file brings drafts": (*UNITS, "quantity_cancelled", "confirmed_on"),
        },
        "document": {
            "the SKU is printed": ("product_id",),
            "where it stands": ("order_id", "position"),
            "printed for each rate": ("tax", "tax_rate"),
            "it stands there as any other line": ("is_free",),
            "what is wanted is printed": ("quantity", "quantity_cancelled", "units_ordered"),
            "they know what they have sent, and when": (*UNITS, "confirmed_on"),
        },
    },
)
PICTURE = {"has a form and a call of its own": ("image_id",)}
IN_USE = {"has buttons of its own": ("is_active",)}
TWIN = {"for the index of SKUs, until somebody tells old twins apart": ("twin",)}
MADE: dict[str, tuple[str, ...]] = {
    "has a form and a file of its own, with the components": ("kind", "build_quantity")
}
PRODUCT = Law(
    Product,
    {
        "form": form(ProductForm, "form", "catalog/products/_fields.html", called={}),
        "page": page("product", "products.show", stands_for={"supplier": ("supplier_id",)}),
        "API": schema(ProductSchema),
        "file": file(PRODUCTS, {"supplier": "supplier_id"}),
    },
    {
        "form": MADE | PICTURE | IN_USE | TWIN,
        "page": TWIN,
        "API": PICTURE | TWIN,
        "file": MADE | PICTURE | TWIN,
    },
)
CUSTOMER = Law(
    Customer,
    {
        "form": form(CustomerForm, "form", "catalog/contacts/_fields.html", called={}),
        "page": page(
            "contact",
            "customers.show",
            stands_for={"sales_rep": ("sales_rep_id",)},
        ),
        "API": schema(CustomerSchema),
        "file": file(CUSTOMERS, {"sales_rep": "sales_rep_id"} | SHIPPING_LINES),
    },
    {"form": IN_USE},
)
VENDOR = Law(
    Vendor,
    {
        "form": form(VendorForm, "form", "catalog/contacts/_fields.html", called={}),
        "page": page("contact", "vendors.show"),
        "API": schema(VendorSchema),
        "file": file(VENDORS),
    },
    {"form": IN_USE},
)
OF_THE_BOOKS = {
    "the books' own names, for programs": ("system", "account", "customer_ref"),
    "what is not listed is not found": ("is_listed",),
    "its state says it": ("is_active", "is_void"),
}
STANDS_FOR = {
    "shown_number": ("number", "external_id"),
    "status": ("state",),
    "shown_lines": ("lines",),
}
INVOICE = Law(
    Invoice,
    {"page": page("invoice", "invoices.show", STANDS_FOR), "API": schema(InvoiceSchema)},
    {"page": OF_THE_BOOKS},
)
BOOK_DOCUMENT = Law(
    BookDocument,
    {
        "page": page("document", "book_documents.show", STANDS_FOR),
        "API": instead(schema(BookDocumentSchema), STANDS_FOR),
    },
    {"page": OF_THE_BOOKS | {"its name says it": ("number", "external_id")}},
)
LAWS = {
    "invoice": INVOICE,
    "document of the books": BOOK_DOCUMENT,
    "order": ORDER,
    "order line": ORDER_LINE,
    "purchase order": PURCHASE_ORDER,
    "purchase order line": PURCHASE_LINE,
    "product": PRODUCT,
    "customer": CUSTOMER,
    "vendor": VENDOR,
}
CASES = [(name, side) for name, law in LAWS.items() for side in law.sides]


@pytest.mark.parametrize(("name", "side"), CASES, ids=[f"{n}: {s}" for n, s in CASES])
def test_every_column_is_on_every_side_or_named_with_a_reason(
    app: Flask, name: str, side: str
) -> None:
    law = LAWS[name]

    missing = sides.columns(law.model) - law.sides[side](app)

    named = [name for names in law.absent.get(side, {}).values() for name in names]
    assert missing == set(named)
    assert len(named) == len(set(named))


def test_every_reason_is_about_a_side_that_there_is() -> None:
    for law in LAWS.values():
        assert set(law.absent) <= set(law.sides)
