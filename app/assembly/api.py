"""Builds for programs."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import marshmallow as ma

from app.assembly import queries, services
from app.assembly.models import Build
from app.catalog import queries as catalog
from app.catalog.api.fields import Cost, Number
from app.catalog.building import Buildable
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db, retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.quantities import QUANTITY_DECIMALS
from app.core.web import one_or_404
from app.stock.services import LotDraft

bp = Blueprint(
    "builds_api", __name__, url_prefix="/api/v1/builds", description="Products built"
)
VIEW, BUILD = "assembly.view", "assembly.build"


class Quantity(Number):
    """A quantity of zero or more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=QUANTITY_DECIMALS, **kwargs)


class NewBuildSchema(ma.Schema):
    """What is built. Without a location it is put at its home, or the default location."""

    sku = ma.fields.Str(validate=ma.validate.Length(min=1))
    product_id = ma.fields.Int(strict=True)
    quantity = Quantity(required=True)
    scrapped = Quantity(
        load_default=Decimal(0),
        metadata={"description": "What went wrong besides: it takes components too"},
    )
    location = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    lot = ma.fields.Str(
        load_default="",
        validate=ma.validate.Length(max=20_000),
        metadata={"description": "Of what is tracked; serial numbers are parted by blanks"},
    )
    expires_on = ma.fields.Date(load_default=None, allow_none=True)
    note = ma.fields.Str(load_default="", validate=ma.validate.Length(max=500))

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if sum(name in body for name in ("sku", "product_id")) != 1:
            raise ma.ValidationError("Give one of sku and product_id.", "sku")


class MovedSchema(ma.Schema):
    """What went into it, and what came of it, last."""

    sku = ma.fields.Str(attribute="product.sku")
    lot = ma.fields.Str(attribute="lot.code", allow_none=True)
    quantity = Quantity()
    source = ma.fields.Str(attribute="from_location.code", data_key="from")
    destination = ma.fields.Str(attribute="to_location.code", data_key="to")


class BuildSchema(ma.Schema):
    """A build: components went into a product, in one posting."""

    id = ma.fields.Int()
    number = ma.fields.Str()
    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    quantity = Quantity()
    scrapped = Quantity()
    location = ma.fields.Str(attribute="location.code")
    value = Cost()
    note = ma.fields.Str()
    posting_id = ma.fields.Int()
    built_at = ma.fields.DateTime(attribute="created_at")
    undone_at = ma.fields.DateTime(allow_none=True)


class WholeBuildSchema(BuildSchema):
    """A build with what it moved."""

    movements = ma.fields.List(ma.fields.Nested(MovedSchema))


class BuildQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "Number, SKU or name"})
    product_id = ma.fields.Int(load_default=None)


class BuildableSchema(ma.Schema):
    """How many pieces of a product could be built of what is available now."""

    at_once = Quantity(metadata={"description": "Of components that lie there"})
    in_steps = Quantity(metadata={"description": "If assemblies below it are built first"})
    with_substitutes = ma.fields.Bool(
        metadata={"description": "Some of these take what may stand for a component"}
    )


class ShownBuild:
    """A build with what it moved, as one thing to show."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.movements = db.session.scalars(queries.movements_of(build)).all()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.build, name)


@bp.get("")
@requires(VIEW)
@bp.arguments(BuildQuery, location="query")
@bp.response(200, page_schema(BuildSchema))
def list_builds(query: dict[str, Any]) -> dict[str, Any]:
    """List what was built, by `sort=number`."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.builds(search=query.pop("q"), **query)
    return page_of(found, paging, sorts=queries.SORTS)


@bp.post("")
@requires(BUILD)
@retried
@idempotent
@bp.arguments(NewBuildSchema)
@bp.response(201, WholeBuildSchema)
@bp.alt_response(409, description="There are not enough components (missing_components)")
def create_build(body: dict[str, Any]) -> ShownBuild:
    """Build a product of its components, which are taken from the same warehouse."""
    product_id = body.get("product_id") or services.find_assembly(body["sku"])
    build = services.build_product(
        product_id,
        quantity=body["quantity"],
        scrapped=body["scrapped"],
        location_id=services.place_for(product_id, body["location"]),
        key=f"api:build:{uuid4()}",
        note=body["note"],
        lot=LotDraft(body["lot"], body["expires_on"]),
    )
    return _shown(build.id)


@bp.get("/possible/<int:product_id>")
@requires(VIEW)
@bp.response(200, BuildableSchema)
def get_buildable(product_id: int) -> Buildable:
    """Say how many pieces of a product could be built of what is available now."""
    one_or_404(catalog.product(product_id))
    return services.buildable(product_id)


@bp.get("/<int:build_id>")
@requires(VIEW)
@bp.response(200, WholeBuildSchema)
def get_build(build_id: int) -> ShownBuild:
    """Show what was built, and of what."""
    return _shown(build_id)


@bp.post("/<int:build_id>/reversal")
@requires(BUILD)
@retried
@idempotent
@bp.response(200, WholeBuildSchema)
@bp.alt_response(409, description="Undone already, or what was built has gone")
def undo_build(build_id: int) -> ShownBuild:
    """Undo a build: its components lie where they were taken."""
    one_or_404(queries.build(build_id))
    services.undo_build(build_id)
    return _shown(build_id)


def _shown(build_id: int) -> ShownBuild:
    query = queries.build(build_id).execution_options(populate_existing=True)
    return ShownBuild(one_or_404(query))
