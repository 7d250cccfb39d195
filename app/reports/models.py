"""Reports that were asked for, and schedules by which they are made and sent."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.audit import Audited
from app.core.db import Model
from app.core.files import StoredFile
from app.core.jobs import JobRun
from app.planning.models import Cycle
from app.planning.months import months_after

KINDS = {
    "sales": "Sales",
    "forecast": "Forecast",
    "accuracy": "Accuracy of forecasts",
    "supply": "Supply plan",
}
FORMS = {"xlsx": "Excel", "pdf": "PDF"}
EVERY = {"day": "Every day", "week": "Every week", "month": "Every month"}
WEEK = timedelta(weeks=1)


class ReportSchedule(Audited, Model):
    """A report that is made again and again, and sent by e-mail; the next time is `next_on`."""

    value_labels = {"kind": KINDS, "form": FORMS, "every": EVERY}

    __tablename__ = "report_schedule"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
        CheckConstraint(f"form IN {tuple(FORMS)}", "form"),
        CheckConstraint(f"every IN {tuple(EVERY)}", "every"),
        CheckConstraint("recipients <> ''", "recipients"),
        Index("ix_report_schedule_next_on", "next_on"),
    )

    kind: Mapped[str]
    form: Mapped[str]
    every: Mapped[str]
    next_on: Mapped[date]
    recipients: Mapped[str]  # e-mail addresses, with commas between

    def __str__(self) -> str:
        return f"{KINDS[self.kind]} as {FORMS[self.form]}, {EVERY[self.every].lower()}"

    def after(self, day: date) -> date:
        """Give the first time after a day; what was missed meanwhile is not made up for."""
        following = self.next_on
        for number in range(1, (day - self.next_on).days + 2):
            following = self._place(number)
            if following > day:
                break
        return following

    def _place(self, number: int) -> date:
        """Give the n-th time after `next_on`; the last day of months that are shorter."""
        if self.every != "month":
            step = WEEK if self.every == "week" else timedelta(days=1)
            return self.next_on + number * step
        first = months_after(self.next_on.replace(day=1), number)
        last = months_after(first, 1) - timedelta(days=1)
        return first.replace(day=min(self.next_on.day, last.day))


class Report(Model):
    """A report somebody asked for, or a schedule did; one that is being made has no `made_at`.

    What it is of is settled when it is asked for: days for sales and accuracy, a cycle for a
    forecast. Its file is there until it expires.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
        CheckConstraint(f"form IN {tuple(FORMS)}", "form"),
        CheckConstraint("until >= since", "days"),
        CheckConstraint("(kind = 'forecast') = (cycle_id IS NOT NULL)", "cycle"),
        Index("ix_report_kind", "kind", "id"),
    )

    kind: Mapped[str]
    form: Mapped[str]
    since: Mapped[date]
    until: Mapped[date]
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey(Cycle.id, ondelete="CASCADE"))
    schedule_id: Mapped[int | None] = mapped_column(
        ForeignKey(ReportSchedule.id, ondelete="SET NULL")
    )
    # Of a schedule: to whom it goes, as it said then, and when it went.
    recipients: Mapped[str] = mapped_column(server_default="", default="")
    sent_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id, ondelete="SET NULL"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey(JobRun.id, ondelete="SET NULL"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    cycle: Mapped[Cycle | None] = relationship(lazy="raise")
    job: Mapped[JobRun | None] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        if self.kind == "forecast":
            return f"{KINDS[self.kind]} of {self.cycle}"
        if self.kind == "supply":
            return f"{KINDS[self.kind]} of {self.until:%-d %B %Y}"
        return f"{KINDS[self.kind]}, {self.since:%-d %B %Y} to {self.until:%-d %B %Y}"

    @property
    def is_made(self) -> bool:
        """Tell whether its file was written; it may have expired since."""
        return self.made_at is not None

    @property
    def is_working(self) -> bool:
        """Tell whether something will still happen by itself."""
        return not self.is_made and self.job is not None and not self.job.is_finished

    @property
    def state(self) -> str:
        """Say how far it is."""
        if self.is_working:
            return "In the making"
        if not self.is_made:
            return "Failed"
        return "Made" if self.file_id else "Expired"
