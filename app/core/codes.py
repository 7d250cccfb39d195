"""What makes two codes one: SKUs, barcodes, codes of locations, part numbers of vendors.

A code is kept as it was typed, but composed (Unicode NFC), without what nobody sees, and
with single blanks between its parts only. Two codes that differ in case alone are one. The
SQL function `normal_code` says the same, and the unique indexes stand on it.

It is NFC and not NFKC: a full-width A, a superscript 2 or a Cyrillic A is another letter, since
there are companies that write so on purpose. What looks like another code all the same is told
where it comes in (`look_alike`).
"""

import re
from unicodedata import normalize

from app.core.texts import LONGEST_LINE, refuse_control

# What is not drawn: zero widths, marks of direction and joining, soft hyphens, variation
# selectors, Hangul fillers, byte order marks, tags (Unicode, Default_Ignorable_Code_Point).
INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
BLANK = (
    r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
)

# Capitals of the Cyrillic and the Greek alphabet that are drawn like Latin ones.
_CYRILLIC = (
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423"
)
_GREEK = "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
_LOOKS = str.maketrans(_CYRILLIC + _GREEK, "ABESIJKMHOPCTXY" + "ABEZHIKMNOPTYX")

_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_BLANK = re.compile(f"[{BLANK}]+")


def tidy_code(text: str) -> str:
    """Write a code as it is kept and shown."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    return normalize("NFC", _BLANK.sub(" ", _INVISIBLE.sub("", text)).strip(" "))


def parse_code(text: str) -> str:
    """Read a code as somebody typed it, or a file or a program sends it.

    Raises:
        ValueError: It is too long, or holds a control character.
    """
    code = tidy_code(text)
    if len(code) > LONGEST_LINE:
        raise ValueError(f"At most {LONGEST_LINE} characters.")
    return refuse_control(code)


def normal_code(text: str) -> str:
    """Write a code as it is compared; the SQL function `normal_code` gives the same."""
    code = tidy_code(text)
    return code.lower() if code.isascii() else "".join(map(_lowered, code))


def look_alike(text: str) -> str:
    """Write a code with the plain letters that its letters look like, as it is compared."""
    return normal_code(normalize("NFKC", tidy_code(text)).upper().translate(_LOOKS))


def id_in(number: str, *, prefix: str, is_bare: bool = True) -> int | None:
    """Read the id in a number that is made of it, `TR-000012` with the prefix `TR-`: 12.

    `is_bare`: it may stand without its prefix. None: this is no such number.
    """
    code, beginning = normal_code(number), prefix.lower()
    if not (code.startswith(beginning) or is_bare):
        return None
    digits = code.removeprefix(beginning).lstrip("0")
    is_id = digits.isascii() and digits.isdecimal() and len(digits) < len(str(2**63))
    return int(digits) if is_id else None


def _lowered(letter: str) -> str:
    """Fold case letter by letter, as PostgreSQL does: no letter becomes two or minds others."""
    return letter.lower()[:1]
