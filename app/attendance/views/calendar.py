"""Who is away in a month, as a calendar."""

from datetime import date, datetime, timedelta

from flask import request
from werkzeug import Response

from app.attendance import queries
from app.attendance.models import Absence
from app.attendance.views.requests import absences_bp as bp
from app.attendance.views.timesheets import month_of
from app.core.db import db
from app.core.permissions import requires
from app.core.web import render, zone

ONE_DAY = timedelta(days=1)
MOST = 500  # absences that a calendar shows


@bp.get("/calendar")
@requires("attendance.view")
def calendar() -> Response:
    """Show who is away in a month."""
    first, last = month_of(_asked())
    found = queries.absences(first=first, last=last).where(
        Absence.state.in_(("requested", "approved"))
    )
    rows: dict[str, dict[date, Absence]] = {}
    for one in db.session.scalars(found.limit(MOST)):
        mine = rows.setdefault(one.employee.name, {})
        day = max(first, one.first_day)
        while day <= min(last, one.last_day):
            mine[day] = one
            day += ONE_DAY
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    return render(
        "attendance/absences/calendar.html",
        fragment="results",
        first=first,
        before=first - ONE_DAY,
        after=last + ONE_DAY,
        days=days,
        rows=sorted(rows.items()),
    )


def _asked() -> date:
    try:
        return date.fromisoformat(request.args.get("month", ""))
    except ValueError:
        return datetime.now(zone()).date()
