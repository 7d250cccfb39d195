"""What goes with an order on paper: confirmation, packing slip, copy of the invoice."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from flask import Response as Answer
from flask import abort
from werkzeug import Response

from app.catalog.rules import countries
from app.core.bars import code128
from app.core.db import db
from app.core.files import store_file
from app.core.jobs import report_progress
from app.core.pdf import render_pdf
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import one_or_404
from app.orders import queries, services
from app.orders.models import SalesOrder
from app.orders.views.blueprint import bp

COMPANY = ("company_name", "company_address", "company_vat_id", "company_footer")


class Kind(NamedTuple):
    """A document: its title, its template, and the name of its file."""

    title: str
    template: str
    file: str


KINDS = {
    "confirmation": Kind("Order confirmation", "priced", "order-confirmation"),
    "packing-slip": Kind("Packing slip", "packing_slip", "packing-slip"),
    "invoice": Kind("Invoice copy", "priced", "invoice-copy"),
}


@bp.get("/<int:order_id>/documents/<kind>")
@requires("orders.view")
def document(order_id: int, kind: str) -> Response:
    """Print a document of an order as PDF."""
    wanted = KINDS.get(kind) or abort(404)
    order = one_or_404(queries.order_page(order_id))
    answer = Answer(_drawn(order, kind), mimetype="application/pdf")
    name = f"{wanted.file}-{order.number}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def print_packing_slips(order_ids: Sequence[int]) -> dict[str, str]:
    """Print the packing slips of some orders into one PDF, which is kept for a while.

    Raises:
        PdfUnavailable: Pango is missing.
        FileTooLarge: It is over the limit of kept files.
    """
    from pypdf import PdfWriter  # noqa: PLC0415  (only where something is printed)

    writer, joined = PdfWriter(), BytesIO()
    for number, order_id in enumerate(order_ids):
        report_progress(number, len(order_ids))
        order = db.session.scalars(queries.order_page(order_id)).one()
        writer.append(BytesIO(_drawn(order, "packing-slip")))
    writer.write(joined)
    file = store_file(
        "packing-slips.pdf",
        joined.getvalue(),
        content_type="application/pdf",
        permission="orders.view",
    )
    return {"packing_slips_url": file.url}


def _drawn(order: SalesOrder, kind: str) -> bytes:
    return render_pdf(
        f"orders/documents/{KINDS[kind].template}.html",
        title=KINDS[kind].title,
        kind=kind,
        order=order,
        bars=code128(order.number) if kind == "packing-slip" else None,
        address=_address(order),
        in_parcel=_in_parcel(order),
        tax_rates=_tax_rates(order),
        today=services.today(),
        company={name.removeprefix("company_"): setting(name) for name in COMPANY},
    )


def _address(order: SalesOrder) -> list[str]:
    """Where it goes, with the country by its name; without an address, whom it is for."""
    *place, last = order.address_lines or [order.customer_name]
    return [*place, countries().get(last, last) if order.ship_country else last]


def _in_parcel(order: SalesOrder) -> dict[int, object]:
    """What is about to leave; of an order of which nothing is reserved, what has left."""
    reserved = services.reserved_for(order)
    if any(reserved.values()):
        return dict(reserved)
    return {line.id: line.quantity_shipped for line in order.lines}


def _tax_rates(order: SalesOrder) -> list[tuple[object, object, object]]:
    """Rate, sum without tax, and tax, for each rate there is."""
    rates = sorted({line.tax_rate for line in order.lines})
    return [
        (
            rate,
            sum(line.total for line in order.lines if line.tax_rate == rate),
            sum(line.tax for line in order.lines if line.tax_rate == rate),
        )
        for rate in rates
    ]
