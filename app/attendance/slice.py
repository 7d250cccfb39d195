"""What attendance brings."""

from app.accounts.choices import user_choices
from app.attendance import api, jobs, services, views
from app.attendance.alerts import ALERTS
from app.attendance.choices import employee_choices
from app.attendance.cli import group
from app.attendance.importers import EMPLOYEES
from app.attendance.permissions import AREAS, OWN, PUNCH, RATES
from app.attendance.screens import KIOSK
from app.attendance.settings import SETTINGS
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.slices import Slice

GROUP = "Attendance"

SLICE = Slice(
    name="attendance",
    pages=views.BLUEPRINTS,
    api=api.BLUEPRINTS,
    alerts=ALERTS,
    commands=(group,),
    installs=(
        services.install_key,
        services.install_rule_set,
        services.install_absence_types,
    ),
    permissions=AREAS,
    settings=SETTINGS,
    topics={
        "attendance": "attendance.view",
        "captures": "attendance.enrol",
        "my-time": OWN,
        KIOSK: PUNCH,
    },
    places=(
        Place("Who is in", "attendance_board.show", "users", "attendance.view", 5, GROUP),
        Place("Timesheets", "timesheets.index", "clock", "attendance.view", 10, GROUP),
        Place(
            "To approve", "attendance_requests.index", "check", "attendance.approve", 20, GROUP
        ),
        Place("Roster", "roster.index", "calendar", "attendance.view", 30, GROUP),
        Place("Absences", "absences.index", "leave", "attendance.view", 40, GROUP),
        Place("Punches", "punches.index", "list", "attendance.view", 50, GROUP),
        Place("My time", "my_time.show", "user", OWN, 60, GROUP),
        Place("Employees", "employees.index", "users", "employees.view", 70, GROUP),
        Place("Devices", "attendance_devices.index", "key", "attendance.enrol", 80, GROUP),
        Place("Payroll", "payroll.index", "download", "attendance.payroll", 90, GROUP),
    ),
    records={
        "employee": "employees.show",
        "attendance_rule_set": "attendance_rules.show",
        "attendance_device": "attendance_devices.show",
        "attendance_shift": "shifts.show",
        "punch_correction": "corrections.show",
        "absence": "absences.show",
        "absence_type": "absence_types.show",
        "own_holiday": "own_holidays.show",
        "overtime": "overtime.show",
        "shift_swap": "swaps.show",
        "payroll_map": "payroll_maps.show",
    },
    guarded={"rate": RATES},
    choices=(
        ChoiceList(name="employee-users", permissions=("employees.edit",), find=user_choices),
        ChoiceList(
            name="employees",
            permissions=("employees.view", "attendance.enrol", "attendance.approve"),
            find=employee_choices,
        ),
    ),
    importers=(EMPLOYEES,),
    schedule={
        "watch-devices": Periodic(
            "*/5 * * * *", services.watch_devices, "Look after readers and kiosks", order=31
        ),
        "refresh-accounts": Periodic(
            "*/5 * * * *",
            jobs.refresh_accounts.enqueue,
            "Bring time accounts up to date",
            order=32,
        ),
        "forget-time": Periodic(
            "50 2 * * *", jobs.forget_time.enqueue, "Forget old time at work", order=128
        ),
    },
)
