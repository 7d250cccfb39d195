"""Sales for programs: what they come to, their lines, imports, rates, rules and codes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma
from flask import url_for
from flask_smorest.fields import Upload
from sqlalchemy import select

from app.catalog.api.fields import Number
from app.core.api import Blueprint, Sort, asked_version, page_of, page_schema, sorted_query
from app.core.db import db
from app.core.errors import Invalid
from app.core.idempotency import idempotent
from app.core.jobs import JobRun
from app.core.pages.asked import read
from app.core.permissions import requires
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.schemas import for_changes, for_new
from app.core.settings import setting
from app.core.web import one_or_404
from app.imports import services as imports
from app.imports.api import StartedSchema
from app.imports.definition import Importer, importers
from app.imports.models import STAGES, ImportRun
from app.imports.queries import import_run, import_runs
from app.sales import queries
from app.sales.exploring import ROWS, Pivot, PivotRow, explore
from app.sales.filters import FILTERS, KIND_CHOICES, NARROWING, wanted_of
from app.sales.jobs import classify_sales, value_sales
from app.sales.models import KINDS, SIGNS, SalesItem, SalesParty, SalesRule
from app.sales.services import matching, rates, rules
from app.sales.tables import sales_line

IMPORT_SORTS = {"id": ImportRun.id}
ITEM_SORTS = {"id": SalesItem.id}
PARTY_SORTS = {"id": SalesParty.id}
RULE_SORTS = {"id": SalesRule.id, "position": SalesRule.position}
LINE_SORTS = {"fingerprint": sales_line.c.fingerprint, "sold_on": sales_line.c.sold_on}

history = Blueprint(
    "sales_history_api",
    __name__,
    url_prefix="/api/v1/sales-history",
    description="What was sold, added up as asked, and the lines behind it",
)
salesdata = Blueprint(
    "salesdata_api",
    __name__,
    url_prefix="/api/v1/salesdata",
    description="Imports of sales, and what codes of their sources mean",
)
sales_rules = Blueprint(
    "sales_rules_api",
    __name__,
    url_prefix="/api/v1/sales-rules",
    description="Which lines of sales are returns, services and so on",
)
exchange_rates = Blueprint(
    "exchange_rates_api",
    __name__,
    url_prefix="/api/v1/exchange-rates",
    description="What one euro was worth, by day",
)


class NarrowingQuery(ma.Schema):
    """Filters of sales. Without a period it is the last twelve months of sales."""

    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)
    country = ma.fields.Str(
        load_default="",
        metadata={"description": "ISO 3166-1, or as the source wrote it; - none"},
    )
    customer = ma.fields.Str(
        load_default="", metadata={"description": "Code, ours or a source's; - for none"}
    )
    product = ma.fields.Str(
        load_default="", metadata={"description": "SKU, or the code of a source"}
    )
    category = ma.fields.Str(load_default="")
    rep = ma.fields.Str(load_default="", metadata={"description": "- for none"})
    source = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    kind = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *KIND_CHOICES]))


class HistoryQuery(NarrowingQuery):
    """Filters, and by what to add up."""

    group_by = ma.fields.Str(load_default="month", validate=ma.validate.OneOf([*ROWS]))
    across = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *queries.TIMES]))
    beside = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", "year"]),
        metadata={"description": "year: with the same days of the year before"},
    )
    measure = ma.fields.Str(
        load_default="value", validate=ma.validate.OneOf(["value", "quantity", "lines"])
    )


class Figure(Number):
    """A figure, which may be below zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=MONEY_DECIMALS, **kwargs)


class HistoryRowSchema(ma.Schema):
    """What one group comes to."""

    key = ma.fields.Str(metadata={"description": "Stable; of time, its first day"})
    label = ma.fields.Str()
    detail = ma.fields.Str(metadata={"description": "Name of a product or a customer"})
    total = Figure()
    is_known = ma.fields.Bool(
        metadata={"description": "False: no line of it has an exchange rate"}
    )
    before = Figure(allow_none=True, metadata={"description": "A year earlier"})
    share = Figure(allow_none=True, metadata={"description": "Of all, of 1"})
    rank = ma.fields.Str(metadata={"description": "A, B or C; empty of time"})
    cells = ma.fields.Dict(
        keys=ma.fields.Str(), values=Figure(), metadata={"description": "By column"}
    )


