"""Labels of the rows that are selected: what lists of products, bins and orders offer."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.core.db import db
from app.core.pages import BulkAction


def label_action(subject: str, *, row_id: Any, code: Any) -> BulkAction:
    """Make the action that leads to the page on which labels are ordered.

    `subject` is what labels call these records, `code` the column that names them there.
    """

    def address(ids: Sequence[int] | None, filters: Mapping[str, str]) -> str:
        if ids is None:
            wanted: dict[str, Any] = {n: text for n, text in filters.items() if n != "sort"}
            return url_for("labels.new", subject=subject, list=1, **wanted)
        codes = db.session.scalars(select(code).where(row_id.in_(ids)))
        return url_for("labels.new", subject=subject, items=sorted(codes))

    return BulkAction(
        name="labels", label="Print labels", permission="labels.print", address=address
    )
