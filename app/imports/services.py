"""Importing a file: it is uploaded, its columns are chosen, it is checked, it is applied."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.actors import current_actor
from app.core.db import db, locked, retried, transaction
from app.core.errors import DomainError, Invalid
from app.core.events import publish
from app.core.files import StoredFile, store_file
from app.core.jobs import JobRun, report_progress
from app.imports.definition import Counts, Importer, importers
from app.imports.events import FileImported
from app.imports.findings import find_out, said_of
from app.imports.mapping import (
    Mapped,
    checked_fixed,
    checked_mapping,
    guess_mapping,
    keep_mapping,
    kept_mapping,
    left_out,
)
from app.imports.models import ImportProfile, ImportRun
from app.imports.profiles import keep_profile, profile_layout, profile_named
from app.imports.proposing import proposed_table
from app.imports.reading import FileKind, Layout, Table, kind_of, open_table, sheet_names
from app.imports.refused import error_file
from app.imports.reporting import advice, grouped_errors
from app.imports.rows import ParsedFile, parsed
from app.imports.staging import FAULT, Staging

SHOWN_ERRORS = 100
MOST_NAMED = 12  # columns that are named in one sentence
UNNAMED = re.compile(r"\([0-9]+\)")  # a column without a name: it was said when it was read
PART = 16 * 1024 * 1024  # bytes of a file that are fetched at once
DECIMALS = ("", ".", ",")
FIGURES = {"held": "What the cell holds", "shown": "What the cell shows"}


class FileGone(DomainError):
    """The uploaded file has expired: it must be uploaded again."""

    status = 410


class NotReady(DomainError):
    """An import is not at that step, or its job is still running."""


def upload(
    kind: str, *, file_name: str, content: bytes, profile: str = "", **layout: Any
) -> ImportRun:
    """Keep a file that is to be imported, and guess its columns.

    `layout` is what is known of how to read it: see `reading.Layout`. A `profile` says what was
    chosen for another file of the same sender.

    Raises:
        UnreadableFile: It cannot be read, with the reason.
        Invalid: There is no such profile.
    """
    importer = importers()[kind]
    known = profile_named(kind, profile) if profile else None
    table = proposed_table(importer, content, profile_layout(known, layout))
    mapping, actor = _offered(importer, table, known), current_actor()
    notices = _notices(importer, table, mapping)
    with transaction() as session:
        file = store_file(
            file_name,
            content,
            content_type="application/octet-stream",
            permission=importer.file_permission(mapping),
        )
        run = ImportRun(
            kind=kind,
            file_name=file_name,
            file_id=file.id,
            layout=table.layout.settings,
            columns=table.columns,
            notices=notices,
            mapping=mapping,
            left_out=left_out(importer, table.columns, mapping),
            fixed=known.fixed if known else {},
            update=known.update if known else True,
            options=known.options if known else [],
            profile=known.name if known else "",
            actor_id=actor.id,
            actor=actor.name,
        )
        session.add(run)
    return run


def read_anew(run: ImportRun, **layout: Any) -> None:
    """Read an uploaded file in another way: another sheet, another header row or none.

    Raises:
        UnreadableFile: It cannot be read like that.
    """
    _refuse_busy(run)
    importer, chosen = importers()[run.kind], Layout.of(layout)
    if chosen.sheet != run.layout.get("sheet", ""):
        chosen = chosen.with_header(0)  # it was that of the other sheet
    table = proposed_table(importer, _content(run), chosen)
    mapping = _offered(importer, table)
    notices = _notices(importer, table, mapping)
    with transaction():
        run.layout, run.columns = table.layout.settings, table.columns
        run.notices, run.mapping, run.stage = notices, mapping, "uploaded"
        run.left_out = left_out(importer, run.columns, run.mapping)


def _notices(importer: Importer, table: Table, mapping: Mapped) -> list[str]:
    """Read a file to its end, and say how it is read and what of that is a guess.

    Raises:
        UnreadableFile: It is broken somewhere.
    """
    columns = [
        (field, table.columns.index(mapping[field.name]))
        for field in importer.fields
        if field.name in mapping
    ]
    found = find_out(table, columns)
    return [*filter(None, [*table.notices, *found.doubts, *found.proofs, said_of(table)])]


def choose(
    run: ImportRun,
    mapping: Mapped,
    *,
    update: bool = True,
    options: Sequence[str] = (),
    fixed: Mapped | None = None,
    profile: str = "",
) -> None:
    """Settle which column is which field; without `update` known records are left alone.

    `fixed` says fields that are alike in all rows. Under the name of a `profile` all of it is
    kept for the next file of the same sender.

    Raises:
        Invalid: A field, a column or an option does not exist, or a key has no column.
    """
    _refuse_busy(run)
    importer = importers()[run.kind]
    exact = checked_mapping(importer, run.columns, mapping)
    if unknown := set(options) - set(importer.options):
        raise Invalid("options", f"There is no option “{min(unknown)}”.")
    said = checked_fixed(importer, fixed or {})
    with transaction():
        run.mapping, run.update, run.options = exact, update, list(options)
        run.left_out = left_out(importer, run.columns, exact)
        run.fixed, run.profile = said, profile.strip()
        run.stage, run.result, run.error_file_id = "ready", None, None
        keep_mapping(importer, run.columns, exact)
        if run.profile:
            keep_profile(run)


def begin(run: ImportRun, job: Any, *stages: str) -> JobRun:
    """Start the job of a step; `stages` are those in which it makes sense.

    Raises:
        NotReady: The import is at another step, or one is running already.
    """
    with transaction() as session:
        session.scalars(
            locked(select(ImportRun).where(ImportRun.id == run.id), ImportRun)
        ).one()
        _refuse_busy(run)
        if run.stage not in stages:
            raise NotReady("This import is at another step already.")
        started: JobRun = job.enqueue(import_id=run.id)
        run.job_id = started.id
    return started


def notices_of(run: ImportRun) -> list[str]:
    """Say what was guessed of a file, and what is left out of it."""
    return [*run.notices, *_said_left_out(run)]


def _said_left_out(run: ImportRun) -> list[str]:
    label_of = importers()[run.kind].label_of
    return [
        f"The column “{column}” is left out: the field “{label_of(name)}” is imported only by "
        "those who may see it."
        for name, column in run.left_out.items()
    ]


def _said_unread(run: ImportRun) -> list[str]:
    """Name the columns that no field takes: nothing is left out without a word."""
    taken = {*run.mapping.values(), *run.left_out.values()}
    names = [name for name in run.columns if name not in taken and not UNNAMED.match(name)]
    if not names or not run.layout.get("header", True):
        return []
    shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [f"No field takes these columns: {shown}{more}."]


def table_of(run: ImportRun) -> Table:
    """Open the file of an import.

    Raises:
        FileGone: It has expired.
    """
    return open_table(_content(run), Layout.of(run.layout))


def _content(run: ImportRun) -> bytes:
    """Fetch the file part by part: PostgreSQL sends two letters for each byte of it."""
    of = StoredFile
    size = db.session.scalar(select(of.size).where(of.id == run.file_id))
    if size is None:
        raise FileGone("The file is not kept any more. Please upload it again.")
    content = BytesIO()
    for begin in range(1, size + 1, PART):
        part = select(func.substr(of.content, begin, PART)).where(of.id == run.file_id)
        content.write(db.session.scalar(part) or b"")
    return content.getvalue()


def sheets_of(run: ImportRun) -> list[str]:
    """Name the sheets of an Excel file; a text file has none.

    Raises:
        FileGone: It has expired.
    """
    content = _content(run)
    return sheet_names(content) if kind_of(content) is FileKind.EXCEL else []


def run_import(import_id: int, *, dry_run: bool) -> dict[str, Any]:
    """Read, check and load a file; in a dry run nothing is written but the result.

    Good rows are loaded in one transaction, bad ones are reported. Doing it again changes
    nothing more. Gives what `API.md` calls an import's result.

    Raises:
        UnreadableFile: The file is broken further down.
        FileGone: It has expired.
    """
    run = db.session.get_one(ImportRun, import_id)
    importer, table = importers()[run.kind], table_of(run)
    how = importer, table, run.mapping, report_progress
    with parsed(*how, options=run.options, fixed=run.fixed) as rows:
        report_progress(rows.rows, rows.rows + 1)  # what follows is one unit of work
        return _load(run, table, rows, dry_run=dry_run)


@retried
def _load(run: ImportRun, table: Table, rows: ParsedFile, *, dry_run: bool) -> dict[str, Any]:
    importer = importers()[run.kind]
    with transaction() as session:
        if not dry_run:
            _one_at_a_time(session, run.kind)
            session.refresh(run)
            if run.stage == "applied" and run.result:  # by a worker that was lost afterwards
                return run.result
        choices = {"update": run.update, "options": run.options, "dry_run": dry_run}
        staging = Staging(session, importer, rows, import_id=run.id, **choices)
        counts = importer.load(staging)
        file = error_file(staging, table, run.file_name)
        run.result = _result(staging, rows, counts) | {
            "error_file_url": file and file.url,
            "notices": [
                *table.notices,
                *rows.notes,
                *staging.doubts,
                *_said_left_out(run),
                *_said_unread(run),
            ],
            "figures": [[label, text] for label, text in staging.figures],
        }
        run.error_file_id = file.id if file else None
        run.stage = "checked" if dry_run else "applied"
        staging.drop()
        if not dry_run and counts.created + counts.updated:
            publish(FileImported(kind=run.kind, import_id=run.id))
        return run.result


@retried
def undo(run: ImportRun) -> int:
    """Take back what an import has written; gives how many records that were.

    Raises:
        NotReady: It was not applied, or what it wrote cannot be taken back.
    """
    undo_rows = importers()[run.kind].undo
    with transaction() as session:
        _one_at_a_time(session, run.kind)
        session.scalars(
            locked(select(ImportRun).where(ImportRun.id == run.id), ImportRun)
        ).one()
        if run.stage != "applied" or undo_rows is None:
            raise NotReady("There is nothing to undo here.")
        count = undo_rows(session, run.id)
        run.stage = "undone"
    return count


def _one_at_a_time(session: Session, kind: str) -> None:
    """Two imports of one kind wait for each other, so both count right."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"import {kind}"))))


