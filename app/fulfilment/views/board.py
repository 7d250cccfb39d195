"""The manager's live board: who picks what, how fast, and the log of scans."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug import Response

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Invalid
from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_saved
from app.fulfilment import queries, services
from app.fulfilment.views.pace import pace_chart
from app.scanning.models import Scan
from app.scanning.queries import scans_of

bp = Blueprint("picking", __name__, url_prefix="/picking")

CHANGED = "picking:changed"
HOUR = timedelta(hours=1)


@bp.get("")
@requires("fulfilment.manage")
def index() -> Response:
    """Show who picks what at this moment."""
    now = datetime.now(UTC)
    return render(
        "fulfilment/board/index.html",
        fragment="results",
        tasks=db.session.scalars(queries.board_tasks()).all(),
        speed=dict(db.session.execute(queries.lines_since(now - HOUR)).all()),
        ready=db.session.scalar(queries.counted(queries.ready_orders(("allocated",)))),
        to_pack=db.session.scalar(queries.counted(queries.packable())),
        to_put_back=db.session.scalar(queries.counted(queries.putbacks())),
        now=now,
        pace=pace_chart(now),
    )


@bp.get("/<int:task_id>")
@requires("fulfilment.manage")
def show(task_id: int) -> Response:
    """Show a pick task, its lines and its scans."""
    task = one_or_404(queries.task(task_id))
    scans = scans_of(services.PICK, task_id).options(
        joinedload(Scan.user, innerjoin=True), joinedload(Scan.product)
    )
    page = paginate(scans, Order({"created": Scan.created_at}, "-created"), filters={})
    people = select(User).where(User.is_active).order_by(User.name, User.id).limit(200)
    return render(
        "fulfilment/board/show.html",
        fragment="results",
        task=task,
        page=page,
        people=db.session.scalars(people).all(),
    )


@bp.post("/<int:task_id>/assignee")
@requires("fulfilment.manage")
def reassign(task_id: int) -> Response:
    """Give a pick task to somebody else."""
    one_or_404(queries.task(task_id))
    user = db.session.get(User, request.form.get("user_id", type=int) or 0)
    if user is None or not user.may("fulfilment.pick"):
        raise Invalid("user_id", "Choose somebody who may pick.")
    services.reassign(task_id, user.id)
    return respond_saved(url_for(".index"), f"{user.name} goes on with it.", event=CHANGED)


@bp.post("/<int:task_id>/release")
@requires("fulfilment.manage")
def release(task_id: int) -> Response:
    """Put a pick task back into the queue."""
    one_or_404(queries.task(task_id))
    task = services.release(task_id)
    return respond_saved(url_for(".index"), f"{task} is back in the queue.", event=CHANGED)
