"""How much there is of one product."""

from datetime import UTC, datetime

from flask import Blueprint, url_for
from werkzeug import Response

from app.catalog import queries as catalog
from app.catalog.models import Product
from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_saved
from app.stock import queries, services
from app.stock.views.on_hand import on_hand_chart

bp = Blueprint("stock", __name__, url_prefix="/stock")

CHANGED = "stock:changed"
MOVEMENTS_SHOWN = 25


@bp.get("/<int:product_id>")
@requires("stock.view")
def show(product_id: int) -> Response:
    """Show where a product lies, what is reserved of it, and how that came to be."""
    product = one_or_404(catalog.product(product_id))
    asked = queries.MovementFilter(product_ids=(product_id,))
    levels = queries.inventory(is_active=None).where(Product.id == product_id)
    level = db.session.execute(levels).one()
    return render(
        "stock/show.html",
        fragment="record",
        product=product,
        level=level,
        chart=on_hand_chart(product, on_hand=level.on_hand, now=datetime.now(UTC)),
        balances=db.session.scalars(queries.balances_of(product_id)).all(),
        reservations=db.session.scalars(queries.reservations(product_id)).all(),
        movements=db.session.execute(queries.movements(asked, limit=MOVEMENTS_SHOWN)).all(),
        home=db.session.scalars(queries.home(product_id)).one_or_none(),
        counted_at=db.session.scalar(queries.last_counted(product_id)),
    )


@bp.post("/<int:product_id>/reservations/<int:reservation_id>/release")
@requires("stock.reserve")
def release(product_id: int, reservation_id: int) -> Response:
    """Take a reservation back."""
    one_or_404(queries.reservation(product_id, reservation_id))
    services.release(reservation_id)
    return respond_saved(url_for(".show", product_id=product_id), "Released.", event=CHANGED)
