"""The ledger: what moved, when, why, and who did it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug import Response

from app.accounts.models import User
from app.catalog import queries as catalog
from app.catalog.models import Product
from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_saved, wants_fragment
from app.stock import queries, services
from app.stock.models import REASONS, Movement, Posting
from app.stock.views.inventory import CHANGED, asked_filters

bp = Blueprint("movements", __name__, url_prefix="/movements")

SHOWN = 50
MOST_PRODUCTS = 200  # of a search; whoever means one of them types more letters
MOST_PEOPLE = 200
FILTERS = ("search", "location", "reason", "person", "since", "until")
LABELS = {"location": "Location", "person": "Person", "since": "From", "until": "To"}


@bp.get("")
@requires("stock.view")
def index() -> Response:
    """List movements, the newest first.

    A page goes on from the last movement seen, not by number: that is fast at any depth.
    """
    filters = asked_filters(*FILTERS)
    asked = _asked(filters)
    rows: Sequence[Any] = ()
    if asked is not None:
        rows = db.session.execute(queries.movements(asked, limit=SHOWN + 1)).all()
    given: dict[str, Any] = {name: value for name, value in filters.items() if value}
    return render(
        "stock/movements/index.html",
        fragment="results",
        filters=filters,
        rows=rows[:SHOWN],
        older=url_for(".index", **given, before=_mark(rows)) if len(rows) > SHOWN else "",
        newest=url_for(".index", **given) if request.args.get("before") else "",
        chips=_chips(given),
        reason_labels=REASONS,
        people=[] if wants_fragment() else _people(),
    )


@bp.get("/postings/<int:posting_id>")
@requires("stock.view")
def show(posting_id: int) -> Response:
    """Show all movements of a posting."""
    one_or_404(select(Posting).where(Posting.id == posting_id))
    rows = db.session.execute(queries.movements_of_posting(posting_id)).all()
    return render(
        "stock/movements/show.html",
        fragment="record",
        posting_id=posting_id,
        rows=rows,
        reason_labels=REASONS,
    )


@bp.post("/postings/<int:posting_id>/reversals")
@requires("stock.reverse")
def reverse(posting_id: int) -> Response:
    """Undo a posting. It can be undone once, so its number is key enough."""
    one_or_404(select(Posting).where(Posting.id == posting_id))
    services.reverse_posting(posting_id, key=f"undo:{posting_id}")
    here = url_for(".show", posting_id=posting_id)
    return respond_saved(here, "Undone.", event=CHANGED)


def _asked(filters: dict[str, str]) -> queries.MovementFilter | None:
    """Read the filters; None if one of them can match nothing."""
    product_ids = location_ids = None
    if filters["search"]:
        product_ids = _products(filters["search"])
        if not product_ids:
            return None
    if filters["location"]:
        location_ids = _locations(filters["location"])
        if not location_ids:
            return None
    until = _midnight(filters["until"])
    return queries.MovementFilter(
        product_ids=product_ids,
        location_ids=location_ids,
        reason=filters["reason"],
        actor_id=int(filters["person"]) if filters["person"].isdecimal() else None,
        since=_midnight(filters["since"]),
        until=until + timedelta(days=1) if until else None,
        before=_before(request.args.get("before", "")),
    )


def _products(search: str) -> tuple[int, ...]:
    """Products a search finds; the one whose SKU it is, if there is one."""
    exact = db.session.scalar(select(Product.id).where(Product.sku == search))
    if exact is not None:
        return (exact,)
    found = catalog.products(search=search).with_only_columns(Product.id)
    return tuple(db.session.scalars(found.limit(MOST_PRODUCTS)))


def _locations(code: str) -> tuple[int, ...]:
    """The location and all that lies in it."""
    place = db.session.scalar(queries.locations_found(code))
    return tuple(db.session.scalars(queries.below(place))) if place else ()


def _midnight(day: str) -> datetime | None:
    """When a day begins for the person asking; a day that is none filters nothing."""
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=ZoneInfo(_zone()))
    except ValueError:
        return None


def _zone() -> str:
    return getattr(current_user, "time_zone", None) or "UTC"


def _mark(rows: Sequence[Any]) -> str:
    """Write where the next page begins."""
    last: Movement = rows[SHOWN - 1][0]
    return f"{last.occurred_at.isoformat()}~{last.id}"


def _before(mark: str) -> tuple[datetime, int] | None:
    moment, _, number = mark.partition("~")
    try:
        return datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None


def _chips(given: dict[str, Any]) -> list[tuple[str, str]]:
    said = given | {"reason": REASONS.get(given.get("reason", ""), "")}
    if person := db.session.get(User, int(given["person"])) if _is_person(given) else None:
        said["person"] = person.name
    return [
        (
            f"{LABELS[name]}: {said[name]}" if name in LABELS else said[name],
            url_for(".index", **{n: v for n, v in given.items() if n != name}),
        )
        for name in given
        if name != "search" and said[name]
    ]


def _is_person(given: dict[str, Any]) -> bool:
    return given.get("person", "").isdecimal()


def _people() -> list[tuple[int, str]]:
    people = select(User.id, User.name).order_by(User.name, User.id).limit(MOST_PEOPLE)
    return [(row.id, row.name) for row in db.session.execute(people)]
