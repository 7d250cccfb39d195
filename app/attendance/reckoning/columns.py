"""Columns of a file for payroll, as somebody writes them down: `Reg Hours = hours regular`.

Each line is a heading and what stands below it: a word such as `number`, a text in quotes, or
`hours`, `clock` or `minutes` of some kinds of time. In a long file, which has a line for each
person and kind, those three are of the kind of the line, and `code` is what that is called.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.attendance.reckoning.payroll import (
    KINDS,
    Batch,
    PayLine,
    Preset,
    Written,
    as_clock,
    names_of,
    unharmed,
)

MAP = "map-"  # begins what a saved map is called among presets
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a mark", "cp1252": "Windows-1252"}
MARKS = {"point": ".", "comma": ","}
DAYS = {
    "iso": "%Y-%m-%d",
    "us": "%m/%d/%Y",
    "german": "%d.%m.%Y",
    "slashes": "%d/%m/%Y",
}
MOST_COLUMNS = 60
AMOUNTS = ("hours", "clock", "minutes")
TEXT = re.compile(r'"([^"\t\r\n]*)"')
FILE_NAME = re.compile(r"[\w .{}-]{1,80}")


class Map(NamedTuple):
    """A saved map, by value: a batch keeps the one that it was written with."""

    name: str
    adds: bool
    is_long: bool
    separator: str
    encoding: str
    decimal_mark: str
    day_format: str
    has_header: bool
    above: str
    columns: str
    codes: str
    file_name: str


class Line(NamedTuple):
    """What a line of a file is made of; of a wide one the kind is empty."""

    batch: Batch
    person: PayLine
    kind: str
    code: str


class Column(NamedTuple):
    """A heading, and what stands below it."""

    title: str
    word: str
    kinds: tuple[str, ...] = ()
    text: str = ""


WORDS: Mapping[str, Callable[[Line], str | date]] = {
    "number": lambda line: unharmed(line.person.number),
    "name": lambda line: unharmed(line.person.name),
    "last_name": lambda line: unharmed(names_of(line.person.name)[0]),
    "first_name": lambda line: unharmed(names_of(line.person.name)[1]),
    "cost_centre": lambda line: unharmed(line.person.cost_centre),
    "first_day": lambda line: line.batch.first_day,
    "last_day": lambda line: line.batch.last_day,
    "batch": lambda line: str(line.batch.number),
    "code": lambda line: line.code,
}


def parse_columns(text: str, *, is_long: bool) -> list[Column]:
    """Read the columns, one a line.

    Raises:
        ValueError: A line says nothing that we know; which, and why.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("At least one column is needed.")
    if len(lines) > MOST_COLUMNS:
        raise ValueError(f"At most {MOST_COLUMNS} columns.")
    return [_column(line, is_long=is_long) for line in lines]


def _column(line: str, *, is_long: bool) -> Column:
    title, sign, content = (part.strip() for part in line.partition("="))
    if not sign or not title:
        raise ValueError(f"“{line}” is no heading = content.")
    if found := TEXT.fullmatch(content):
        return Column(title, "text", text=found[1])
    word, *kinds = content.replace("+", " ").split() or [""]
    if word in AMOUNTS:
        return Column(title, word, _kinds(line, kinds, is_long=is_long))
    if word not in WORDS or kinds:
        known = ", ".join([*WORDS, *AMOUNTS])
        raise ValueError(f"“{line}”: after the sign stands a text in quotes, or {known}.")
    if word == "code" and not is_long:
        raise ValueError(f"“{line}”: a line of all kinds has no code.")
    return Column(title, word)


def _kinds(line: str, kinds: Sequence[str], *, is_long: bool) -> tuple[str, ...]:
    if is_long and kinds:
        raise ValueError(f"“{line}”: each line has a kind of its own; name none.")
    if not is_long and not kinds:
        raise ValueError(f"“{line}”: of which kinds? For instance, hours regular + absence.")
    if strange := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"“{line}”: {strange[0]} is none of {', '.join(KINDS)}.")
    return tuple(kinds)


def parse_codes(text: str) -> dict[str, str]:
    """Read what each kind is called in a long file; a kind without a code is not written.

    Raises:
        ValueError: A line is no kind and code, or names one twice.
    """
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        kind, sign, code = (part.strip() for part in line.partition("="))
        if not sign or not code:
            raise ValueError(f"“{line}” is no kind = code.")
        if kind not in KINDS:
            raise ValueError(f"“{line}”: {kind} is none of {', '.join(KINDS)}.")
        if kind in found:
            raise ValueError(f"“{line}”: {kind} is named twice.")
        found[kind] = code
    return found


def parse_file_name(text: str) -> str:
    """Read the name of the file, in which {batch} stands for its number.

    Raises:
        ValueError: It is none that every system takes.
    """
    name = text.strip()
    if not FILE_NAME.fullmatch(name) or set(re.findall(r"{[^}]*}?|}", name)) - {"{batch}"}:
        raise ValueError("Letters, digits, blanks, points, dashes, and {batch}.")
    return name


def as_preset(name: str, one: Map) -> Preset:
    """Let a map stand where a preset does."""
    return Preset(
        name=name,
        label=one.name,
        adds=one.adds,
        write=lambda batch: write_mapped(one, batch),
        asks={},
    )


