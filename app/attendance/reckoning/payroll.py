"""Files for payroll programs: hours of a period, in the columns that each of them reads.

Each preset says whether what it writes replaces what the program has, or is added to it: a
program that replaces would be spoilt by differences, one that adds by everything again.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
KINDS = {
    "regular": "Regular",
    "overtime": "Overtime",
    "double": "Twice the rate",
    "rest_day": "Rest day",
    "holiday": "Public holiday",
    "absence": "Paid absence",
    "night": "Night, besides",
    "deep_night": "Midnight to 4 h, besides",
    "sunday": "Sunday, besides",
    "holiday_band": "Public holiday, besides",
    "payout": "Paid out of the time account",
    "unapproved": "Overtime not approved",
}
CHARSETS = {"cp1252": "windows-1252", "utf-8-sig": "utf-8"}  # as the web calls them
UNPAID = ("unapproved",)  # told, and no payroll item unless somebody names one
BESIDES = ("night", "deep_night", "sunday", "holiday_band")  # of hours that are told as others
LEFT_OUT = "-"  # as what a kind is paid that somebody wants left out


class PayLine(NamedTuple):
    """Minutes of one person by what they are paid as."""

    number: str
    name: str
    cost_centre: str
    minutes: Mapping[str, int]

    def hours(self, *kinds: str) -> Decimal:
        """Hours of some kinds, to the hundredth."""
        total = Decimal(sum(self.minutes.get(kind, 0) for kind in kinds))
        return (total / 60).quantize(CENT, ROUND_HALF_UP)

    def less(self, before: Mapping[str, int]) -> "PayLine":
        """What is different from what was given before."""
        names = {*self.minutes, *before}
        rest = {name: self.minutes.get(name, 0) - before.get(name, 0) for name in names}
        return self._replace(minutes={name: n for name, n in rest.items() if n})


class Batch(NamedTuple):
    """What is written, for which days, and under which number."""

    number: int
    first_day: date
    last_day: date
    lines: Sequence[PayLine]
    settings: Mapping[str, str]


class UnfitLines(ValueError):
    """A program could not tell people apart, or would read their lines as something else."""

    def __init__(self, why: str, lines: Sequence[PayLine]) -> None:
        """Say why, and of which lines."""
        super().__init__(why)
        self.lines = lines


class Written(NamedTuple):
    """A file as its program reads it."""

    name: str
    content: bytes
    media_type: str = "text/csv"
    encoding: str = "utf-8"

    @property
    def content_type(self) -> str:
        """Say what it is, also in which letters: not all programs read UTF-8."""
        charset = CHARSETS.get(self.encoding, self.encoding)
        return f"{self.media_type}; charset={charset}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A payroll program: how it is written for, and which words it needs of its own."""

    name: str
    label: str
    adds: bool  # what it reads is added to what it has; else it replaces that
    write: Callable[[Batch], Written]
    asks: Mapping[str, str]  # settings by name, with their labels
    needs: Callable[[PayLine], Collection[str]] = lambda _line: ()  # of a line: these settings

    def unset(self, lines: Iterable[PayLine], settings: Mapping[str, str]) -> str:
        """Say which settings are missing without which hours would be left out, if any."""
        needed = {name for line in lines for name in self.needs(line)}
        missing = [name for name in self.asks if name in needed and not settings.get(name)]
        return ", ".join(f"{name} ({self.asks[name]})" for name in missing)

    @property
    def asked(self) -> str:
        """Say which settings it takes, and what each is."""
        return ", ".join(f"{name} ({label})" for name, label in self.asks.items())

    @property
    def manner(self) -> str:
        """Say what the program does with the file."""
        if self.adds:
            return "Adds: a second file of the same days has only what is different."
        return "Replaces: each file has all hours of its days."


