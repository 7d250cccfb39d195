"""What a timesheet is: somebody's days in minutes, what they add up to, and what is odd."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.attendance.models import Employee
from app.attendance.reckoning.hours import DayFigures

TOTALS = (
    *("raw", "counted", "breaks", "automatic_break", "regular", "overtime", "double"),
    *("rest_day", "holiday", "late", "left_early", "expected", "absence", "balance"),
    "unapproved",
)
OF_DAYS = ("expected", "absence", "credited", "balance", "unapproved", "banked")
PAID_AS = ("regular", "overtime", "double", "rest_day", "holiday")
DEAREST_FIRST = ("double", "overtime", "rest_day", "holiday")
FLAGS = {
    "forgotten": "Nobody clocked out",
    "absent": "Absent",
    "on_leave": "Worked while away",
    "short_rest": "Too little rest",
    "no_break": "No break",
    "long_week": "More than the hours of a week",
    "long_average": "On average more than the hours of a week",
    "unapproved": "Overtime not approved",
}


@dataclass(slots=True)
class SheetDay:
    """A day of somebody, in minutes; `absence` is what counts as worked while away."""

    day: date
    figures: DayFigures
    expected: int = 0
    absence: int = 0
    away: Decimal = Decimal(0)  # how much of the day
    away_as: str = ""
    holiday: str = ""
    flags: list[str] = field(default_factory=list)
    is_open: bool = False  # somebody is at work still
    unapproved: int = 0  # of the overtime; neither paid nor kept until somebody approves it
    is_kept: bool = False  # the overtime goes into the time account
    owed: int = 0  # of what was expected, all but what is planned and paid as overtime
    is_over: bool = True
    cap: int | None = None  # what the account is cut to: when a month ends,
    carry: int | None = None  # and when a year does

    @property
    def credited(self) -> int:
        """What counts in all."""
        return self.figures.counted + self.absence

    @property
    def balance(self) -> int:
        """What counts more, or less, than was expected; of a day that is over."""
        return self.credited - self.expected if self.is_over else 0

    @property
    def beyond(self) -> int:
        """All that is paid as more than regular hours."""
        return sum(getattr(self.figures, name) for name in DEAREST_FIRST)

    @property
    def banked(self) -> int:
        """What the time account is credited with: overtime that is paid is not in it."""
        if self.is_kept:
            return self.credited - self.unapproved
        return self.figures.regular + min(self.absence, self.owed)

    def figure(self, name: str) -> int:
        """Give a figure: of the day itself, or of what was counted."""
        minutes: int = getattr(self if name in OF_DAYS else self.figures, name)
        return minutes

    def paid(self, name: str) -> int:
        """What is paid as one kind; what is not approved goes off the dearest one first."""
        if name == "regular":
            return self.figures.regular
        if self.is_kept:
            return 0
        left = self.unapproved
        for kind in DEAREST_FIRST:
            minutes = int(getattr(self.figures, kind))
            taken = min(minutes, left)
            if kind == name:
                return minutes - taken
            left -= taken
        raise ValueError(f"Nothing is paid as {name}.")


@dataclass(slots=True)
class Sheet:
    """Somebody's days, in order, and what they add up to."""

    employee: Employee
    days: list[SheetDay]
    paid_out: int = 0  # minutes of the time account

    def total(self, name: str) -> int:
        """Add up a figure of all days: of the day itself, or of what was counted."""
        return sum(one.figure(name) for one in self.days)

    def paid(self, name: str) -> int:
        """Add up what is paid as one kind."""
        return sum(one.paid(name) for one in self.days)

    def band(self, name: str) -> int:
        """Add up a band."""
        return sum(getattr(one.figures.bands, name) for one in self.days)

    @property
    def flags(self) -> list[tuple[date, str]]:
        """What is odd, by day."""
        return [(one.day, flag) for one in self.days for flag in one.flags]
