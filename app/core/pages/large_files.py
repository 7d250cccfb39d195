"""Files that take longer than somebody waits for: a job writes them, and its page has them."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select
from werkzeug import Response

from app.core.db import db
from app.core.files import StoredFile, store_file
from app.core.jobs import JobRun, job, report_progress
from app.core.pages.asked import Asked
from app.core.pages.exports import rows
from app.core.pages.lists import ListPage, lists
from app.core.sheets import Format, write_table
from app.core.web import respond_redirect

AT_ONCE = 20_000  # rows, or cells of figures, that somebody waits for
MOST_KEPT = 1_000_000  # rows: a sheet of Excel ends soon after
STEP = 5_000  # rows between two reports of progress
LONGEST = 3600  # seconds


def is_large(page: ListPage, asked: Asked) -> bool:
    """Tell whether there are more rows than a request should carry."""
    return _count(page, asked, AT_ONCE + 1) > AT_ONCE


def _count(page: ListPage, asked: Asked, most: int) -> int:
    found = page.select(asked)
    if not isinstance(found, Select):
        return 0
    counted = found.order_by(None).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(counted)) or 0


def begin_list_file(page: ListPage, asked: Asked, form: Format) -> Response:
    """Let a job write the rows of a list as a file, and lead to where it will be."""
    run: JobRun = write_list.enqueue(
        list_name=page.name,
        form=form.value,
        args={**asked.texts, "sort": asked.sort},
        columns=[*asked.columns],
        zone=asked.zone,
    )
    return respond_begun(run)


def respond_begun(run: JobRun) -> Response:
    """Lead to the page of a job that writes a file."""
    place = url_for("jobs.show", run_id=run.id)
    return respond_redirect(place, "The file is being written; it appears on this page.")


@job(queue="interactive", label="Write a file", timeout=LONGEST, retry_after=(10,))
def write_list(
    *, list_name: str, form: str, args: dict[str, str], columns: list[str], zone: str
) -> dict[str, Any]:
    """Write the rows of a list as a file."""
    page = lists()[list_name].page
    asked = page.read_args(args, columns=columns, zone=zone)
    told = rows(page, asked, most=MOST_KEPT)
    total = _count(page, asked, MOST_KEPT)
    file = keep_table(
        counted(told, total),
        Format(form),
        title=page.title,
        name=page.name,
        permission=page.permission,
    )
    return {"rows": total, "file_url": file.url}


def counted(told: Iterable[Sequence[Any]], total: int) -> Iterator[Sequence[Any]]:
    """Give rows on, and report how many there were."""
    for number, row in enumerate(told):
        if number % STEP == 0:
            report_progress(number, max(total, number))
        yield row
    report_progress(total, total)


def keep_table(
    told: Iterable[Sequence[Any]], form: Format, *, title: str, name: str, permission: str
) -> StoredFile:
    """Write rows as a file that is kept, for who holds the permission and who asked for it.

    Raises:
        FileTooLarge: It is over the size that is kept.
    """
    target = BytesIO()
    write_table(told, form, title, target)
    return store_file(
        f"{name}.{form.value}",
        target.getvalue(),
        content_type=form.content_type,
        permission=permission,
    )
