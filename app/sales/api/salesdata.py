"""Imports of sales for programs, and what codes of their sources mean."""

from typing import Any

import marshmallow as ma
from sqlalchemy import select

from app.core.api import Blueprint, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.imports import services as imports
from app.imports.definition import Importer, importers
from app.imports.models import STAGES, ImportRun
from app.imports.queries import import_run, import_runs
from app.sales import queries
from app.sales.models import SalesItem, SalesParty
from app.sales.services import matching

IMPORT_SORTS = {"id": ImportRun.id}
ITEM_SORTS = {"id": SalesItem.id}
PARTY_SORTS = {"id": SalesParty.id}


salesdata = Blueprint(
    "salesdata_api",
    __name__,
    url_prefix="/api/v1/salesdata",
    description="Imports of sales, and what codes of their sources mean",
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


def _importer() -> dict[str, Importer]:
    return {"sales": importers()["sales"]}
