"""What other programs hear of counts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.core.db import db
from app.core.quantities import plain
from app.core.webhooks import WebhookEvent
from app.counting import queries
from app.counting.events import CountPosted
from app.counting.models import CountLine

ZERO = Decimal(0)


def _count(count_id: int, line_ids: list[int]) -> Mapping[str, Any] | None:
    """Tell which lines were posted: what the books said, and what was found."""
    count = db.session.scalars(queries.count(count_id)).one_or_none()
    if count is None:
        return None
    lines = [_line(line) for line in count.results if line.id in line_ids]
    return {"location": count.location.code, "lines": lines}


def _line(line: CountLine) -> dict[str, Any]:
    return {
        "sku": line.product.sku,
        "on_hand": plain(line.on_hand or ZERO),
        "counted": plain(line.counted or ZERO),
        "difference": plain(line.difference),
    }


WEBHOOKS = (
    WebhookEvent(
        name="count.posted",
        label="Count posted",
        event=CountPosted,
        data=_count,
    ),
)