class HistorySchema(ma.Schema):
    """Sales added up."""

    since = ma.fields.Date(data_key="from")
    until = ma.fields.Date(data_key="to")
    group_by = ma.fields.Str()
    measure = ma.fields.Str()
    currency = ma.fields.Str(metadata={"description": "Of values: the company's"})
    columns = ma.fields.List(ma.fields.Str())
    rows = ma.fields.List(ma.fields.Nested(HistoryRowSchema))
    total = Figure()
    before = Figure(allow_none=True)
    unvalued = ma.fields.Int(
        metadata={"description": "Lines without an exchange rate: they are in no value"}
    )


class SalesLineSchema(ma.Schema):
    """A line of sales."""

    sold_on = ma.fields.Date()
    document = ma.fields.Str()
    source = ma.fields.Str()
    product = ma.fields.Str()
    description = ma.fields.Str()
    customer = ma.fields.Str()
    customer_name = ma.fields.Str()
    country = ma.fields.Str()
    rep = ma.fields.Str()
    quantity = Number(decimals=QUANTITY_DECIMALS)
    unit_price = Figure()
    amount = Figure()
    currency = ma.fields.Str()
    value = Figure(allow_none=True, metadata={"description": "In the company's currency"})
    kind = ma.fields.Str(validate=ma.validate.OneOf([*KINDS]))


class LinesQuery(NarrowingQuery):
    """Filters of lines, and which part of them."""

    page = ma.fields.Int(load_default=1, validate=ma.validate.Range(min=1, max=10**7))
    per_page = ma.fields.Int(load_default=50, validate=ma.validate.Range(min=1, max=200))
    sort = Sort(LINE_SORTS, "sold_on")
    q = ma.fields.Str(
        load_default="", metadata={"description": "Document, code or description"}
    )


class SalesImportSchema(ma.Schema):
    """An import of sales."""

    id = ma.fields.Int()
    file_name = ma.fields.Str()
    stage = ma.fields.Str(validate=ma.validate.OneOf([*STAGES]))
    profile = ma.fields.Str()
    actor = ma.fields.Str()
    created_at = ma.fields.DateTime()
    result = ma.fields.Raw(
        allow_none=True, metadata={"type": "object", "description": "As the job says it"}
    )


class UndoneSchema(ma.Schema):
    """What was taken back."""

    lines = ma.fields.Int()


class SalesCodeSchema(ma.Schema):
    """A code of a source that is none of ours."""

    id = ma.fields.Int()
    source_id = ma.fields.Int()
    code = ma.fields.Str()
    name = ma.fields.Str()


class SalesItemSchema(SalesCodeSchema):
    """A code of a product."""

    product_id = ma.fields.Int(allow_none=True)


class SalesPartySchema(SalesCodeSchema):
    """A code of a customer."""

    customer_id = ma.fields.Int(allow_none=True)


class MeantProductSchema(ma.Schema):
    """Which product a code means."""

    product_id = ma.fields.Int(required=True, strict=True)


class MeantCustomerSchema(ma.Schema):
    """Which customer a code means."""

    customer_id = ma.fields.Int(required=True, strict=True)


class SalesRuleSchema(ma.Schema):
    """A rule. Patterns are codes parted by commas; * stands for anything."""

    id = ma.fields.Int(dump_only=True)
    position = ma.fields.Int(
        required=True, strict=True, validate=ma.validate.Range(min=1, max=10_000)
    )
    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf([*KINDS]))
    product = ma.fields.Str(validate=ma.validate.Length(max=1000))
    document = ma.fields.Str(validate=ma.validate.Length(max=1000))
    description = ma.fields.Str(validate=ma.validate.Length(max=1000))
    sign = ma.fields.Str(validate=ma.validate.OneOf([*SIGNS]))
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class RateSchema(ma.Schema):
    """The newest rate of a currency."""

    currency = ma.fields.Str()
    rate = Number(decimals=8)
    first = ma.fields.Date()
    last = ma.fields.Date()
    days = ma.fields.Int()