def _result(staging: Staging, rows: ParsedFile, counts: Counts) -> dict[str, Any]:
    wrong = staging.errors.c
    failed = select(func.count(wrong.row.distinct()))
    columns = [wrong[name] for name in FAULT]
    first = select(*columns).order_by(wrong.row, wrong.field).limit(SHOWN_ERRORS)
    count, groups = staging.session.scalar(failed) or 0, grouped_errors(staging)
    return {
        "rows": rows.rows,
        **counts._asdict(),
        "failed": count,
        "errors": [dict(row) for row in staging.session.execute(first).mappings()],
        "groups": groups,
        "advice": advice(staging.importer, groups) if count == rows.rows else "",
    }


def _offered(
    importer: Importer, table: Table, profile: ImportProfile | None = None
) -> dict[str, str]:
    """The mapping of the profile, or of the last time, else a guess."""
    if profile is not None and {*profile.mapping.values()} <= {*table.columns}:
        return profile.mapping
    known = kept_mapping(importer, table.columns)
    return known if known is not None else guess_mapping(importer, table.columns)


def _refuse_busy(run: ImportRun) -> None:
    job = db.session.get(JobRun, run.job_id) if run.job_id else None
    if job is not None and not job.is_finished:
        raise NotReady("This import is being worked on. Please wait until that has ended.")
    if run.stage in ("applied", "undone"):
        raise NotReady("This import has been applied already. Upload the file once more.")
