"""A picture of the first page: the browser shows it without leave to run a PDF viewer."""

from io import BytesIO

LONG_SIDE = 1000  # pixels


def first_page(content: bytes) -> bytes:
    """Draw the first page of a PDF as PNG."""
    import pypdfium2  # noqa: PLC0415  (only where something is printed)

    document = pypdfium2.PdfDocument(content)
    try:
        page = document[0]
        picture = page.render(scale=LONG_SIDE / max(page.get_size())).to_pil()
    finally:
        document.close()
    png = BytesIO()
    picture.quantize(64).save(png, "PNG", optimize=True)
    return png.getvalue()
