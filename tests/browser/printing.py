"""Labels that were printed, for the pages that show them."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from app.core.pdf import PdfUnavailable
from app.labels import services
from app.labels.jobs import draw_labels


def printing(sku: str, name: str) -> dict[str, Any]:
    """Make a format, a printer and a batch with an error; give what their addresses need."""
    format_ = services.create_format(
        name=name[:60],
        kind="roll",
        label_width=Decimal(100),
        label_height=Decimal(50),
        dpi=203,
        symbology="code128",
    )
    printer = services.create_printer(name=name[:60], dpi=203, format="L7160")
    asked = [
        services.LabelRequest("sku", sku),
        services.LabelRequest("sku", f"{sku}-THAT-IS-NOT-THERE"),
    ]
    choices = services.Choices(format=format_.name, printer_id=printer.id)
    batch = services.request_batch(asked, choices, draw_labels)
    with suppress(PdfUnavailable):
        services.draw_batch(batch.id)
    return {"batch_id": batch.id, "format_id": format_.id, "printer_id": printer.id}
