"""The picture of a product, as a resource of its own."""

from io import BytesIO

from flask import Blueprint, abort, request, send_file, url_for
from werkzeug import Response

from app.catalog import queries, services
from app.catalog.forms import ImageForm
from app.catalog.services.images import LARGEST_IMAGE
from app.core.db import db
from app.core.errors import DomainError
from app.core.files import StoredFile
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_saved

bp = Blueprint("product_images", __name__, url_prefix="/products/<int:product_id>/image")

A_YEAR = 365 * 24 * 3600  # seconds; another picture has another address
CHANGED = "product:changed"


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


@bp.get("/new")
@requires("products.edit")
def new(product_id: int) -> Response:
    """Ask for a picture."""
    return _form(product_id, ImageForm())


@bp.post("")
@requires("products.edit")
def create(product_id: int) -> Response:
    """Give a product a picture, in place of the one it had."""
    one_or_404(queries.product(product_id))
    form = ImageForm()
    if form.validate_on_submit():
        try:
            services.set_image(product_id, image=form.image.data.read(LARGEST_IMAGE + 1))
        except DomainError as error:
            form.refuse(error)
        else:
            return _saved(product_id, "Picture saved.")
    return _form(product_id, form, status=422)


@bp.post("/removal")
@requires("products.edit")
def remove(product_id: int) -> Response:
    """Take the picture away."""
    one_or_404(queries.product(product_id))
    services.remove_image(product_id)
    return _saved(product_id, "Picture removed.")


def _form(product_id: int, form: ImageForm, *, status: int = 200) -> Response:
    product = one_or_404(queries.product(product_id))
    template = "catalog/products/image.html"
    return render(template, fragment="form", status=status, form=form, product=product)


def _saved(product_id: int, message: str) -> Response:
    return respond_saved(
        url_for("products.show", product_id=product_id), message, event=CHANGED
    )
