"""Cells as programs and the page of the grid send them, and what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import marshmallow as ma

from app.catalog.api.fields import Number
from app.core.quantities import QUANTITY_DECIMALS
from app.planning.models import SOURCES
from app.planning.services import CellEdit
from app.planning.services.pricing import VALUE_DECIMALS


class CellEditSchema(ma.Schema):
    """What is to stand in a cell."""

    op_id = ma.fields.UUID(
        metadata={"description": "A number of your own: sent twice, the edit counts once"}
    )
    row_id = ma.fields.Int(required=True, strict=True)
    month = ma.fields.Date(required=True, metadata={"description": "Its first day"})
    version = ma.fields.Int(
        required=True,
        strict=True,
        metadata={"description": "The one you have read; 0 where nothing was written"},
    )
    quantity = Number(
        required=True,
        allow_none=True,
        decimals=QUANTITY_DECIMALS,
        metadata={"description": "Null: back to the baseline"},
    )
    reason = ma.fields.Str(metadata={"description": "Left out, it stays"})
    comment = ma.fields.Str(metadata={"description": "Left out, it stays"})
    source = ma.fields.Str(validate=ma.validate.OneOf([*SOURCES]))


class ValuedCellSchema(CellEditSchema):
    """What is to stand in a cell: a quantity, or the value that it is to come to."""

    quantity = Number(
        allow_none=True,
        decimals=QUANTITY_DECIMALS,
        metadata={"description": "Null: back to the baseline. Either this or `value`"},
    )
    value = Number(
        decimals=VALUE_DECIMALS,
        metadata={
            "description": "In the currency of the cycle, by list price: what is kept is the"
            " quantity that comes nearest, to the thousandth. Refused without a price"
        },
    )

    @ma.validates_schema
    def _one_of_both(self, values: dict[str, Any], **_rest: Any) -> None:
        if ("quantity" in values) is ("value" in values):
            raise ma.ValidationError("Either a quantity or a value.", "quantity")


class SavedCellSchema(ma.Schema):
    """An edit that is done."""

    op_id = ma.fields.UUID()
    row_id = ma.fields.Int()
    month = ma.fields.Date()
    version = ma.fields.Int()


class CellConflictSchema(SavedCellSchema):
    """An edit that is not done, and what stands there: somebody was faster."""

    quantity = Number(allow_none=True, decimals=QUANTITY_DECIMALS)
    reason = ma.fields.Str()
    comment = ma.fields.Str()
    changed_by = ma.fields.Str()


class SavedCellsSchema(ma.Schema):
    """What became of edits, cell by cell."""

    saved = ma.fields.List(ma.fields.Nested(SavedCellSchema))
    conflicts = ma.fields.List(ma.fields.Nested(CellConflictSchema))


def edits_of(cells: Sequence[Mapping[str, Any]], **more: Any) -> list[CellEdit]:
    """Make edits of what was sent; one without a number gets one."""
    return [CellEdit(**{"op_id": uuid4(), **cell, **more}) for cell in cells]
