"""In which encoding a text is: what proves itself, and else what its letters make likely."""

import codecs
import re
from io import BytesIO, TextIOWrapper

from app.imports.reading.files import ADVICE, UnreadableFile

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1257": "Baltic (Windows-1257)",
    "iso-8859-1": "Western European (ISO 8859-1, Latin-1)",
    "iso-8859-15": "Western European (ISO 8859-15)",
    "iso-8859-2": "Central European (ISO 8859-2)",
    "cp850": "Western European (DOS 850)",
    "cp852": "Central European (DOS 852)",
    "mac_roman": "Western European (Macintosh)",
    "cp932": "Japanese (Windows-932)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc_kr": "Korean (EUC-KR)",
}
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NO_WINDOWS = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
NO_TEXT = f"This is neither an Excel file nor a text file. {ADVICE}"
SAMPLE = 64 * 1024  # bytes or characters that guesses are made from
LEAST_MIXED = 4  # by chance a line in another encoding is UTF-8, but not one of four

# UTF-8 that another program has read as Windows-1252 and written as UTF-8: ä is Ã¤ then.
_TWICE = re.compile(
    rb"[^\s,;|\"]*(?:\xc3[\x82\x83\x84\x85]\xc2[\x80-\xbf]|\xc3\xa2\xe2\x82\xac)[^\s,;|\"]*"
)
_LOST = re.compile(rb"[^\s,;|\"]*\xef\xbf\xbd[^\s,;|\"]*")

_LETTERS, _STRANGE = re.compile(rb"[A-Za-z]"), re.compile(rb"[\x80-\xff]")
_FOREIGN = re.compile(
    rb"[\xc0-\xff]"
)  # without one of these there are signs alone, as of money
# In Windows-1252 these bytes are signs (superscripts, fractions, ...), in 1250 letters of
# Polish and its neighbours: where one stands within a word, it is a letter.
_SIGN_IN_WORD = re.compile(
    rb"[a-z\x80-\xff][\xb3\xb9\xbe\xbf\x9c][a-z]|[a-z][\xb9\xb3\xbf\xbe\xea](?![a-z\x80-\xff])"
    rb"|(?<![A-Za-z\x80-\xff])[\xa3\xaf\x8c][a-z\x80-\xff]"
)
# Letters of Czech and Hungarian as Windows-1252 reads them, and those of its own languages.
_CENTRAL = re.compile(r"[ìùò](?=\w)|[õûšž¾¹³¿]")
_WESTERN = re.compile(r"[åæøàâêëîôœñãßç]|[ùìòé]\b")


def encoding_of(content: bytes, chosen: str) -> tuple[str, bool]:
    """Find an encoding in which all of the file makes sense, and whether it is a guess.

    Raises:
        UnreadableFile: It does not in the chosen one, or in any.
    """
    found = next((name for bom, name in BOMS.items() if content.startswith(bom)), None)
    encoding, is_guess = (
        (found or chosen, False) if found or chosen else _guess_encoding(content)
    )
    try:
        with TextIOWrapper(BytesIO(content), encoding=encoding) as text:
            while text.read(SAMPLE):
                pass
    except (UnicodeError, LookupError) as error:
        reason = f"The file is not text in {encoding}." if chosen else NO_TEXT
        raise UnreadableFile(reason) from error
    return encoding, is_guess


