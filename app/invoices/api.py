"""Invoices and other documents of the books for programs. They are changed in the books."""

from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Number
from app.core.api import Blueprint, PageQuery, page_of, page_schema
from app.core.permissions import requires
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.web import one_or_404
from app.invoices import queries
from app.invoices.models import BOOK_KINDS, BookDocument, Invoice
from app.invoices.queries import STATES

IN_THE_BOOKS = "As the books call the record"
GONE = ("void", "deleted")
CUSTOMER = {"description": "Of the customer, where it is one of ours"}

invoices = Blueprint(
    "invoices_api",
    __name__,
    url_prefix="/api/v1/invoices",
    description="Invoices, as the books have them",
)
book_documents = Blueprint(
    "book_documents_api",
    __name__,
    url_prefix="/api/v1/book-documents",
    description="Sales receipts, credit memos, estimates and payments, as the books have them",
)


class Amount(Number):
    """An amount in the currency of the document; below zero for what is taken off."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=MONEY_DECIMALS, **kwargs)


class State(ma.fields.Str):
    """What is with an invoice today, in UTC."""

    def get_value(self, obj: Any, *_rest: Any, **_more: Any) -> str:
        """Ask the invoice."""
        return str(obj.state_on(queries.today()))


class LineSchema(ma.Schema):
    """A line as the books have it; of a payment, what was paid by it."""

    product_id = ma.fields.Int(allow_none=True, metadata={"description": "Where it is ours"})
    item = ma.fields.Str()
    description = ma.fields.Str()
    quantity = Number(decimals=QUANTITY_DECIMALS, allow_none=True)
    price = Amount(allow_none=True)
    amount = Amount(allow_none=True)
    is_part = ma.fields.Bool(metadata={"description": "Of the bundle above it"})


class HeadSchema(ma.Schema):
    """What invoices and the other documents have in common."""

    id = ma.fields.Int()
    system = ma.fields.Str(metadata={"description": "Which books they are"})
    account = ma.fields.Str(metadata={"description": "Which company there"})
    external_id = ma.fields.Str(metadata={"description": IN_THE_BOOKS})
    number = ma.fields.Str(metadata={"description": "Empty where the books gave none"})
    customer_id = ma.fields.Int(allow_none=True, metadata=CUSTOMER)
    customer_ref = ma.fields.Str(metadata={"description": f"{IN_THE_BOOKS} of the customer"})
    customer_name = ma.fields.Str()
    due_date = ma.fields.Date(allow_none=True)
    currency = ma.fields.Str()
    total = Amount()
    tax = Amount(allow_none=True, metadata={"description": "What of the total is tax"})
    bill_to = ma.fields.Str()
    ship_to = ma.fields.Str()
    is_void = ma.fields.Bool()
    is_active = ma.fields.Bool(metadata={"description": "False: deleted in the books"})
    is_listed = ma.fields.Bool(
        metadata={"description": "False while its books are not connected: it may be old"}
    )
    created_at = ma.fields.DateTime(metadata={"description": "When it came here"})
    updated_at = ma.fields.DateTime(
        allow_none=True, metadata={"description": "When it was changed in the books"}
    )


class InvoiceHeadSchema(HeadSchema):
    """An invoice without its lines."""

    state = State(validate=ma.validate.OneOf([*STATES, *GONE]))
    customer_po = ma.fields.Str(metadata={"description": "Their order number"})
    invoice_date = ma.fields.Date()
    balance = Amount(metadata={"description": "What is still to be paid"})


class InvoiceSchema(InvoiceHeadSchema):
    """An invoice with its lines, in their order."""

    lines = ma.fields.List(ma.fields.Nested(LineSchema))


class BookDocumentHeadSchema(HeadSchema):
    """A sales receipt, credit memo, estimate or payment without its lines."""

    kind = ma.fields.Str(validate=ma.validate.OneOf(BOOK_KINDS))
    state = ma.fields.Str(
        attribute="status",
        metadata={"description": "void, deleted, or what the books say of it; may be empty"},
    )
    reference = ma.fields.Str(metadata={"description": "Theirs: an order or cheque number"})
    document_date = ma.fields.Date()
    due_date = ma.fields.Date(
        allow_none=True, metadata={"description": "Of an estimate, until when it holds"}
    )
    balance = Amount(metadata={"description": "Of a credit or a payment, what is not used yet"})
    method = ma.fields.Str(metadata={"description": "How it was paid"})


class BookDocumentSchema(BookDocumentHeadSchema):
    """A sales receipt, credit memo, estimate or payment with its lines, in their order."""

    lines = ma.fields.List(ma.fields.Nested(LineSchema), attribute="shown_lines")


class BooksQuery(PageQuery):
    """Filters that both lists share."""

    customer = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)


class InvoiceQuery(BooksQuery):
    """Filters of the list of invoices."""

    q = ma.fields.Str(
        load_default="", metadata={"description": "Number, customer or order number"}
    )
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *STATES]))


class BookDocumentQuery(BooksQuery):
    """Filters of the list of other documents."""

    q = ma.fields.Str(
        load_default="", metadata={"description": "Number, customer or reference"}
    )
    kind = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *BOOK_KINDS]))


@invoices.get("")
@requires("invoices.view")
@invoices.arguments(InvoiceQuery, location="query")
@invoices.response(200, page_schema(InvoiceHeadSchema))
def list_invoices(query: dict[str, Any]) -> dict[str, Any]:
    """List invoices of the books that are connected.

    `sort` is one of number, customer, date, due and total.
    """
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.invoices(
        search=query.pop("q"),
        customer_id=query.pop("customer"),
        today=queries.today(),
        **query,
    )
    return page_of(found, paging, sorts=queries.SORTS)


@invoices.get("/<int:invoice_id>")
@requires("invoices.view")
@invoices.response(200, InvoiceSchema)
def get_invoice(invoice_id: int) -> Invoice:
    """Show an invoice with its lines."""
    return one_or_404(queries.invoice(invoice_id))


@book_documents.get("")
@requires("invoices.view")
@book_documents.arguments(BookDocumentQuery, location="query")
@book_documents.response(200, page_schema(BookDocumentHeadSchema))
def list_book_documents(query: dict[str, Any]) -> dict[str, Any]:
    """List receipts, credits, estimates and payments of the books that are connected.

    `sort` is one of number, customer, date and total.
    """
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.book_documents(
        search=query.pop("q"), customer_id=query.pop("customer"), **query
    )
    return page_of(found, paging, sorts=queries.BOOK_SORTS)


@book_documents.get("/<int:document_id>")
@requires("invoices.view")
@book_documents.response(200, BookDocumentSchema)
def get_book_document(document_id: int) -> BookDocument:
    """Show a receipt, credit, estimate or payment with its lines."""
    return one_or_404(queries.book_document(document_id))