def _csv(rows: Sequence[Sequence[object]], *, separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def unharmed(value: str) -> str:
    """Keep a cell from being a formula where a spreadsheet opens the file."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value


def names_of(name: str) -> tuple[str, str]:
    """Part a name into the last one and what stands before it."""
    first, _, last = name.rpartition(" ")
    return last, first


def write_long(batch: Batch) -> Written:
    """One line for each person and kind of hours."""
    head = ("employee_no", "name", "first_day", "last_day", "pay_code", "hours", "cost_centre")
    rows = [
        (
            unharmed(line.number),
            unharmed(line.name),
            batch.first_day,
            batch.last_day,
            kind,
            line.hours(kind),
            unharmed(line.cost_centre),
        )
        for line in batch.lines
        for kind in KINDS
        if line.minutes.get(kind)
    ]
    return Written(f"hours-{batch.number}.csv", _csv([head, *rows]).encode("utf-8-sig"))


def write_gusto(batch: Batch) -> Written:
    """Gusto's hours import: a zero overwrites, a blank keeps what is there."""
    head = (
        *("last_name", "first_name", "title", "gusto_employee_id"),
        *("regular_hours", "overtime_hours", "double_overtime_hours"),
    )
    rows = [
        (
            *names_of(line.name),
            "",
            line.number,
            line.hours("regular", "absence", "payout"),
            line.hours("overtime", "rest_day"),
            line.hours("double", "holiday"),
        )
        for line in batch.lines
    ]
    return Written(f"gusto-{batch.number}.csv", _csv([head, *rows]).encode())


def write_adp(batch: Batch) -> Written:
    """ADP Workforce Now's paydata import: PRcccEPI.csv for company code ccc."""
    company = batch.settings.get("company_code", "")
    code = batch.settings.get("hours_3_code", "")
    head = (
        *("Co Code", "Batch ID", "File #", "Reg Hours", "O/T Hours"),
        *("Hours 3 Code", "Hours 3 Amount"),
    )
    rows = []
    for line in batch.lines:
        more = line.hours("double", "rest_day", "holiday")
        third = (code, more) if more else ("", "")
        regular = line.hours("regular", "absence", "payout")
        rows.append(
            (company, batch.number, line.number, regular, line.hours("overtime"), *third)
        )
    return Written(f"PR{company}EPI.csv", _csv([head, *rows]).encode())


def _needed_by_adp(line: PayLine) -> Collection[str]:
    more = line.hours("double", "rest_day", "holiday")
    return ("company_code", "hours_3_code") if more else ("company_code",)


LODAS_COLUMNS = (
    *("abrechnung_zeitraum#bwd", "pnr#bwd", "la_eigene#bwd", "bs_nr#bwd"),
    *("bs_wert_butab#bwd", "kostenstelle#bwd"),
)


def write_lodas(batch: Batch) -> Written:
    """DATEV LODAS: three parts, cp1252, CRLF, a decimal comma.

    Raises:
        UnicodeEncodeError: cp1252 has no sign for a letter.
        UnfitLines: Of numbers it reads digits alone, and semicolons part its columns.
    """
    numbers = _numbers(batch.lines)
    kinds = {kind: batch.settings.get(f"wage_{kind}", "") for kind in KINDS}
    head = [
        "[Allgemein]",
        "Ziel=LODAS",
        "Version_SST=1.0",
        f"BeraterNr={batch.settings.get('consultant', '')}",
        f"MandantenNr={batch.settings.get('client', '')}",
        "Feldtrennzeichen=;",
        "Zahlenkomma=,",
        "Datumsformat=TT/MM/JJJJ",
        "",
        "[Satzbeschreibung]",
        f"21;u_lod_bwd_buchung_standard;{';'.join(LODAS_COLUMNS)}",
        "",
        "[Bewegungsdaten]",
    ]
    month = f"01/{batch.last_day:%m/%Y}"
    rows = [
        f"21;{month};{numbers[line.number]};{wage};1;{_comma(line.hours(kind))};"
        f"{line.cost_centre}"
        for line in batch.lines
        for kind, wage in kinds.items()
        if wage not in ("", LEFT_OUT) and line.minutes.get(kind)
    ]
    text = "\r\n".join([*head, *rows, ""])
    return Written(f"lodas-{batch.number}.txt", text.encode("cp1252"), "text/plain", "cp1252")


def _needed_by_lodas(line: PayLine) -> Collection[str]:
    told = {kind for kind in line.minutes if line.minutes[kind]} - {*BESIDES, *UNPAID}
    return ("consultant", "client", *(f"wage_{kind}" for kind in told))


def write_iif(batch: Batch) -> Written:
    """QuickBooks Desktop's IIF: one line of time for each kind of hours.

    Raises:
        UnicodeEncodeError: cp1252 has no sign for a letter.
    """
    day = f"{batch.last_day:%m/%d/%Y}"
    head = [
        "!TIMERHDR\tVER\tREL\tCOMPANYNAME\tIMPORTEDBEFORE\tFROMTIMER\tCOMPANYCREATETIME",
        f"TIMERHDR\t8\t0\t{_tab(batch.settings.get('company', ''))}\tN\tY\t",
        "!TIMEACT\tDATE\tJOB\tEMP\tITEM\tPITEM\tDURATION\tPROJ\tNOTE\tBILLINGSTATUS",
    ]
    rows = [
        "\t".join(
            (
                "TIMEACT",
                day,
                "",
                _tab(line.name),
                "",
                _tab(batch.settings.get(f"item_{kind}", KINDS[kind])),
                as_clock(line.minutes[kind]),
                "",
                f"Batch {batch.number}",
                "0",
            )
        )
        for line in batch.lines
        for kind in KINDS
        if line.minutes.get(kind) and (kind not in UNPAID or batch.settings.get(f"item_{kind}"))
    ]
    text = "\r\n".join([*head, *rows, ""])
    return Written(f"time-{batch.number}.iif", text.encode("cp1252"), "text/plain", "cp1252")


def _comma(hours: Decimal) -> str:
    return str(hours).replace(".", ",")


def _numbers(lines: Sequence[PayLine]) -> dict[str, str]:
    """Give the digits of people's numbers, as far as each person has some of their own."""
    found = {line.number: "".join(filter(str.isdecimal, line.number)) for line in lines}
    known = Counter(int(digits or 0) for digits in found.values())
    if unknown := [line for line in lines if not found[line.number]]:
        raise UnfitLines("LODAS knows people by digits, which some numbers lack", unknown)
    if alike := [line for line in lines if known[int(found[line.number])] > 1]:
        raise UnfitLines("LODAS reads the digits of a number, and some are the same", alike)
    if parted := [line for line in lines if ";" in line.cost_centre]:
        raise UnfitLines("A semicolon in a cost centre would part a column in two", parted)
    return found


def _tab(text: str) -> str:
    return " ".join(text.split())


def as_clock(minutes: int) -> str:
    """Write minutes as hours and minutes."""
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


PRESETS = {
    one.name: one
    for one in (
        Preset(name="long", label="CSV, a line each", adds=True, write=write_long, asks={}),
        Preset(name="gusto", label="Gusto", adds=False, write=write_gusto, asks={}),
        Preset(
            name="adp",
            label="ADP Workforce Now",
            adds=True,
            write=write_adp,
            asks={"company_code": "Company code", "hours_3_code": "Code of other hours"},
            needs=_needed_by_adp,
        ),
        Preset(
            name="lodas",
            label="DATEV LODAS",
            adds=True,
            write=write_lodas,
            asks={
                "consultant": "Beraternummer",
                "client": "Mandantennummer",
                **{f"wage_{kind}": f"Lohnart: {label}" for kind, label in KINDS.items()},
            },
            needs=_needed_by_lodas,
        ),
        Preset(
            name="iif",
            label="QuickBooks Desktop (IIF)",
            adds=True,
            write=write_iif,
            asks={
                "company": "Company name",
                **{f"item_{kind}": f"Payroll item: {label}" for kind, label in KINDS.items()},
            },
        ),
    )
}
