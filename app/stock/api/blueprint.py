"""The blueprint that all calls of the inventory hang on."""

from app.core.api import AliasedBlueprint

bp = AliasedBlueprint(
    "inventory_api",
    __name__,
    url_prefix="/api/v1/inventory",
    alias="/api/inventory",
    description="Stock",
)