def write_mapped(one: Map, batch: Batch) -> Written:
    """Write a batch as a map says.

    Raises:
        UnicodeEncodeError: The encoding has no sign for a letter of a name.
    """
    text = io.StringIO()
    if one.above:
        text.write("\r\n".join([*_filled(one, batch).splitlines(), ""]))
    rows = csv.writer(text, delimiter=SEPARATORS[one.separator], lineterminator="\r\n")
    columns = parse_columns(one.columns, is_long=one.is_long)
    if one.has_header:
        rows.writerow([column.title for column in columns])
    for line in _lines(one, batch):
        rows.writerow([_cell(one, line, column) for column in columns])
    content = text.getvalue().encode(one.encoding)
    name = one.file_name.replace("{batch}", str(batch.number))
    return Written(name, content, "text/plain", one.encoding)


def _filled(one: Map, batch: Batch) -> str:
    days = DAYS[one.day_format]
    values = {
        "{batch}": str(batch.number),
        "{first_day}": batch.first_day.strftime(days),
        "{last_day}": batch.last_day.strftime(days),
    }
    text = one.above
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _lines(one: Map, batch: Batch) -> Iterator[Line]:
    if not one.is_long:
        yield from (Line(batch, person, "", "") for person in batch.lines)
        return
    codes = parse_codes(one.codes)
    for person in batch.lines:
        for kind, code in codes.items():
            if person.minutes.get(kind):
                yield Line(batch, person, kind, code)


def _cell(one: Map, line: Line, column: Column) -> str:
    if column.word == "text":
        return column.text
    if column.word not in AMOUNTS:
        value = WORDS[column.word](line)
        return value.strftime(DAYS[one.day_format]) if isinstance(value, date) else value
    kinds = (line.kind,) if one.is_long else column.kinds
    if column.word == "hours":
        return str(line.person.hours(*kinds)).replace(".", MARKS[one.decimal_mark])
    minutes = sum(line.person.minutes.get(kind, 0) for kind in kinds)
    return str(minutes) if column.word == "minutes" else as_clock(minutes)


PLAIN = Map(
    name="",
    adds=True,
    is_long=False,
    separator="comma",
    encoding="utf-8",
    decimal_mark="point",
    day_format="iso",
    has_header=True,
    above="",
    columns="",
    codes="",
    file_name="hours-{batch}.csv",
)
# What the makers of these programs write of their files, to begin with.
BEGINNINGS: Mapping[str, Map] = {
    "gusto": PLAIN._replace(
        name="Gusto",
        adds=False,
        file_name="gusto-{batch}.csv",
        columns="""last_name = last_name
first_name = first_name
title = ""
gusto_employee_id = number
regular_hours = hours regular + absence
overtime_hours = hours overtime + rest_day
double_overtime_hours = hours double + holiday""",
    ),
    "adp": PLAIN._replace(
        name="ADP Workforce Now",
        file_name="PRABCEPI.csv",
        columns="""Co Code = "ABC"
Batch ID = batch
File # = number
Reg Hours = hours regular + absence
O/T Hours = hours overtime
Hours 3 Code = "OT2"
Hours 3 Amount = hours double + rest_day + holiday""",
    ),
    "lodas": PLAIN._replace(
        name="DATEV LODAS",
        is_long=True,
        separator="semicolon",
        encoding="cp1252",
        decimal_mark="comma",
        day_format="slashes",
        has_header=False,
        file_name="lodas-{batch}.txt",
        above="""[Allgemein]
Ziel=LODAS
Version_SST=1.0
BeraterNr=1234567
MandantenNr=12345
Feldtrennzeichen=;
Zahlenkomma=,
Datumsformat=TT/MM/JJJJ

[Satzbeschreibung]
21;u_lod_bwd_buchung_standard;abrechnung_zeitraum#bwd;pnr#bwd;la_eigene#bwd;bs_nr#bwd;bs_wert_butab#bwd;kostenstelle#bwd

[Bewegungsdaten]""",
        columns="""Satz = "21"
Abrechnungszeitraum = first_day
Personalnummer = number
Lohnart = code
Bearbeitungsschlüssel = "1"
Stunden = hours
Kostenstelle = cost_centre""",
        codes="regular = 1000\novertime = 1010",
    ),
    "iif": PLAIN._replace(
        name="QuickBooks Desktop (IIF)",
        is_long=True,
        separator="tab",
        encoding="cp1252",
        day_format="us",
        has_header=False,
        file_name="time-{batch}.iif",
        above="!TIMERHDR\tVER\tREL\tCOMPANYNAME\tIMPORTEDBEFORE\tFROMTIMER\tCOMPANYCREATETIME\n"
        "TIMERHDR\t8\t0\tMy company\tN\tY\t\n"
        "!TIMEACT\tDATE\tJOB\tEMP\tITEM\tPITEM\tDURATION\tPROJ\tNOTE\tBILLINGSTATUS",
        columns="""Kind = "TIMEACT"
Date = last_day
Job = ""
Employee = name
Item = ""
Payroll item = code
Duration = clock
Project = ""
Note = batch
Billing status = "0\"""",
        codes="regular = Regular\novertime = Overtime",
    ),
}
