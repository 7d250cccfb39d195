"""A posting of the ledger, and undoing it."""

from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import select
from werkzeug import Response

from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_saved
from app.stock import queries, services
from app.stock.documents import with_documents
from app.stock.models import Posting
from app.stock.views.inventory import CHANGED

bp = Blueprint("movements", __name__, url_prefix="/movements")


@bp.get("/postings/<int:posting_id>")
@requires("stock.view")
def show(posting_id: int) -> Response:
    """Show all movements of a posting."""
    one_or_404(select(Posting).where(Posting.id == posting_id))
    found: Any = queries.movements_of_posting(posting_id)
    with_balance = found.add_columns(queries.balance_after().label("balance"))
    rows = with_documents(db.session.execute(with_balance).all())
    return render(
        "stock/movements/show.html",
        fragment="record",
        posting_id=posting_id,
        rows=rows,
    )


@bp.post("/postings/<int:posting_id>/reversals")
@requires("stock.reverse")
def reverse(posting_id: int) -> Response:
    """Undo a posting. It can be undone once, so its number is key enough."""
    one_or_404(select(Posting).where(Posting.id == posting_id))
    services.reverse_posting(posting_id, key=f"undo:{posting_id}")
    here = url_for(".show", posting_id=posting_id)
    return respond_saved(here, "Undone.", event=CHANGED)
