"""The job that does it: row after row, each in its own transaction, with a report."""

from collections.abc import Callable, Mapping
from typing import Any

from app.core.db import db
from app.core.errors import DomainError
from app.core.jobs import job, report_progress
from app.core.pages.bulk.actions import BulkAction
from app.core.pages.bulk.selections import Selected, Selection, count, selected
from app.core.pages.bulk.words import words
from app.core.pages.lists import ListPage, lists

REPORTED = 500  # refusals in the report; the rest is counted
STEPS = 200  # times that progress is told
GONE = "It is not there any more."


class Report:
    """What became of the rows so far."""

    def __init__(self) -> None:
        self.done = 0
        self.errors: list[dict[str, str]] = []
        self.failed = 0

    @property
    def seen(self) -> int:
        """How many rows have been tried."""
        return self.done + self.failed

    def refuse(self, row: Selected, reason: str) -> None:
        """Note that a row could not be done."""
        self.failed += 1
        if len(self.errors) < REPORTED:
            self.errors.append({"record": row.name or f"Number {row.id}", "reason": reason})

    @property
    def result(self) -> dict[str, Any]:
        """The report as the job's result."""
        result: dict[str, Any] = {"done": self.done, "refused": self.failed}
        return {**result, "errors": self.errors} if self.errors else result


@job(queue="interactive", label="Change many records", timeout=3600, words=words)
def apply_action(  # noqa: PLR0913  (a selection, piece by piece)
    *,
    list_name: str,
    action_name: str,
    ids: list[int] | None,
    filters: dict[str, str],
    zone: str,
    values: dict[str, Any],
    about: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Do a bulk action. Done again, it refuses what is as wanted already, and says so."""
    page = lists()[list_name].page
    action = page.action(action_name)
    selection = Selection(ids, filters, zone, about or {})
    if action.act_on_all:
        return _at_once(page, action, selection, values)
    assert action.act  # noqa: S101  (there is one or the other)
    return _one_by_one(page, action.act, selection, values)


def _one_by_one(
    page: ListPage, act: Callable[..., object], selection: Selection, values: Mapping[str, Any]
) -> dict[str, Any]:
    total, report = count(page, selection), Report()
    step = max(total // STEPS, 1)
    for rows in selected(page, selection):
        for row in rows:
            if report.seen % step == 0:
                report_progress(report.seen, max(total, report.seen))
            _try(act, row, values, report)
        db.session.expunge_all()  # what is done need not be remembered
    return report.result


def _try(
    act: Callable[..., object], row: Selected, values: Mapping[str, Any], report: Report
) -> None:
    if row.name is None:
        report.refuse(row, GONE)
        return
    try:
        act(row.id, **values)
    except DomainError as error:
        report.refuse(row, str(error))
    else:
        report.done += 1


def _at_once(
    page: ListPage, action: BulkAction, selection: Selection, values: Mapping[str, Any]
) -> dict[str, Any]:
    report, ids = Report(), []
    for row in (row for rows in selected(page, selection) for row in rows):
        if row.name is None:
            report.refuse(row, GONE)
        else:
            ids.append(row.id)
    assert action.act_on_all  # noqa: S101  (its caller has looked)
    made = action.act_on_all(ids, **values)
    report.done = len(ids)
    return {**report.result, **made}
