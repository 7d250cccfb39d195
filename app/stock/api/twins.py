"""Codes that two records have, for programs: a person or a program tells them apart."""

import marshmallow as ma

from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.stock import services
from app.stock.api.blueprint import bp
from app.stock.services.twins import Twin

PERMISSION = "products.edit"


class CodeTwinSchema(ma.Schema):
    """A code that another record has too."""

    kind = ma.fields.Str(metadata={"description": "What is twice: SKU, Barcode, ..."})
    code = ma.fields.Str()
    owner = ma.fields.Str(metadata={"description": "Whose it is, for a person"})
    record = ma.fields.Str(validate=ma.validate.OneOf(("product", "location")))
    id = ma.fields.Int(metadata={"description": "Of the product or location"})


class CodeTwinsSchema(ma.Schema):
    """All there are, at most 500; what has one code stands side by side."""

    items = ma.fields.List(ma.fields.Nested(CodeTwinSchema), required=True)


@bp.get("/twins")
@requires(PERMISSION)
@bp.response(200, CodeTwinsSchema)
def list_twins() -> dict[str, list[Twin]]:
    """List codes that are there twice: change all but one, of the product or location."""
    return {"items": services.twins()}


@bp.post("/twins/settle")
@requires(PERMISSION)
@idempotent
@bp.response(200, CodeTwinsSchema)
def settle_twins() -> dict[str, list[Twin]]:
    """Forget those that were told apart, and close the alert if none is left."""
    services.check_twins()
    return {"items": services.twins()}
