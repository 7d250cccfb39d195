"""An open cycle with one row of somebody, and what is written in it."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.db import db
from app.planning import services
from app.planning.models import Submission
from tests.planning.factories import FIRST, row_of_open_cycle


def planned(user: User, product: Product, customer: Customer) -> dict[str, Any]:
    """Make it, and say what the addresses of its pages need."""
    row = row_of_open_cycle(user, customer, product)
    services.make_baselines(row.cycle_id)
    cell = services.CellEdit(
        op_id=uuid4(),
        row_id=row.id,
        month=FIRST,
        version=0,
        quantity=Decimal(1200),
        comment="As agreed at the fair with the new assortment of kettles",
    )
    services.save_cells(row.cycle_id, [cell], rep_id=None)
    submission = db.session.scalars(select(Submission.id).order_by(Submission.id)).first()
    return {"cycle_id": row.cycle_id, "row_id": row.id, "submission_id": submission}
