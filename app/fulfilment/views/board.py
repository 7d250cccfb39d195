"""The manager's live board: who picks what, how fast, and the log of scans."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug import Response

from app.accounts.models import User
from app.core.db import db
from app.core.pages import Action, Resource
from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import one_or_404, render
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
    tasks = db.session.scalars(queries.board_tasks()).all()
    return render(
        "fulfilment/board/index.html",
        fragment="results",
        tasks=tasks,
        speed=dict(db.session.execute(queries.lines_since(now - HOUR)).all()),
        tiles=_tiles(len(tasks)),
        now=now,
        pace=pace_chart(now),
    )


def _tiles(in_work: int) -> list[tuple[str, int, str]]:
    """Figures with their names, and the list that each opens."""

    def count(query: Select[Any]) -> int:
        return db.session.scalar(queries.counted(query)) or 0

    ready = count(queries.ready_orders(("allocated",)))
    return [
        ("Ready", ready, url_for("orders.index", status="allocated")),
        ("In work", in_work, f"{url_for('.index')}#tasks"),
        ("To pack", count(queries.packable()), url_for("pack.index")),
        ("To put back", count(queries.putbacks()), url_for("putbacks.index")),
    ]


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


def _reassign(task_id: int) -> User:
    """Give it to the person whose id was sent."""
    user_id = request.form.get("user_id", type=int) or 0
    services.reassign(task_id, user_id)
    return db.session.get_one(User, user_id)


TASK = Resource(
    name="task",
    area="picking",
    query=queries.task,
    rule="/<int:task_id>",
    keys={"task_id": "id"},
    event=CHANGED,
)

_verb = partial(
    Action,
    resource=TASK,
    permission="fulfilment.manage",
    to=lambda _task: url_for("picking.index"),
)

reassign = _verb(
    name="reassign",
    path="/assignee",
    title="Give",
    act=_reassign,
    done="{1.name} goes on with it.",
)
release = _verb(
    name="release",
    path="/release",
    title="Put back into the queue",
    question="Put {0} back into the queue? What is picked stays in its tote.",
    confirm="Put back",
    act=services.release,
    done="{0} is back in the queue.",
)

for action in (reassign, release):
    action.add_to(bp)
