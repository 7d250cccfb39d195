"""What the company decides about its scanners."""

from app.core.settings.definitions import Definition

LONGEST_PREFIX = 10


def _prefix(value: object) -> str | None:
    text = str(value)
    if len(text) > LONGEST_PREFIX or not text.isprintable():
        return f"At most {LONGEST_PREFIX} characters, as a scanner types them."
    return None


def _separator(value: object) -> str | None:
    text = str(value)
    if len(text) > LONGEST_PREFIX or not text.isprintable() or any(map(str.isalnum, text)):
        return f"At most {LONGEST_PREFIX} signs, no letters or digits, as a scanner types them."
    return None


SETTINGS = (
    Definition(
        key="scan_prefix",
        group="Scanners",
        order=35,
        label="What scanners put before a code",
        default="",
        help="Some are set up to begin each code with a sign such as ~ or #. It is left out.",
        check=_prefix,
    ),
    Definition(
        key="scan_separator",
        group="Scanners",
        order=36,
        label="What scanners type between the parts of a GS1 code",
        default="",
        help="A scanner that types as a keyboard drops the sign (FNC1) that ends a lot, and "
        "the next part sticks to it. Set it up to type another, such as ~ or |.",
        check=_separator,
    ),
)
