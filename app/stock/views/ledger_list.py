"""The list of movements: what moved, when, why, and who did it."""

from datetime import datetime
from typing import Any, cast

from flask import url_for
from sqlalchemy import func, select

from app.accounts.models import User
from app.catalog import queries as catalog
from app.catalog.models import Product
from app.core.db import db
from app.core.pages import (
    Asked,
    Choice,
    Column,
    Cursor,
    Day,
    Link,
    ListPage,
    Nothing,
    Reference,
    Search,
    Text,
)
from app.stock import queries
from app.stock.documents import with_documents
from app.stock.models import REASONS, Movement
from app.stock.views.movements import bp

MOST_PRODUCTS = 200  # of a search; whoever means one of them types more letters
MOST_PEOPLE = 200


def _movements(asked: Asked) -> Any:
    """Read the filters; None if one of them can match nothing."""
    product_ids = _products(asked["search"]) if asked["search"] else None
    location_ids = _locations(asked["location"]) if asked["location"] else None
    if () in (product_ids, location_ids):
        return None
    wanted = queries.MovementFilter(
        product_ids=product_ids,
        location_ids=location_ids,
        reason=asked["reason"],
        actor_id=asked["person"],
        since=asked.begin_of("since"),
        until=asked.end_of("until"),
        before=cast("tuple[datetime, int] | None", asked.before),
    )
    return queries.movements(wanted, limit=asked.limit or 1)


def _products(search: str) -> tuple[int, ...]:
    """Products a search finds; the one whose SKU it is, if there is one."""
    exact = db.session.scalar(select(func.product_with_sku(search)))
    if exact is not None:
        return (exact,)
    found = catalog.products(search=search).with_only_columns(Product.id)
    return tuple(db.session.scalars(found.limit(MOST_PRODUCTS)))


def _locations(code: str) -> tuple[int, ...]:
    """The location and all that lies in it."""
    place = db.session.scalar(queries.locations_found(code))
    return tuple(db.session.scalars(queries.below(place))) if place else ()


def _people() -> list[tuple[int, str]]:
    people = select(User.id, User.name).order_by(User.name, User.id).limit(MOST_PEOPLE)
    return [(row.id, row.name) for row in db.session.execute(people)]


def _name(user_id: int) -> str:
    return str(db.session.get(User, user_id) or "")


CURSOR = Cursor(columns=(Movement.occurred_at, Movement.id), is_whole=False)

MOVEMENTS = ListPage(
    name="movements",
    title="Movements",
    permission="stock.view",
    query=_movements,
    is_joined=True,
    cursor=CURSOR,
    href=lambda row: url_for("stock.show", product_id=row[0].product_id),
    css="tight",
    filters=(
        Search(label="SKU, name or barcode"),
        Text(name="location", label="Location", chip="Location: {}"),
        Choice(name="reason", label="Reason", options=REASONS, everything="All reasons"),
        Reference(
            name="person",
            label="Person",
            options=_people,
            everything="Everybody",
            shows=_name,
            chip="Person: {}",
        ),
        Day(name="since", label="From", chip="From: {}"),
        Day(name="until", label="To", chip="To: {}"),
    ),
    prepare=with_documents,
    columns=(
        Column(
            name="when",
            title="When",
            kind="cell",
            cell="stock/movements/_cells.html:when",
            value="Movement.occurred_at",
            place="meta",
            is_required=True,
        ),
        Column(
            name="product",
            title="Product",
            kind="cell",
            cell="stock/movements/_cells.html:product",
            value="Movement.product.sku",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="route",
            title="From → To",
            kind="cell",
            cell="stock/movements/_cells.html:route",
            value=lambda row: f"{row[0].from_location.code} → {row[0].to_location.code}",
            place="meta",
        ),
        Column(
            name="quantity",
            title="Quantity",
            kind="cell",
            cell="stock/movements/_cells.html:quantity",
            value="Movement.quantity",
            place="num figure",
        ),
        Column(
            name="change",
            title="Change",
            kind="quantity",
            value="change",
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="balance",
            title="On hand after",
            kind="quantity",
            value="balance",
            adds=(queries.balance_after().label("balance"),),
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="reason",
            title="Reason",
            kind="cell",
            cell="stock/movements/_cells.html:reason",
            value="Movement.reason_label",
            place="status",
        ),
        Column(
            name="document",
            title="Document",
            kind="cell",
            cell="stock/movements/_cells.html:document",
            value="document",
            place="wide desk",
        ),
        Column(
            name="note",
            title="Note",
            value="Movement.note",
            place="wide desk wrap",
        ),
        Column(
            name="person",
            title="Person",
            value=lambda row: row[0].actor.name if row[0].actor else "system",
            place="wide desk",
        ),
        Column(
            name="actions",
            title="Actions",
            kind="cell",
            cell="stock/movements/_cells.html:undo",
            place="action",
            is_unseen=True,
            is_exported=False,
        ),
    ),
    links=(
        Link(
            label="Move goods",
            endpoint="transfers.new",
            permission="stock.transfer",
            icon="arrows",
        ),
    ),
    events=("stock:changed",),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another filter.",
        action="Show everything",
    ),
    nothing=Nothing(
        title="No movements yet.",
        advice="Whatever is received, moved or shipped stands here from then on.",
        icon="arrows",
    ),
)

MOVEMENTS.add_to(bp)
