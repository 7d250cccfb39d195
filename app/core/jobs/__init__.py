"""Background work. A job is a row first, written together with what caused it.

The row is the truth, Redis only delivers its number: a row that is delivered twice is done once
(`runner.perform` claims it), and one that was lost is delivered again (`runner.sweep`).
"""

from app.core.jobs.definition import QUEUES, Job, job
from app.core.jobs.models import JobRun
from app.core.jobs.progress import Cancelled, Postponed, is_last_attempt, report_progress

__all__ = [
    "QUEUES",
    "Cancelled",
    "Job",
    "JobRun",
    "Postponed",
    "is_last_attempt",
    "job",
    "report_progress",
]
