"""What the company decides about attendance."""

from app.attendance.reckoning.retention import FLOORS
from app.core.settings.definitions import Definition, Value, between

GROUP, ORDER = "Attendance", 45
LEAST = min(FLOORS.values())


def _months(value: Value) -> str | None:
    if value == 0:
        return None
    return between(LEAST, 600)(value)


SETTINGS = (
    Definition(
        key="attendance_debounce",
        group=GROUP,
        order=ORDER,
        label="Punches of one person count once within",
        default=60,
        unit="seconds",
        help="Counted from the last sighting: a card left on a reader counts once.",
        check=between(0, 600),
    ),
    Definition(
        key="attendance_longest",
        group=GROUP,
        order=ORDER,
        label="Without a shift, time at work ends at the latest after",
        default=16,
        unit="hours",
        help="Past that the end was forgotten. It is flagged, never guessed.",
        check=between(4, 24),
    ),
    Definition(
        key="attendance_web_punches",
        group=GROUP,
        order=ORDER,
        label="Let people punch from web and phone",
        default=False,
        help="Employees who are users, on the page My time.",
    ),
    Definition(
        key="attendance_fingerprints",
        group=GROUP,
        order=ORDER,
        label="Let people punch with a fingerprint",
        default=False,
        help="Wants a legal ground, an assessment, and a card or PIN offered instead.",
    ),
    Definition(
        key="attendance_overtime_approval",
        group=GROUP,
        order=ORDER,
        label="Overtime counts only when it is approved",
        default=False,
        help="Of all days that are not locked. What is not approved is told on the "
        "timesheet and to payroll, and is neither paid nor in the time account.",
    ),
    Definition(
        key="attendance_silent_minutes",
        group=GROUP,
        order=ORDER,
        label="Alert when a device is not heard for",
        default=30,
        unit="minutes",
        check=between(2, 10_000),
    ),
    Definition(
        key="attendance_rest_hours",
        group=GROUP,
        order=ORDER,
        label="Warn of less rest between two days than",
        default=11,
        unit="hours",
        check=between(0, 24),
    ),
    Definition(
        key="attendance_week_hours",
        group=GROUP,
        order=ORDER,
        label="Warn of more work in a week than",
        default=48,
        unit="hours",
        help="At 0 nobody is warned.",
        check=between(0, 168),
    ),
    Definition(
        key="attendance_average_hours",
        group=GROUP,
        order=ORDER,
        label="Warn of more work in a week, on average, than",
        default=48,
        unit="hours",
        help="Directive 2003/88/EC. Days of leave are neutral. At 0 nobody is warned.",
        check=between(0, 168),
    ),
    Definition(
        key="attendance_average_weeks",
        group=GROUP,
        order=ORDER,
        label="The average is of so many weeks",
        default=17,
        unit="weeks",
        help="17 are four months; some laws and agreements have 24 or 52.",
        check=between(2, 52),
    ),
    Definition(
        key="attendance_break_after",
        group=GROUP,
        order=ORDER,
        label="Warn of a day without a break of more than",
        default=360,
        unit="minutes",
        help="At 0 nobody is warned.",
        check=between(0, 1440),
    ),
    Definition(
        key="attendance_keep_months",
        group=GROUP,
        order=ORDER,
        label="Forget time at work, and people who left, after",
        default=0,
        unit="months",
        help="At 0 nothing is ever forgotten. Never sooner than the law of a workplace lets: "
        "24 months in DE, 36 in US, 48 in ES and wherever we do not know.",
        check=_months,
    ),
)
