"""What is made of many orders at once, as their list asks for it."""

from collections.abc import Sequence
from io import BytesIO

from app.core.db import db
from app.core.files import store_file
from app.core.jobs import report_progress
from app.documents.services import print_paper
from app.orders.papers import SALES_ORDERS


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
        order = db.session.scalars(SALES_ORDERS.find(order_id)).one()
        writer.append(BytesIO(print_paper(SALES_ORDERS, order, "packing-slip").content))
    writer.write(joined)
    file = store_file(
        "packing-slips.pdf",
        joined.getvalue(),
        content_type="application/pdf",
        permission=SALES_ORDERS.view_permission,
    )
    return {"packing_slips_url": file.url}
