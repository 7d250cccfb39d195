"""Discrepancies for programs, also by the names of the programs before ours."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import url_for

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.jobs.models import JobRun
from app.core.permissions import requires
from app.core.quantities import LARGEST_QUANTITY
from app.core.web import one_or_404
from app.integrations.hub.models import Connection
from app.integrations.sync import queries as sync
from app.invoices.api import Amount
from app.reconcile import jobs
from app.reconcile.discrepancies import explaining, queries, services
from app.reconcile.discrepancies.forms import LONGEST
from app.reconcile.discrepancies.models import STATES, Discrepancy, StockComparison
from app.stock.api.fields import Quantity

VIEW, MANAGE = "reconcile.view", "reconcile.manage"
bp = Blueprint(
    "discrepancies_api",
    __name__,
    url_prefix="/api/v1",
    description="Where our stock and that of marketplaces differ",
)


class CauseSchema(ma.Schema):
    """What may be behind so many pieces of a difference; 0: it is only told."""

    quantity = Quantity()
    said = ma.fields.Str()


class DiscrepancySchema(ma.Schema):
    """A product of which a marketplace has more or less than our books say."""

    id = ma.fields.Int()
    connection_id = ma.fields.Int()
    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    ours = Quantity(metadata={"description": "As of the snapshot"})
    theirs = Quantity()
    quantity = Quantity(metadata={"description": "Theirs less ours"})
    value = Amount(metadata={"description": "At our sale price"})
    currency = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf([*STATES]))
    note = ma.fields.Str()
    snapshot_at = ma.fields.AwareDateTime()
    first_seen_at = ma.fields.AwareDateTime()
    closed_at = ma.fields.AwareDateTime(allow_none=True)


DiscrepancyPageSchema = page_schema(DiscrepancySchema)  # one, for both calls that list them


class ExplainedDiscrepancySchema(DiscrepancySchema):
    """With what may be behind it, as both ledgers are now."""

    causes = ma.fields.List(ma.fields.Nested(CauseSchema))
    explained = Quantity(metadata={"description": "How much of it has a cause"})


class DiscrepancyQuery(PageQuery):
    """Filters of discrepancies; without a state, those that are not reconciled."""

    sort = Sort(queries.SORTS, default="-value")
    search = ma.fields.Str(load_default="")
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *STATES]))
    connection_id = ma.fields.Int(data_key="connection", load_default=None)
    direction = ma.fields.Str(
        load_default="", validate=ma.validate.OneOf(["", *queries.DIRECTIONS])
    )


class WhySchema(ma.Schema):
    """Why."""

    note = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=LONGEST))


class ComparisonSchema(ma.Schema):
    """Which location of ours stands for an account, and how the last comparison went."""

    connection_id = ma.fields.Int(dump_only=True)
    location = ma.fields.Str(
        required=True, attribute="location.code", metadata={"description": "Its code"}
    )
    tolerance = Quantity(
        load_default=Decimal(0),
        validate=ma.validate.Range(Decimal(0), Decimal(LARGEST_QUANTITY - 1)),
    )
    compared_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    snapshot_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    compared = ma.fields.Int(dump_only=True)
    differing = ma.fields.Int(dump_only=True)
    unknown_skus = ma.fields.Int(
        attribute="unknown",
        dump_only=True,
        metadata={"description": "SKUs there without a product of ours"},
    )
    untold_products = ma.fields.Int(
        attribute="untold",
        dump_only=True,
        metadata={"description": "Products of ours that they do not name"},
    )
    problem = ma.fields.Str(dump_only=True)


class DiscrepancySearchSchema(ma.Schema):
    """A job that was started."""

    job_id = ma.fields.Int()
    status_url = ma.fields.Str()


class StreamStatusSchema(ma.Schema):
    """How old what we know of an account is."""

    connection_id = ma.fields.Int()
    system = ma.fields.Str()
    account = ma.fields.Str()
    status = ma.fields.Str()
    last_synced_at = ma.fields.AwareDateTime(allow_none=True)
    stock_read_at = ma.fields.AwareDateTime(allow_none=True)
    problem = ma.fields.Str(allow_none=True)


@bp.get("/discrepancies")
@requires(VIEW)
@bp.arguments(DiscrepancyQuery, location="query")
@bp.response(200, DiscrepancyPageSchema)
def list_discrepancies(query: dict[str, Any]) -> dict[str, Any]:
    """List what differs, the largest value first."""
    return _listed(query)


@bp.get("/discrepancies/<int:discrepancy_id>")
@requires(VIEW)
@bp.response(200, ExplainedDiscrepancySchema)
def show_discrepancy(discrepancy_id: int) -> dict[str, Any]:
    """Show what differs, with what may be behind it."""
    one = one_or_404(queries.discrepancy(discrepancy_id))
    comparison = db.session.scalars(queries.comparison_of(one.connection_id)).one_or_none()
    causes = explaining.explain(one, comparison)
    told = {name: getattr(one, name) for name in DiscrepancySchema().fields if name != "sku"}
    return told | {
        "product": one.product, "causes": causes,
        "explained": explaining.explained(one, causes),
    }  # fmt: skip


@bp.post("/discrepancies/<int:discrepancy_id>/explain")
@requires(MANAGE)
@idempotent
@bp.arguments(WhySchema)
@bp.response(200, DiscrepancySchema)
def explain_discrepancy(given: dict[str, Any], discrepancy_id: int) -> Discrepancy:
    """Say why a product differs."""
    one_or_404(queries.discrepancy(discrepancy_id))
    services.explain_discrepancy(discrepancy_id, note=given["note"])
    return one_or_404(queries.discrepancy(discrepancy_id))


@bp.post("/discrepancies/<int:discrepancy_id>/dismiss")
@requires(MANAGE)
@idempotent
@bp.arguments(WhySchema)
@bp.response(200, DiscrepancySchema)
def dismiss_discrepancy(given: dict[str, Any], discrepancy_id: int) -> Discrepancy:
    """Say that nothing is to be done about a difference."""
    one_or_404(queries.discrepancy(discrepancy_id))
    services.dismiss_discrepancy(discrepancy_id, note=given["note"])
    return one_or_404(queries.discrepancy(discrepancy_id))


@bp.post("/discrepancies/<int:discrepancy_id>/reopen")
@requires(MANAGE)
@idempotent
@bp.response(200, DiscrepancySchema)
def reopen_discrepancy(discrepancy_id: int) -> Discrepancy:
    """Take back what was said of a difference."""
    one_or_404(queries.discrepancy(discrepancy_id))
    services.reopen_discrepancy(discrepancy_id)
    return one_or_404(queries.discrepancy(discrepancy_id))


@bp.get("/stock-comparisons")
@requires(VIEW)
@bp.response(200, ComparisonSchema(many=True))
def list_comparisons() -> Sequence[StockComparison]:
    """List which locations stand for which accounts."""
    return db.session.scalars(queries.comparisons()).all()


@bp.post("/stock-comparisons/<int:connection_id>")
@requires(MANAGE)
@idempotent
@bp.arguments(ComparisonSchema)
@bp.response(200, ComparisonSchema)
def compare_connection(given: dict[str, Any], connection_id: int) -> StockComparison:
    """Say which location of ours stands for an account."""
    one_or_404(queries.connection(connection_id))
    code, tolerance = given["location"]["code"], given["tolerance"]
    return services.set_comparison(connection_id, location=code, tolerance=tolerance)


@bp.post("/jobs/discrepancies")
@requires(MANAGE)
@idempotent
@bp.response(202, DiscrepancySearchSchema)
def create_discrepancy_search() -> dict[str, Any]:
    """Look for discrepancies now."""
    return _started(jobs.find_discrepancies.enqueue())


@bp.get("/sync/discrepancies")
@requires(VIEW)
@bp.arguments(DiscrepancyQuery, location="query")
@bp.response(200, DiscrepancyPageSchema)
def list_sync_discrepancies(query: dict[str, Any]) -> dict[str, Any]:
    """List what differs, as `GET discrepancies` does."""
    return _listed(query)


@bp.get("/sync/status")
@requires(VIEW)
@bp.response(200, StreamStatusSchema(many=True))
def list_sync_status() -> list[dict[str, Any]]:
    """Say how old what we know of each account is."""
    return _status()


@bp.get("/sync/status/<int:user_id>")
@requires(VIEW)
@bp.response(200, StreamStatusSchema(many=True))
def show_sync_status(user_id: int) -> list[dict[str, Any]]:  # noqa: ARG001
    """Say the same to programs that name a person: accounts are the company's."""
    return _status()


def _listed(query: dict[str, Any]) -> dict[str, Any]:
    names = ("search", "state", "connection_id", "direction")
    found = queries.discrepancies(**{name: query[name] for name in names})
    return page_of(found, query, sorts=queries.SORTS)


def _status() -> list[dict[str, Any]]:
    accounts = db.session.scalars(queries.accounts()).all()
    read = dict(db.session.execute(sync.read_at("stock", [one.id for one in accounts])).all())
    return [_status_of(one, read.get(one.id)) for one in accounts]


def _status_of(one: Connection, read_at: Any) -> dict[str, Any]:
    return {
        "connection_id": one.id, "system": one.system, "account": one.account,
        "status": one.status, "last_synced_at": one.last_synced_at, "stock_read_at": read_at,
        "problem": one.problem,
    }  # fmt: skip


def _started(run: JobRun) -> dict[str, Any]:
    return {"job_id": run.id, "status_url": url_for("jobs_api.show", run_id=run.id)}
