"""The picture of a product, as a resource of its own."""

from io import BytesIO

from flask import Blueprint, abort, request, send_file
from werkzeug import Response

from app.catalog import queries
from app.core.db import db
from app.core.files import StoredFile
from app.core.permissions import requires
from app.core.web import one_or_404

bp = Blueprint("product_images", __name__, url_prefix="/products/<int:product_id>/image")

A_YEAR = 365 * 24 * 3600  # seconds; another picture has another address


@bp.get("")
@requires("products.view")
def show(product_id: int) -> Response:
    """Send the picture. Its type was found in its content, and no browser guesses another."""
    product = one_or_404(queries.product(product_id))
    file = db.session.get(StoredFile, product.image_id) if product.image_id else None
    if file is None:
        abort(404)
    response = send_file(BytesIO(file.content), mimetype=file.content_type, etag=file.sha256)
    if request.args.get("v") == str(file.id):
        response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response
