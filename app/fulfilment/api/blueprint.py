"""Where the calls of pick & pack are. `/api/v1/magento` is their older address."""

from typing import Any

from app.core.api import AliasedBlueprint

Answer = dict[str, Any]

bp = AliasedBlueprint(
    "fulfilment_api",
    __name__,
    url_prefix="/api/v1/fulfilment",
    alias="/api/v1/magento",
    description="Pick & pack",
)
