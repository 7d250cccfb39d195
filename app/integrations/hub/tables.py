"""Text files of outside systems: in which letters they are written, and their columns."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message
from typing import NamedTuple

from app.integrations.hub.errors import NotUnderstood

MARK = "\ufeff"
QUOTE = '"'


class Quoted(csv.excel_tab):
    """Cells in quotes: a tab may stand within one."""


class Bare(csv.excel_tab):
    """Cells as they are: a quote is a part of one."""

    quoting = csv.QUOTE_NONE


class Table(NamedTuple):
    """A file with a head: its columns by their plain names, and rows as long as they are.

    `note` is what people should know of how it was read.
    """

    columns: tuple[str, ...]
    rows: Iterator[list[str]]
    note: str


def plain_name(column: str) -> str:
    """Give the name of a column in letters and digits alone, as systems vary the rest."""
    return re.sub("[^a-z0-9]", "", column.lower())


def read_text(content: bytes, headers: Mapping[str, str], *, else_in: str) -> tuple[str, str]:
    """Read a file in the letters that it says it is in, and say so where it is otherwise.

    Without a word of it UTF-8 is tried, which no other is by chance, and then `else_in`.

    Raises:
        NotUnderstood: It is in none of them.
    """
    said = _charset(headers)
    for charset in [*filter(None, [said]), "utf-8", else_in]:
        try:
            text = content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
        return text.removeprefix(MARK), "" if charset == said else _told(said, charset)
    raise NotUnderstood(f"A file is neither {said or 'UTF-8'} nor {else_in}.")


def read_table(
    content: bytes, headers: Mapping[str, str], *, needed: Sequence[str], else_in: str
) -> Table:
    """Read a file whose cells are apart by tabs; `needed` are plain names of columns.

    Raises:
        NotUnderstood: It lacks columns, is cut off, or cannot be read at all.
    """
    text, note = read_text(content, headers, else_in=else_in)
    first, _, _rest = text.partition("\n")
    is_quoted = first.startswith(QUOTE)
    lines = csv.reader(io.StringIO(text, newline=""), Quoted if is_quoted else Bare)
    columns = tuple(plain_name(one) for one in next(lines, []))
    if missing := [one for one in needed if one not in columns]:
        raise NotUnderstood(f"A report lacks columns: {', '.join(missing)}.")
    _refuse_cut(text, len(columns), is_quoted=is_quoted)
    return Table(columns, (line for line in lines if line), note)


def _refuse_cut(text: str, number: int, *, is_quoted: bool) -> None:
    """What ends within a row was not sent whole."""
    last = text.rstrip("\r\n").rpartition("\n")[2]
    is_whole = text.endswith("\n") or last.count("\t") >= number - 1
    if not is_whole or (is_quoted and last and not last.rstrip("\r").endswith(QUOTE)):
        raise NotUnderstood("A report ends in the middle of a row.")


def _charset(headers: Mapping[str, str]) -> str:
    message = Message()
    message["Content-Type"] = headers.get("Content-Type", "")
    return str(message.get_content_charset() or "").lower()


def _told(said: str, charset: str) -> str:
    if not said:
        return f"the file does not say how it is written; it was read as {charset}"
    return f"the file says that it is {said}, and is not; it was read as {charset}"