class RatesFileSchema(ma.Schema):
    """The file."""

    file = Upload(required=True, metadata={"description": "eurofxref-hist.zip or .csv"})


class RatesCountSchema(ma.Schema):
    """How many rates are new or were corrected."""

    rates = ma.fields.Int()


def _asked(query: Mapping[str, Any]) -> dict[str, str]:
    """Read filters of a call as those of the page are read.

    Raises:
        Invalid: Sales are asked for that end before they begin.
    """
    since, until = query["since"], query["until"]
    if since and until and since > until:
        raise Invalid("to", "The period ends before it begins.")
    texts = {
        name: query[name] for name in ("country", "customer", "product", "category", "rep")
    }
    texts |= {"kind": query["kind"], "source": str(query["source"] or "")}
    texts |= {"from": _day(since), "to": _day(until)}
    texts |= {name: query.get(name, "") for name in ("across", "beside", "measure")}
    return {**texts, "rows": query.get("group_by", "month")}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


@history.get("")
@requires("sales.view")
@history.arguments(HistoryQuery, location="query")
@history.response(200, HistorySchema)
def show_history(query: dict[str, Any]) -> dict[str, Any]:
    """Add sales up by a product, a customer, a month and so on."""
    return _shown(explore(wanted_of(read(FILTERS, _asked(query)))))


def _shown(pivot: Pivot) -> dict[str, Any]:
    wanted = pivot.wanted
    return {
        "since": wanted.since,
        "until": wanted.until,
        "group_by": wanted.rows,
        "measure": wanted.measure,
        "currency": setting("currency"),
        "columns": pivot.columns,
        "rows": [*map(_row, pivot.rows)],
        "total": pivot.total,
        "before": pivot.before,
        "unvalued": pivot.unvalued,
    }


def _row(row: PivotRow) -> PivotRow:
    if row.share is not None:
        row.share = round(row.share, MONEY_DECIMALS)
    return row


@history.get("/lines")
@requires("sales.view")
@history.arguments(LinesQuery, location="query")
@history.response(200, page_schema(SalesLineSchema))
def list_lines(query: dict[str, Any]) -> dict[str, Any]:
    """List lines of sales, the oldest first."""
    wanted = wanted_of(read(NARROWING, _asked(query)))
    found = queries.sales_lines(wanted, search=query["q"])
    paging = {name: query[name] for name in ("page", "per_page", "sort")}
    return page_of(found, paging, sorts=LINE_SORTS, rows=True)


@salesdata.get("/imports")
@requires("sales.import")
@salesdata.arguments(sorted_query(IMPORT_SORTS), location="query")
@salesdata.response(200, page_schema(SalesImportSchema))
def list_imports(query: dict[str, Any]) -> dict[str, Any]:
    """List imports of sales."""
    return page_of(import_runs(_importer()), query, sorts=IMPORT_SORTS)


@salesdata.post("/imports/<int:import_id>/reversal")
@requires("sales.import")
@idempotent
@salesdata.response(200, UndoneSchema)
@salesdata.alt_response(409, description="It is not applied, or another import stands on it")
def undo_import(import_id: int) -> dict[str, Any]:
    """Take back all lines that an import has brought."""
    return {"lines": imports.undo(one_or_404(import_run(import_id, _importer())))}


@salesdata.get("/unknown-products")
@requires("sales.manage")
@salesdata.arguments(sorted_query(ITEM_SORTS), location="query")
@salesdata.response(200, page_schema(SalesItemSchema))
def list_unknown_products(query: dict[str, Any]) -> dict[str, Any]:
    """List codes that are no product of ours yet."""
    return page_of(queries.unknown_items(), query, sorts=ITEM_SORTS)


@salesdata.post("/unknown-products/<int:item_id>/assignment")
@requires("sales.manage")
@idempotent
@salesdata.arguments(MeantProductSchema)
@salesdata.response(200, SalesItemSchema)
def assign_product(given: dict[str, Any], item_id: int) -> SalesItem:
    """Say which product a source means by a code."""
    one_or_404(select(SalesItem).where(SalesItem.id == item_id))
    return matching.assign_product(item_id, **given)


