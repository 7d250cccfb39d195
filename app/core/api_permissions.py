"""The permissions there are, for programs that make roles."""

from typing import Any

import marshmallow as ma

from app.core.api import Blueprint
from app.core.permissions import SIGNED_IN, catalogue, may, requires

bp = Blueprint(
    "permissions_api", __name__, url_prefix="/api/v1/permissions", description="Permissions"
)


class PermissionSchema(ma.Schema):
    """A permission: its name, what it allows, and whether the caller holds it."""

    name = ma.fields.Str(required=True)
    area = ma.fields.Str(required=True)
    label = ma.fields.Str(required=True)
    is_held = ma.fields.Bool(required=True)


class PermissionsSchema(ma.Schema):
    """All there are, in the order of the role editor."""

    items = ma.fields.List(ma.fields.Nested(PermissionSchema), required=True)


@bp.get("")
@requires(SIGNED_IN)
@bp.response(200, PermissionsSchema)
def list_permissions() -> dict[str, list[dict[str, Any]]]:
    """List what a role can hold."""
    items = [
        {
            "name": f"{area}.{verb}",
            "area": area,
            "label": label,
            "is_held": may(f"{area}.{verb}"),
        }
        for area, verbs in catalogue().items()
        for verb, label in verbs.items()
    ]
    return {"items": items}
