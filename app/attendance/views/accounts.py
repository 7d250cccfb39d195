"""Time accounts: everybody's balance, and the months and entries of one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, url_for

from app.attendance import queries, services
from app.attendance.forms import EntryForm, ReasonForm
from app.attendance.models import ENTRIES, AccountEntry, Employee
from app.attendance.views.timesheets import clock, departments
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    ListPage,
    Nothing,
    RecordLink,
    RecordPage,
    Resource,
)
from app.core.web import zone

bp = Blueprint("time_accounts", __name__, url_prefix="/attendance/accounts")

CHANGED = "attendance:changed"
SHOWN = 100  # entries


def _accounts(asked: Asked) -> Sequence[services.Account]:
    return services.accounts(department=asked["department"])


def hours(minutes: int) -> Decimal:
    """Write minutes as hours, for files."""
    return round(Decimal(minutes) / 60, 2)


def _this_month(account: services.Account) -> int:
    last = account.months[-1] if account.months else None
    return last.closing - last.opening if last else 0


def _crumbs(_about: Any) -> list[tuple[str, str]]:
    return [("Timesheets", url_for("timesheets.index"))]


ACCOUNTS = ListPage(
    name="time_accounts",
    title="Time accounts",
    subtitle="What people have worked more, or less, than their contracts say. Days count "
    "once they are over.",
    permission="attendance.view",
    query=_accounts,
    href=lambda account: url_for("time_accounts.show", employee_id=account.employee.id),
    filters=(
        Choice(
            name="department",
            label="Department",
            options=departments,
            everything="All departments",
        ),
    ),
    columns=(
        Column(name="number", title="Number", kind="code", value="employee.number"),
        Column(
            name="name",
            title="Name",
            value="employee.name",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="department", title="Department", value="employee.department", place="meta"
        ),
        Column(
            name="month",
            title="This month",
            place="num",
            value=lambda account: clock(_this_month(account)),
            export=lambda account: hours(_this_month(account)),
        ),
        Column(
            name="balance",
            title="Balance",
            place="num",
            value=lambda account: clock(account.balance),
            export=lambda account: hours(account.balance),
        ),
        Column(name="known_until", title="Up to", kind="day", place="wide desk"),
    ),
    events=(CHANGED,),
    sockets="attendance",
    above="attendance/_news.html",
    nouns=("account", "accounts"),
    crumbs=_crumbs,
    nothing=Nothing(
        title="Nobody has a time account yet.",
        advice="It begins with the first day at work, or with what is brought in.",
        icon="clock",
    ),
)
ACCOUNT = Resource(
    name="employee",
    area="time_accounts",
    query=queries.employee,
    rule="/<int:employee_id>",
    keys={"employee_id": "id"},
    event=CHANGED,
)
ENTRY = Resource(
    name="entry",
    area="time_accounts",
    query=queries.account_entry,
    rule="/entries/<int:entry_id>",
    keys={"entry_id": "id"},
    event=CHANGED,
)


def _begin(form: EntryForm, _employee: Employee) -> None:
    form.kind.data = "adjustment"
    form.day.data = datetime.now(zone()).date()


create_entry = Action(
    resource=ACCOUNT,
    name="create_entry",
    path="/entries",
    permission="attendance.payroll",
    title="Enter time",
    subtitle="Into the account of {0.name}, or out of it. It stays, and can be taken back.",
    submit="Enter",
    form=EntryForm,
    fill=_begin,
    act=services.enter_minutes,
    done="It is entered.",
    kind="primary",
    icon="plus",
)
reverse_entry = Action(
    resource=ENTRY,
    name="create_reversal",
    path="/reversal",
    permission="attendance.payroll",
    title="Take back",
    subtitle="By another entry of the same day.",
    form=ReasonForm,
    act=services.reverse_entry,
    done="It is taken back.",
    to=lambda entry: url_for("time_accounts.show", employee_id=entry.employee_id),
    kind="quiet",
    icon="undo",
    when=lambda entry: entry.reverses_id is None,
)


def account_context(employee_id: int) -> dict[str, Any]:
    """Give what a page needs to show an account."""
    found = queries.account_entries(employee_ids=[employee_id])
    newest = found.order_by(AccountEntry.day.desc(), AccountEntry.id.desc()).limit(SHOWN)
    entries = db.session.scalars(newest).all()
    return {
        "account": services.account_of(employee_id),
        "entries": entries,
        "reversed": {one.reverses_id for one in entries},
        "kinds": ENTRIES,
        "clock": clock,
    }


account_page = RecordPage(
    resource=ACCOUNT,
    permission="attendance.view",
    heading="{0.name}",
    title="Time account of {0.name}",
    subtitle="Time account",
    crumbs=lambda _employee: [
        ("Timesheets", url_for("timesheets.index")),
        ("Time accounts", url_for("time_accounts.index")),
    ],
    buttons=(
        create_entry,
        RecordLink(
            label="Timesheet",
            href=lambda employee: url_for("timesheets.show", employee_id=employee.id),
            permission="attendance.view",
            icon="clock",
        ),
    ),
    body="attendance/accounts/_account.html",
    context=lambda employee: {
        **account_context(employee.id),
        "reverse_entry": reverse_entry,
    },
    has_history=False,
)

ACCOUNTS.add_to(bp)
account_page.add_to(bp)
create_entry.add_to(bp)
reverse_entry.add_to(bp)
