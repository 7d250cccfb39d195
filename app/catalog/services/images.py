"""The picture of a product."""

from app.catalog import queries
from app.catalog.events import ProductChanged
from app.catalog.models import Product
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.files import StoredFile, store_file

LARGEST_IMAGE = 5 * 1024**2

# The first bytes say what a file is: its name and its sender's word prove nothing.
SIGNATURES = {
    "image/png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": lambda content: content.startswith(b"\xff\xd8\xff"),
    "image/webp": lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP",
}


def set_image(product_id: int, *, image: bytes) -> Product:
    """Give a product a picture, in place of the one it had.

    Raises:
        Invalid: It is no PNG, JPEG or WebP, or larger than 5 MB.
    """
    if len(image) > LARGEST_IMAGE:
        raise Invalid("image", "A picture may have 5 MB at most.")
    content_type = _content_type(image)
    if content_type is None:
        raise Invalid("image", "This is no PNG, JPEG or WebP picture.")
    with transaction():
        name = f"product-{product_id}.{content_type.removeprefix('image/')}"
        file = store_file(
            name, image, content_type=content_type, permission="products.view", keep_days=None
        )
        return _replace_image(product_id, file.id)


def remove_image(product_id: int) -> Product:
    """Take the picture away from a product."""
    return _replace_image(product_id, None)


def _replace_image(product_id: int, image_id: int | None) -> Product:
    with transaction() as session:
        product = session.scalars(locked(queries.product(product_id), Product)).one()
        old = session.get(StoredFile, product.image_id) if product.image_id else None
        product.revise(version=None, image_id=image_id)
        session.flush()
        if old:
            session.delete(old)
        publish(ProductChanged(product_id=product.id))
    return product


def _content_type(image: bytes) -> str | None:
    kinds = (kind for kind, is_kind in SIGNATURES.items() if is_kind(image))
    return next(kinds, None)
