"""What pages of other slices show of the books: that of an order, and that of a vendor."""

from flask import url_for

from app.catalog.related import Related, RelatedTo
from app.purchasing.books import Booked, BookedDocument
from app.vendor_bills import services

VIEW = "vendor_bills.view"


def _of_order(order_id: int) -> list[BookedDocument]:
    """Give the documents that are about an order, or may be."""
    return [
        BookedDocument(
            name=str(one.document),
            href=url_for("vendor_bills.show", document_id=one.document.id),
            label=one.label,
            badge=one.badge,
            total=one.document.total,
            currency=one.document.currency,
        )
        for one in services.documents_of_order(order_id)
    ]


def _of_vendor(vendor_id: int) -> Related:
    """Say how many documents there are of a vendor, and of how many somebody is asked."""
    count, asked = services.counts_of_vendor(vendor_id)
    said = f"{count:,}" + (f", {asked:,} to decide" if asked else "")
    return Related(
        "Bills and orders in the books", said, url_for("vendor_bills.index", vendor=vendor_id)
    )


BOOKED = Booked(VIEW, _of_order)
OF_VENDOR = RelatedTo(VIEW, _of_vendor)