@salesdata.get("/unknown-customers")
@requires("sales.manage")
@salesdata.arguments(sorted_query(PARTY_SORTS), location="query")
@salesdata.response(200, page_schema(SalesPartySchema))
def list_unknown_customers(query: dict[str, Any]) -> dict[str, Any]:
    """List codes that are no customer of ours yet."""
    return page_of(queries.unknown_parties(), query, sorts=PARTY_SORTS)


@salesdata.post("/unknown-customers/<int:party_id>/assignment")
@requires("sales.manage")
@idempotent
@salesdata.arguments(MeantCustomerSchema)
@salesdata.response(200, SalesPartySchema)
def assign_customer(given: dict[str, Any], party_id: int) -> SalesParty:
    """Say which customer a source means by a code."""
    one_or_404(select(SalesParty).where(SalesParty.id == party_id))
    return matching.assign_customer(party_id, **given)


@sales_rules.get("")
@requires("sales.view")
@sales_rules.arguments(sorted_query(RULE_SORTS, "position"), location="query")
@sales_rules.response(200, page_schema(SalesRuleSchema))
def list_rules(query: dict[str, Any]) -> dict[str, Any]:
    """List the rules in the order in which they are asked."""
    return page_of(rules.sales_rules(), query, sorts=RULE_SORTS)


@sales_rules.post("")
@requires("sales.manage")
@idempotent
@sales_rules.arguments(for_new(SalesRuleSchema))
@sales_rules.response(201, SalesRuleSchema)
def create_rule(given: dict[str, Any]) -> Any:
    """Add a rule. Lines that are there keep their kinds until they are sorted again."""
    rule = rules.add_rule(**given)
    return rule, 201, {"Location": url_for(".show_rule", rule_id=rule.id)}


@sales_rules.get("/<int:rule_id>")
@requires("sales.view")
@sales_rules.response(200, SalesRuleSchema)
def show_rule(rule_id: int) -> SalesRule:
    """Show a rule."""
    return one_or_404(select(SalesRule).where(SalesRule.id == rule_id))


@sales_rules.put("/<int:rule_id>")
@requires("sales.manage")
@idempotent
@sales_rules.arguments(for_changes(SalesRuleSchema))
@sales_rules.response(200, SalesRuleSchema)
@sales_rules.alt_response(409, description="Stale version")
def update_rule(changes: dict[str, Any], rule_id: int) -> SalesRule:
    """Change a rule; what is not named stays."""
    one_or_404(select(SalesRule).where(SalesRule.id == rule_id))
    return rules.change_rule(rule_id, version=asked_version(changes), **changes)


@sales_rules.delete("/<int:rule_id>")
@requires("sales.manage")
@idempotent
@sales_rules.response(204)
def delete_rule(rule_id: int) -> None:
    """Take a rule out."""
    one_or_404(select(SalesRule).where(SalesRule.id == rule_id))
    rules.delete_rule(rule_id)


@sales_rules.post("/classifications")
@requires("sales.manage")
@idempotent
@sales_rules.response(202, StartedSchema)
def classify() -> dict[str, Any]:
    """Give every line the kind that the rules say, in the background."""
    return _started(classify_sales.enqueue())


@exchange_rates.get("")
@requires("sales.view")
@exchange_rates.response(200, RateSchema(many=True))
def list_rates() -> list[Any]:
    """List the newest rate of each currency."""
    return [*db.session.execute(rates.latest_rates())]


@exchange_rates.post("/import")
@requires("sales.import")
@idempotent
@exchange_rates.arguments(RatesFileSchema, location="files")
@exchange_rates.response(200, RatesCountSchema)
def import_rates(files: dict[str, Any]) -> dict[str, Any]:
    """Take the rates of a file of the European Central Bank; lines without one are valued."""
    return {"rates": rates.import_rates(files["file"].read())}


@exchange_rates.post("/valuations")
@requires("sales.import")
@idempotent
@exchange_rates.response(202, StartedSchema)
def value_all() -> dict[str, Any]:
    """Value every line by the rates of today, in the background."""
    return _started(value_sales.enqueue())


def _started(run: JobRun) -> dict[str, Any]:
    return {"job_id": run.id, "status_url": url_for("jobs_api.show", run_id=run.id)}


def _importer() -> dict[str, Importer]:
    return {"sales": importers()["sales"]}
