"""What reports bring."""

from app.core.events import Periodic
from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.reports import api, jobs
from app.reports.views import PAGES

SLICE = Slice(
    name="reports",
    permissions=(
        Area(
            "reports",
            order=99,
            verbs=(
                Verb("view", "See and download reports of what one may see", ("manager",)),
                Verb("make", "Have reports made and sent", ("manager",)),
            ),
        ),
    ),
    pages=PAGES,
    api=api.BLUEPRINTS,
    places=(Place("Reports", "reports.index", "download", "reports.view", 50, "Sales"),),
    records={"report_schedule": "report_schedules.show"},
    schedule={
        "make-reports": Periodic(
            "0 5 * * *", jobs.start_due_reports.enqueue, "Make reports that are due", order=64
        ),
    },
)
