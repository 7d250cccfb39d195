"""Reports: made, polled, and their documents, which lie at another host that knows nobody."""

import csv
import gzip
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, request

from tests.standins.amazon import columns, errors
from tests.standins.amazon.api import answer, moment
from tests.standins.amazon.state import State
from tests.standins.around import is_met
from tests.standins.objects import Object

ROOT = "/reports/2021-06-30"
PACIFIC = ZoneInfo("America/Los_Angeles")


def reports(state: State) -> Blueprint:
    """The routes of reports."""
    routes = Blueprint("reports", __name__)

    @routes.post(f"{ROOT}/reports")
    def make() -> Response:
        asked = request.get_json()
        if asked.get("reportType") not in columns.COLUMNS:
            return errors.refused(400, "InvalidInput", "Invalid Report Type.")
        number = str(50_000 + len(state.reports))
        made = datetime.now(UTC).isoformat()
        state.reports[number] = {**asked, "reportId": number, "createdTime": made, "polls": 0}
        return answer({"reportId": number}, 202)

    @routes.get(f"{ROOT}/reports/<number>")
    def poll(number: str) -> Response:
        if number not in state.reports:
            return errors.refused(404, "NotFound", "Report not found.")
        return polled(state, state.reports[number])

    @routes.get(f"{ROOT}/documents/<path:number>")
    def document(number: str) -> Response:
        here = request.host_url.replace("127.0.0.1", "localhost")
        said = {"reportDocumentId": number, "url": f"{here}files/{number}?X-Amz-Signature=1"}
        packed = {"compressionAlgorithm": "GZIP"} if state.is_packed else {}
        return answer(said | packed)

    @routes.get("/files/<path:number>")
    def file(number: str) -> Response:
        return sent(state, number)

    return routes


def polled(state: State, report: Object) -> Response:
    """How far a report is; when it is done its document is written."""
    report["polls"] += 1
    named = getattr(g.get("fault"), "options", {}).get("type", report["reportType"])
    is_meant = named == report["reportType"]
    said = {
        name: report[name]
        for name in ("reportId", "reportType", "createdTime", "marketplaceIds")
    } | {name: report[name] for name in ("dataStartTime", "dataEndTime") if name in report}
    if is_meant and (is_met("cancelled") or is_met("fatal")):
        state_of = "CANCELLED" if is_met("cancelled") else "FATAL"
        return answer(said | {"processingStatus": state_of})
    if report["polls"] <= state.polls or (is_meant and is_met("stuck")):
        return answer(said | {"processingStatus": "IN_PROGRESS"})
    document = f"amzn1.spdoc.1.4.eu.{report['reportId']}"
    state.documents[document] = (written(state, report), report["reportType"])
    return answer(said | {"processingStatus": "DONE", "reportDocumentId": document})


def sent(state: State, number: str) -> Response:
    """The bytes of a document."""
    content, kind = state.documents[number]
    meant = getattr(g.get("fault"), "options", {}).get("type", kind)
    if meant != kind:
        pass  # the fault is of another report
    elif is_met("no_columns"):
        content = b"<html>nothing here</html>\n"
    elif is_met("header_only"):
        content = content.partition(b"\n")[0] + b"\n"
    elif is_met("short_row"):
        content += b"alone\tand short\n"
    if state.is_packed:
        content = gzip.compress(content)
    if is_met("cut_gzip"):
        content = content[: len(content) // 2]
    said = f"text/plain; charset={state.charset}" if state.charset else "text/plain"
    return Response(content, content_type=said)


class Quoted(csv.excel_tab):
    """Every cell in quotes."""

    quoting = csv.QUOTE_ALL
    lineterminator = "\n"


class Bare(csv.excel_tab):
    """Cells as they are."""

    quoting = csv.QUOTE_NONE
    lineterminator = "\n"
    quotechar = None


def written(state: State, report: Object) -> bytes:
    """Write a report: its head, and the rows of its span in the order of the newest."""
    kind = report["reportType"]
    names = columns.COLUMNS[kind]
    out = io.StringIO()
    writer = csv.writer(out, Quoted if kind in columns.QUOTED else Bare)
    writer.writerow(names)
    for row in rows_of(state, report):
        writer.writerow([row.get(name, "") for name in names])
    return out.getvalue().encode(state.written_in)


def rows_of(state: State, report: Object) -> list[dict[str, Any]]:
    """The rows of a report."""
    kind = report["reportType"]
    with state.seller.lock:
        if kind == columns.FEES:
            return state.seller.fees()
        if kind == columns.SUMMARY:
            return days_of(state, report)
        began, ended = moment(report["dataStartTime"]), moment(report["dataEndTime"])
        found = [(at, row) for at, row in state.seller.rows[kind] if began <= at <= ended]
    timed = columns.TIMED[kind]
    found.sort(key=lambda one: one[0], reverse=True)
    return [{timed: day_of(kind, at), **row} for at, row in found]


def day_of(kind: str, at: datetime) -> str:
    """A day as reports write it: ledgers as people of the Pacific coast do."""
    if kind in columns.QUOTED:
        return f"{at.astimezone(PACIFIC):%m/%d/%Y}"
    return at.isoformat(timespec="seconds")


def days_of(state: State, report: Object) -> list[dict[str, Any]]:
    """What each day began and ended with, day by day, of what may be sold."""
    began, ended = moment(report["dataStartTime"]), moment(report["dataEndTime"])
    first, last = began.astimezone(PACIFIC).date(), ended.astimezone(PACIFIC).date()
    sums: dict[tuple[str, date], int] = {}
    for at, row in state.seller.rows[columns.LEDGER]:
        if row["Disposition"] == "SELLABLE":
            key = row["MSKU"], at.astimezone(PACIFIC).date()
            sums[key] = sums.get(key, 0) + int(row["Quantity"])
    made = []
    for goods in state.seller.goods.values():
        day, balance = (
            first,
            sum(n for (sku, d), n in sums.items() if sku == goods.sku and d < first),
        )
        while day <= last:
            moved = sums.get((goods.sku, day), 0)
            if balance or moved:
                made.append({
                    "Date": f"{day:%m/%d/%Y}", "FNSKU": goods.fnsku, "ASIN": goods.asin,
                    "MSKU": goods.sku, "Title": goods.name, "Disposition": "SELLABLE",
                    "Starting Warehouse Balance": balance, "Other Events": moved,
                    "Ending Warehouse Balance": balance + moved, "Location": "DE",
                })  # fmt: skip
            day, balance = day + timedelta(days=1), balance + moved
    return made
