"""The matrix: who forecasts which customers and products."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.catalog.models import Customer, Product
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Column,
    ListPage,
    Nothing,
    RecordPage,
    Reference,
    Resource,
    Search,
)
from app.planning import queries, services
from app.planning.access import MANAGE, own_only
from app.planning.forms import AssignForm, RowForm
from app.planning.models import METHODS, Cycle, ScopeRow
from app.planning.services.row_history import row_history
from app.planning.views.cycles import CYCLE

bp = Blueprint("planning_rows", __name__, url_prefix="/planning")


def _rows(asked: Asked) -> Select[Any]:
    own = own_only()
    rep = own if own is not None else asked["rep"]
    return queries.rows(asked.about["cycle_id"], search=asked["search"], rep_id=rep)


ROWS = ListPage(
    name="planning_rows",
    title="Matrix",
    subtitle="Who forecasts which customers and products. From opening on it stays.",
    permission="forecasts.view",
    query=_rows,
    key=ScopeRow.id,
    sort="customer",
    href=lambda row: url_for("planning_rows.show", row_id=row.id),
    filters=(
        Search(label="Customer or product"),
        Reference(name="rep", label="Rep", chip="Rep {}"),
    ),
    crumbs=lambda about: [
        ("Forecasts", url_for("cycles.index")),
        ("Cycle", url_for("cycles.show", cycle_id=about["cycle_id"])),
    ],
    columns=(
        Column(
            name="customer",
            title="Customer",
            value="customer.name",
            sort=Customer.name,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="sku",
            title="SKU",
            kind="code",
            value="product.sku",
            sort=Product.sku,
            place="code",
        ),
        Column(name="product", title="Product", value="product.name", place="wrap"),
        Column(name="rep", title="Rep", value="user.name", place="meta"),
    ),
    events=("rows:changed",),
    nouns=("row", "rows"),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another name.", action="Show all rows"
    ),
    nothing=Nothing(
        title="No rows yet.",
        advice="Fill the matrix from sales, or add rows, on the cycle's page.",
        icon="list",
    ),
)
ROWS.add_to(bp, "/cycles/<int:cycle_id>/rows")


def _row(row_id: int) -> Select[Any]:
    found, own = queries.row(row_id), own_only()
    return found if own is None else found.where(ScopeRow.user_id == own)


ROW = Resource(
    name="row",
    area="planning_rows",
    query=_row,
    rule="/rows/<int:row_id>",
    keys={"row_id": "id"},
    event="rows:changed",
)


def _index(row: ScopeRow) -> str:
    return url_for("planning_rows.index", cycle_id=row.cycle_id)


def _add(cycle_id: int, **values: Any) -> ScopeRow:
    return services.add_row(cycle_id, **values)


def _offer(form: AssignForm, record: Cycle | ScopeRow) -> None:
    cycle_id = record.id if isinstance(record, Cycle) else record.cycle_id
    form.offer_reps(db.session.scalars(queries.cycle(cycle_id)).one())


def _is_draft(row: ScopeRow) -> bool:
    return row.cycle.is_draft


_verb = partial(Action, permission=MANAGE, leaves=True)
# A row is added at its cycle, whose address it therefore begins with.
add = _verb(
    resource=Resource(
        name="cycle",
        area="planning_rows",
        query=CYCLE.query,
        rule="/cycles/<int:cycle_id>",
        keys={"cycle_id": "id"},
        shown_at="index",
    ),
    name="create",
    path="/rows",
    title="Add a row",
    submit="Add",
    form=RowForm,
    offer=_offer,
    fields="planning/rows/_fields.html",
    act=_add,
    done="The row is added.",
    icon="plus",
    when=lambda cycle: cycle.is_draft,
)
assign = _verb(
    resource=ROW,
    name="create_assignment",
    path="/assignments",
    title="Give to another rep",
    submit="Give",
    form=AssignForm,
    offer=_offer,
    act=services.assign_row,
    to=_index,
    done="The row has another rep.",
    icon="user",
    when=_is_draft,
)
remove = _verb(
    resource=ROW,
    name="remove",
    path="/delete",
    title="Remove",
    question=lambda row: f"Let nobody forecast {row.product.name} for {row.customer.name}?",
    act=services.remove_row,
    to=_index,
    done="The row is removed.",
    kind="danger",
    icon="trash",
    when=_is_draft,
)
for action in (add, assign, remove):
    action.add_to(bp)


def _context(row: ScopeRow) -> dict[str, Any]:
    return {"told": row_history(row), "methods": METHODS}


row_page = RecordPage(
    resource=ROW,
    permission="forecasts.view",
    heading=lambda row: f"{row.product.name} for {row.customer.name}",
    crumbs=lambda row: [
        (f"Forecast of {row.cycle}", url_for("cycles.show", cycle_id=row.cycle_id)),
        ("Matrix", _index(row)),
    ],
    buttons=(assign, remove),
    body="planning/rows/_row.html",
    context=_context,
    has_history=False,
)
row_page.add_to(bp)
