"""Text as people write it: it stays as it is, and only what no text can hold is refused.

No-break and ideographic blanks, signs of any year of Unicode, marks of joining and direction:
all of that is text. Control characters are not; PostgreSQL and XML cannot even keep some.
"""

import re
from unicodedata import normalize

LONGEST_LINE = 300
LONGEST_TEXT = 10_000

# C0 and C1 but for tabs and ends of lines, halves of letters, and what is no letter for good.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LINE_ENDS = re.compile(r"[\t\n\r\u2028\u2029]")
# What `str.strip` takes off, without the control characters among it: those are refused.
_BLANKS = "".join(map(chr, range(0x2000, 0x200B))) + (
    "\t\n\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000"
)
# Ends of lines, tabs, and blanks in a row: within a line they are one blank.
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029 ]*[\t\n\r\u2028\u2029][\t\n\r\u2028\u2029 ]*| {2,}")

# What comes along from web pages. Joiners stay: some scripts and emoji need them.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def tidy_search(text: str) -> str:
    """Write what is searched for as one line of composed letters, without what nobody sees."""
    return " ".join(normalize("NFC", _UNSEEN.sub("", text.replace("\0", " "))).split())


def parse_line(text: str) -> str:
    """Read a name, a line of an address: one line without outer blanks.

    Raises:
        ValueError: It is too long, or holds a control character.
    """
    line = text.strip(_BLANKS)
    if not line.isprintable() or "  " in line:
        line = _BREAKS.sub(" ", line)
    return _fitting(line, longest=LONGEST_LINE)


def parse_text(text: str) -> str:
    """Read a text of several lines.

    Raises:
        ValueError: It is too long, or holds a control character.
    """
    return _fitting(text.strip(_BLANKS), longest=LONGEST_TEXT)


def is_one_line(text: str) -> bool:
    """Tell whether a text can be kept and has one line."""
    return not (_CONTROL.search(text) or _LINE_ENDS.search(text))


def refuse_control(text: str) -> str:
    """Give a text in which there is nothing that cannot be kept.

    Raises:
        ValueError: There is a control character.
    """
    if not text.isprintable() and (found := _CONTROL.search(text)):
        raise ValueError(f"This holds a control character (U+{ord(found[0]):04X}).")
    return text


def without_control(text: str) -> str:
    """Put a blank where there is a control character: what is left can be kept."""
    return _CONTROL.sub(" ", text)


def _fitting(text: str, *, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(f"At most {longest:,} characters.")
    return refuse_control(text)
