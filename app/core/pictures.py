"""Pictures that people upload: read, turned upright, made small, and written anew.

What is kept is what we wrote: nothing of the file itself stays, not the place that a camera
noted in it, nor anything that only looks like a picture.
"""

from io import BytesIO

LARGEST_UPLOAD = 10 * 1024**2
MOST_PIXELS = 50_000_000  # a small file may say that it is as large as a town
FORMATS = ("PNG", "JPEG", "WEBP")
CONTENT_TYPE = "image/jpeg"
QUALITY = 85


def written_anew(content: bytes, *, side: int) -> bytes:
    """Give a picture as JPEG, at most so many pixels wide and high.

    Raises:
        ValueError: It is too large, or no PNG, JPEG or WebP that can be read.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  (only where somebody uploads one)

    if len(content) > LARGEST_UPLOAD:
        raise ValueError(f"A picture may have {LARGEST_UPLOAD // 1024**2} MB at most.")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("A picture may have 50 million pixels at most.")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side))
            flat = Image.new("RGB", upright.size, "white")
            seen = upright.convert("RGBA")
            flat.paste(seen, mask=seen)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("This is no PNG, JPEG or WebP picture that can be read.") from error
    anew = BytesIO()
    flat.save(anew, "JPEG", quality=QUALITY, optimize=True)
    return anew.getvalue()
