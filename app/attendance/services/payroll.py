"""Hours are given to payroll: in batches, of which each remembers what it said."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.models import PayrollExport
from app.attendance.reckoning.columns import MAP, Map, as_preset
from app.attendance.reckoning.payroll import (
    PRESETS,
    Batch,
    PayLine,
    Preset,
    UnfitLines,
    Written,
)
from app.attendance.services.sheets import PAID_AS, Sheet
from app.attendance.services.timesheets import report
from app.core.actors import current_actor_id
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.texts import parse_line

LONGEST = 200  # letters of a setting
LONGEST_ID = 15  # digits
LONGEST_PERIOD = timedelta(days=400)
NAMED = 5  # people in a sentence


class Exported(NamedTuple):
    """A batch, and the file of it."""

    export: PayrollExport
    file: Written


def export_hours(
    preset: str, *, first_day: date, last_day: date, settings: Mapping[str, str] | None = None
) -> Exported:
    """Give the hours of a period to payroll.

    A preset that adds gets, the second time, only what is different from all batches before.

    Raises:
        Invalid: There is no such preset or map, a setting is none of it or is missing, days
            are out of order, or the file cannot hold a letter or tell people apart.
        NotAllowed: Somebody forgot to clock out: their hours are not known.
    """
    with transaction() as session:
        known, snapshot = _program(session, preset)
    if last_day < first_day:
        raise Invalid("last_day", "The last day is not before the first.")
    if last_day - first_day > LONGEST_PERIOD:
        raise Invalid("last_day", f"At most {LONGEST_PERIOD.days} days at once.")
    given = _settings(known, settings or {})
    sheets = report(first_day, last_day)
    _refuse_unknown(sheets)
    lines = [pay_line(sheet) for sheet in sheets]
    with transaction() as session:
        kept = snapshot or given or _last_settings(session, preset)
        before = _given(session, known, first_day, last_day) if known.adds else {}
        export = PayrollExport(
            preset=preset,
            first_day=first_day,
            last_day=last_day,
            file_name="",
            settings=kept,
            lines=[],
            created_by_id=current_actor_id(),
        )
        session.add(export)
        session.flush()
        told = _different(lines, before) if known.adds else lines
        if unset := known.unset(told, kept):
            raise Invalid("settings", f"{known.label} asks for {unset}.")
        file = _written(known, export, told)
        export.file_name, export.lines = file.name, [_kept(line) for line in told]
    return Exported(export, file)


def written_again(export_id: int) -> Written:
    """Write the file of a batch again, as it was."""
    with transaction() as session:
        export = session.scalars(queries.payroll_export(export_id)).one()
        lines = [PayLine(*line) for line in export.lines]
        return _written(_program_of(export), export, lines)


def program_of(export: PayrollExport) -> str:
    """Say which program a batch is for; of a map that is gone what it was called."""
    return _program_of(export).label


def pay_line(sheet: Sheet) -> PayLine:
    """Part somebody's minutes by what they are paid as.

    Overtime that nobody has approved is told, but is no part of the rest.
    """
    minutes = {name: sheet.paid(name) for name in PAID_AS}
    minutes |= {"absence": sheet.total("absence"), "payout": sheet.paid_out}
    minutes["unapproved"] = sheet.total("unapproved")
    bands = {"night": "night", "deep_night": "deep_night", "sunday": "sunday"}
    minutes |= {kind: sheet.band(name) for kind, name in bands.items()}
    minutes["holiday_band"] = sheet.band("holiday")
    employee = sheet.employee
    return PayLine(employee.number, employee.name, employee.cost_centre, minutes)


def _program(session: Session, name: str) -> tuple[Preset, dict[str, Any]]:
    """Find a preset, or a saved map with what it says now."""
    number = name.removeprefix(MAP)
    if name.startswith(MAP) and number.isdecimal() and len(number) < LONGEST_ID:
        found = session.scalars(queries.payroll_map(int(number))).one_or_none()
        if found is not None:
            one = found.by_value()
            return as_preset(name, one), one._asdict()
    if name not in PRESETS:
        raise Invalid("preset", f"One of {', '.join(PRESETS)}, or {MAP} and the id of a map.")
    return PRESETS[name], {}


def _program_of(export: PayrollExport) -> Preset:
    """Give what a batch was written by: a map as it was then."""
    if export.preset.startswith(MAP):
        return as_preset(export.preset, Map(**export.settings))
    return PRESETS[export.preset]


def _settings(preset: Preset, given: Mapping[str, str]) -> dict[str, str]:
    if strange := sorted(given.keys() - preset.asks.keys()):
        raise Invalid("settings", f"{preset.label} has no {', '.join(strange)}.")
    if any(len(value) > LONGEST for value in given.values()):
        raise Invalid("settings", f"At most {LONGEST} letters.")
    try:
        kept = {name: parse_line(value) for name, value in given.items()}
    except ValueError as error:
        raise Invalid("settings", str(error)) from error
    return {name: value for name, value in kept.items() if value}


def _last_settings(session: Session, preset: str) -> dict[str, str]:
    """Give what a program asked for the last time: it asks for the same again."""
    last = queries.payroll_exports().where(PayrollExport.preset == preset)
    export = session.scalars(last.order_by(PayrollExport.id.desc()).limit(1)).first()
    return dict(export.settings) if export else {}


def _refuse_unknown(sheets: Sequence[Sheet]) -> None:
    forgotten = [
        f"{sheet.employee.name} ({day})"
        for sheet in sheets
        for day, flag in sheet.flags
        if flag == "forgotten"
    ]
    if forgotten:
        few = _few(forgotten)
        raise NotAllowed(f"Nobody knows when these went home: {few}. Correct it first.")


def _few(words: Sequence[str]) -> str:
    more = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _given(
    session: Session, preset: Preset, first: date, last: date
) -> dict[str, dict[str, int]]:
    """Add up what was given for these days before, by the number of the person."""
    found: dict[str, dict[str, int]] = {}
    for export in session.scalars(queries.exports_of(preset.name, first, last)):
        for number, _name, _centre, minutes in export.lines:
            mine = found.setdefault(number, {})
            for kind, value in minutes.items():
                mine[kind] = mine.get(kind, 0) + value
    return found


def _different(
    lines: Sequence[PayLine], before: Mapping[str, Mapping[str, int]]
) -> list[PayLine]:
    told = [line.less(before.get(line.number, {})) for line in lines]
    return [line for line in told if line.minutes]


def _written(preset: Preset, export: PayrollExport, lines: Sequence[PayLine]) -> Written:
    batch = Batch(export.id, export.first_day, export.last_day, lines, export.settings)
    return write_batch(preset, batch)


def write_batch(preset: Preset, batch: Batch) -> Written:
    """Write a batch as a program reads it.

    Raises:
        Invalid: It would say something else of some people: nothing is dropped or replaced.
    """
    try:
        return preset.write(batch)
    except UnicodeEncodeError as error:
        sign = error.object[error.start : error.end]
        whose = _unwritable(preset, batch)
        why = f"The file cannot hold “{sign}”{_of(whose)}. Columns of your own can be UTF-8."
        raise Invalid("preset", why) from error
    except UnfitLines as error:
        raise Invalid("preset", f"{error}{_of(error.lines)}.") from error


def _unwritable(preset: Preset, batch: Batch) -> list[PayLine]:
    """Find the lines that cannot be written; none where it is the settings that cannot."""
    if not _is_writable(preset, batch, []):
        return []
    return [line for line in batch.lines if not _is_writable(preset, batch, [line])]


def _is_writable(preset: Preset, batch: Batch, lines: Sequence[PayLine]) -> bool:
    try:
        preset.write(batch._replace(lines=lines))
    except UnicodeEncodeError:
        return False
    return True


def _of(lines: Sequence[PayLine]) -> str:
    people = [f"{line.name} ({line.number})" for line in lines]
    return f", of {_few(people)}" if people else ""


def _kept(line: PayLine) -> list[Any]:
    return [line.number, line.name, line.cost_centre, dict(line.minutes)]
