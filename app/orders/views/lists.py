"""The list of orders."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import request, url_for
from werkzeug import Response

from app.catalog.models import Customer
from app.core.db import db
from app.core.pages.paging import Order, Page, paginate
from app.core.permissions import may, requires
from app.core.web import render
from app.orders import queries
from app.orders.models import STATUSES, SalesOrder
from app.orders.views.blueprint import bp

CHOICES = [("", "All states"), ("open", "Open"), ("late", "Late"), *STATUSES.items()]
EXPORTS = {"xlsx": "Export as Excel", "csv": "Export as CSV"}


@bp.get("")
@requires("orders.view")
def index() -> Response:
    """List orders; a search from htmx receives only the results."""
    filters = asked_filters(request.args)
    now = datetime.now(UTC)
    query = queries.orders(**asked(filters), now=now)
    page = paginate(query, Order(queries.SORTS, "-number"), filters=filters)
    return render(
        "orders/index.html",
        fragment="results",
        page=page,
        filters=filters,
        now=now,
        choices=CHOICES,
        sums=_sums(page.items),
        chips=_chips(page, filters),
        import_link=url_for("imports.new", kind="orders") if may("orders.import") else "",
        exports=_exports(page),
    )


def asked_filters(args: Any) -> dict[str, str]:
    """Give the filters that an address asks for; a state that is none counts as not asked."""
    names = ("search", "status", "customer", "from", "to")
    filters = {name: args.get(name, "").replace("\0", "").strip() for name in names}
    if filters["status"] not in dict(CHOICES):
        filters["status"] = ""
    return filters


def asked(filters: dict[str, str]) -> dict[str, Any]:
    """Give what the query parts; what cannot be read filters nothing."""
    customer = filters["customer"]
    is_number = customer.isascii() and customer.isdecimal() and len(customer) < 18  # noqa: PLR2004
    return {
        "search": filters["search"],
        "status": filters["status"],
        "customer_id": int(customer) if is_number else None,
        "since": _day(filters["from"]),
        "until": _day(filters["to"]),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _sums(orders: Iterable[SalesOrder]) -> dict[str, Decimal]:
    """Totals of the page, by currency; what is cancelled is not owed."""
    sums: dict[str, Decimal] = {}
    for order in orders:
        if order.status != "cancelled":
            sums[order.currency] = sums.get(order.currency, Decimal(0)) + order.total
    return sums


def _chips(page: Page[Any], filters: dict[str, str]) -> list[tuple[str, str]]:
    labels = {"status": dict(CHOICES)[filters["status"]] if filters["status"] else ""}
    if customer_id := asked(filters)["customer_id"]:
        customer = db.session.get(Customer, customer_id)
        labels["customer"] = f"Customer: {customer or 'unknown'}"
    return [(label, page.without(name)) for name, label in labels.items() if label]


def _exports(page: Page[Any]) -> list[tuple[str, str]]:
    if not may("orders.import"):
        return []
    filters: dict[str, Any] = dict(page.filters)
    return [
        (label, url_for("exports.show", kind="orders", format=form, **filters))
        for form, label in EXPORTS.items()
    ]
