"""The blueprint that all calls of labels hang on."""

from app.core.api import Blueprint

bp = Blueprint(
    "labels_api",
    __name__,
    url_prefix="/api/v1/labels",
    description="Labels with barcodes, as PDF",
)