def guessed(encoding: str, sample: str) -> str:
    """Say what was guessed, with a word by which people see whether it is right."""
    words = re.findall(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", sample)
    shown = ", ".join(dict.fromkeys(words[:3])) or "the letters beyond ASCII"
    name = ENCODINGS.get(encoding, encoding)
    return f"The encoding is a guess, {name}: if it is not “{shown}”, choose another one."


def broken_before(content: bytes, encoding: str) -> str:
    """Say what was wrong with the letters of a file before it came here; "": nothing.

    Nobody can tell what was lost, and what was encoded twice may be meant so.
    """
    if not encoding.startswith("utf-8"):
        return ""
    if found := _LOST.search(content):
        word = found[0].decode()
        return f"Letters were lost before this file came here, as in “{word}”: export it anew."
    for found in _TWICE.finditer(content):
        word = found[0].decode()
        try:
            meant = b"".join(map(_windows, word)).decode()
        except UnicodeError:
            continue
        return (
            f"“{word}” may have been “{meant}”: then another program has encoded the file "
            "twice, and it has to be exported anew."
        )
    return ""


def _windows(letter: str) -> bytes:
    """Give the byte that Windows-1252 shows as a letter; five of them it does not show."""
    return bytes([ord(letter)]) if ord(letter) < ord("\u0100") else letter.encode("cp1252")


def _guess_encoding(content: bytes) -> tuple[str, bool]:
    """UTF-8 proves itself, UTF-16 shows by its zero bytes, the rest is likelihood.

    Raises:
        UnreadableFile: Some lines are UTF-8 and others are not.
    """
    if half := _half_of_utf16(content[:SAMPLE]):
        return half, False
    try:
        codecs.decode(content, "utf-8")
    except UnicodeError:
        _refuse_mixed(content)
        return _likely_encoding(content), True
    return "utf-8", False


def _refuse_mixed(content: bytes) -> None:
    """Refuse a file that was put together of two: either half would come out as rubbish."""
    strange = [
        (number, _is_utf8(line))
        for number, line in enumerate(content.split(b"\n"), 1)
        if not line.isascii()
    ]
    fits = sum(is_utf8 for _number, is_utf8 in strange)
    others = [number for number, is_utf8 in strange if not is_utf8]
    if fits * LEAST_MIXED >= len(others):
        raise UnreadableFile(
            f"Line {others[0]} is not in UTF-8, as other lines are: the file was put together "
            "of two. Save it in one encoding, or choose the one that all of it is in."
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeError:
        return False
    return True


def _half_of_utf16(sample: bytes) -> str | None:
    """Every other byte of mostly Latin text in UTF-16 is zero."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    enough = len(sample) * 0.3
    if even > enough > odd:
        return "utf-16-be"
    return "utf-16-le" if odd > enough > even else None


def _likely_encoding(content: bytes) -> str:
    """Tell letters with accents between others from letters of another alphabet."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  (rarely needed, and 10 MB)

    words = [word for word in content.split() if not word.isascii()]
    strange = b" ".join(words)[:SAMPLE]
    if _is_japanese(strange):
        return "cp932"
    is_latin = len(_LETTERS.findall(strange)) > len(_STRANGE.findall(strange))
    if is_latin or not _FOREIGN.search(strange):
        return _latin(content, strange)
    best = from_bytes(strange, cp_isolation=["cp1252", "cp1251"]).best()
    return best.encoding if best else _latin(content, strange)


def _is_japanese(strange: bytes) -> bool:
    """Tell whether it is Windows-932 throughout, most of it kana and common signs."""
    try:
        text = strange.decode("cp932", "ignore" if len(strange) == SAMPLE else "strict")
    except UnicodeError:
        return False
    wide = [letter for letter in text if letter > "\xff"]
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in wide)
    narrow = sum("\uff61" <= letter <= "\uff9f" for letter in wide)
    return bool(wide) and narrow * 2 < len(wide) and kana * 4 >= len(wide)


def _latin(content: bytes, strange: bytes) -> str:
    """Five bytes are no letter in Windows-1252; in what DOS wrote, all are.

    Windows-1250 and 1252 have most letters in common: those that differ say which it is.
    """
    if _is_central(strange):
        return "cp1250"
    return "cp850" if any(content.count(byte) for byte in NO_WINDOWS) else "cp1252"


def _is_central(strange: bytes) -> bool:
    try:
        strange.decode("cp1250")
    except UnicodeError:
        return False
    if len(_SIGN_IN_WORD.findall(strange)) * 20 >= len(strange.split()):
        return True
    text = strange.decode("cp1252", "replace").casefold()
    return len(_CENTRAL.findall(text)) > len(_WESTERN.findall(text))
