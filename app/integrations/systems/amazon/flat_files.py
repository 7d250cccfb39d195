"""Amazon's reports: text files of a month, whose rows have no key, or of how things stand.

Two equal rows of a ledger are two events, so a month takes the place of what was known of it.
Source: the vendor's pages "Report type values" and "Reports API v2021-06-30". Days of reports
are those of the Pacific coast.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.integrations.hub import reports
from app.integrations.hub.connector import Request, Write
from app.integrations.hub.decoding import PartlyRead
from app.integrations.hub.errors import NotUnderstood
from app.integrations.hub.reports import File, ReportSource, Status
from app.integrations.hub.tables import Table, read_table
from app.integrations.systems.amazon import addresses

ROOT = "/reports/2021-06-30"
PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = "now"  # the range of a report on how things stand
BEHIND = timedelta(minutes=5)  # what their clock and ours may differ by
STATES = {
    "IN_QUEUE": reports.MAKING, "IN_PROGRESS": reports.MAKING, "DONE": reports.DONE,
    "CANCELLED": reports.NOTHING, "FATAL": reports.FAILED,
}  # fmt: skip
LETTERS = {"JP": "cp932"}  # in which files are written that do not say; elsewhere cp1252
DAY = "day"  # what we add to a row: its day, as ISO 8601


@dataclass(frozen=True, kw_only=True)
class FlatFile:
    """A kind of report. `day` names the column of its day, as a plain name.

    `months` are how many are read at first, `late` is how long rows may still come or change.
    Without a day it is on how things stand.
    """

    type: str
    needed: tuple[str, ...]
    day: str = ""
    months: int = 6
    late: timedelta = timedelta(days=10)
    options: Mapping[str, str] | None = None


@dataclass(kw_only=True)
class Report(ReportSource):
    """One kind of report of one account."""

    file: FlatFile
    account: str

    def make_request(self, of: str) -> Write:
        """Have the report of a month made: until now, if it is this one."""
        asked: dict[str, Any] = {
            "reportType": self.file.type,
            "marketplaceIds": [addresses.marketplace_of(self.account)],
        }
        if of != NOW:
            began, ended = moments(of)
            asked["dataStartTime"], asked["dataEndTime"] = began.isoformat(), ended.isoformat()
        if self.file.options:
            asked["reportOptions"] = dict(self.file.options)
        return Write(f"{ROOT}/reports", asked, operation="createReport")

    def status_request(self, report: str) -> Request:
        """Ask how far it is."""
        return Request(f"{ROOT}/reports/{report}", {}, operation="getReport")

    def document_request(self, document: str) -> Request:
        """Ask where its document lies."""
        return Request(f"{ROOT}/documents/{document}", {}, operation="getReportDocument")

    def parse_made(self, body: Any) -> str:
        """Give its number."""
        return _text(body, "reportId")

    def parse_status(self, body: Any) -> Status:
        """Say how far it is."""
        said = _text(body, "processingStatus")
        if said not in STATES:
            raise NotUnderstood(
                f"Amazon names a state of reports that we do not know: {said[:30]}."
            )
        state = STATES[said]
        document = _text(body, "reportDocumentId") if state == reports.DONE else ""
        return Status(state, document, "" if state == reports.MAKING else f"({said})")

    def parse_file(self, body: Any) -> File:
        """Say where it lies."""
        return File(_text(body, "url"))

    def read(
        self, content: bytes, headers: Mapping[str, str], of: str
    ) -> tuple[Sequence[Any], str]:
        """Read the rows, each with its day, in an order that is the same each time."""
        country = addresses.country_of(self.account)
        table = read_table(
            content, headers, needed=self.file.needed, else_in=LETTERS.get(country, "cp1252")
        )
        found = [PartlyRead(*one) for one in self._rows(table, of)]
        return found, table.note

    def _rows(self, table: Table, of: str) -> Iterator[tuple[dict[str, Any], bytes]]:
        rows = [*table.rows]
        if of == NOW:
            return (self._row(table, cells, "") for cells in rows)
        place = table.columns.index(self.file.day)
        days = days_of([line[place] if place < len(line) else "" for line in rows], of)
        return (
            self._row(table, cells, day) for day, cells in sorted(zip(days, rows, strict=True))
        )

    def _row(self, table: Table, cells: list[str], day: str) -> tuple[dict[str, Any], bytes]:
        if len(cells) != len(table.columns):
            row: dict[str, Any] = {"cells": cells}
        else:
            row = dict(zip(table.columns, cells, strict=True)) | ({DAY: day} if day else {})
        keyed = {name: row.get(name) for name in ("sku", "fnsku")} if not day else {}
        return keyed, msgspec.json.encode(row)

    def next_range(self, of: str) -> str | None:
        """Give the month after, up to this one."""
        return None if of == NOW or of >= this_month() else month_after(of)

    def key_of(self, of: str) -> str | None:
        """A month takes the place of what was known of it."""
        return None if of == NOW else of


def first_range(file: FlatFile, since: datetime | None) -> str:
    """Give the month in which rows may have come or changed since a moment."""
    if not file.day:
        return NOW
    if since is not None:
        return month_of((since - file.late).astimezone(PACIFIC).date())
    today = datetime.now(PACIFIC).date()
    months = today.year * 12 + today.month - file.months
    return month_of(date(months // 12, months % 12 + 1, 1))


def month_of(day: date) -> str:
    """Write the month of a day, as 2026-11."""
    return f"{day:%Y-%m}"


def this_month() -> str:
    """The month that it is on the Pacific coast."""
    return month_of(datetime.now(PACIFIC).date())


def month_after(month: str) -> str:
    """The next one."""
    return month_of(date.fromisoformat(f"{month}-01") + timedelta(days=32))


def moments(month: str) -> tuple[datetime, datetime]:
    """When a month begins and ends on the Pacific coast, in UTC; it ends now at the latest."""
    began, after = (
        datetime.combine(date.fromisoformat(f"{one}-01"), time(), PACIFIC).astimezone(UTC)
        for one in (month, month_after(month))
    )
    now = datetime.now(UTC).replace(microsecond=0) - BEHIND
    return began, max(min(after - timedelta(seconds=1), now), began)


def days_of(texts: Sequence[str], of: str) -> list[str]:
    """Read the days of a report of a month, which shows in which order they are written.

    Where both orders fit the month, they mean the same days.

    Raises:
        NotUnderstood: In no order do they fall into the month, give or take two days.
    """
    first = date.fromisoformat(f"{of}-01")
    last = date.fromisoformat(f"{month_after(of)}-01")
    margin = timedelta(days=2)
    for order in ORDERS:
        read = {text: _day(text, order) for text in {*texts}}
        found = {text: day for text, day in read.items() if day is not None}
        if len(found) == len(read) and all(
            first - margin <= day < last + margin for day in found.values()
        ):
            written = {text: day.isoformat() for text, day in found.items()}
            return [written[text] for text in texts]
    raise NotUnderstood(f"A report of {of} has rows of other days.")


ORDERS = ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")


def _day(text: str, order: str) -> date | None:
    try:
        return datetime.strptime(text.strip()[:10], order).date()  # noqa: DTZ007
    except ValueError:
        return None


def _text(body: Any, name: str) -> str:
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or not value:
        raise NotUnderstood(f"Amazon answered without {name}.")
    return value


FILES: dict[str, FlatFile] = {
    "ledger": FlatFile(
        type="GET_LEDGER_DETAIL_VIEW_DATA", day="date",
        needed=("date", "fnsku", "msku", "eventtype", "quantity", "disposition"),
    ),
    "ledger_day": FlatFile(
        type="GET_LEDGER_SUMMARY_VIEW_DATA", day="date", months=2,
        needed=("date", "fnsku", "msku", "disposition", "endingwarehousebalance"),
        options={"aggregateByLocation": "COUNTRY", "aggregatedByTimePeriod": "DAILY"},
    ),
    "reimbursement": FlatFile(
        type="GET_FBA_REIMBURSEMENTS_DATA", day="approvaldate", months=12,
        needed=("approvaldate", "reimbursementid", "sku", "currencyunit", "amounttotal"),
    ),
    "customer_return": FlatFile(
        type="GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA", day="returndate",
        needed=("returndate", "orderid", "sku", "quantity", "detaileddisposition"),
    ),
    "removal": FlatFile(
        type="GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA", day="requestdate",
        late=timedelta(days=45),
        needed=("requestdate", "orderid", "sku", "requestedquantity"),
    ),
    "fee_estimate": FlatFile(
        type="GET_FBA_ESTIMATED_FBA_FEES_TXT_DATA",
        needed=("sku", "fnsku", "currency", "estimatedfeetotal"),
    ),
}  # fmt: skip
