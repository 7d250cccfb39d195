"""What the kernel itself brings."""

from app.core import api_docs, api_permissions, cleanup, disk_watch, files, health, metrics
from app.core.alerts import api as alerts_api
from app.core.alerts import rule_views as alert_rules_views
from app.core.alerts import rules_api as alert_rules_api
from app.core.alerts import views as alerts_views
from app.core.alerts.kernel_kinds import ALERTS
from app.core.alerts.webhooks import WEBHOOKS
from app.core.audit import api as audit_api
from app.core.audit import views as audit_views
from app.core.backup import api as backup_api
from app.core.backup import cli as backup_cli
from app.core.backup import jobs as backup_jobs
from app.core.backup import services as backup
from app.core.backup import views as backup_views
from app.core.backup.settings import SETTINGS as BACKUP_SETTINGS
from app.core.events import Periodic
from app.core.jobs import api as jobs_api
from app.core.jobs import runner, schedule_api, schedule_views
from app.core.jobs import views as jobs_views
from app.core.navigation import Place
from app.core.pages import choices
from app.core.pages import views as pages_views
from app.core.pages.bulk import api as bulk_api
from app.core.pages.saved_views import api as saved_views_api
from app.core.pages.saved_views import views as saved_views_views
from app.core.permissions import Area, Verb, may
from app.core.settings import views as settings_views
from app.core.settings.api import settings_api
from app.core.settings.definitions import KERNEL_SETTINGS
from app.core.slices import Slice

SLICE = Slice(
    name="core",
    webhooks=WEBHOOKS,
    alerts=ALERTS,
    pages=(
        health.bp,
        metrics.bp,
        api_docs.bp,
        files.bp,
        alerts_views.bp,
        alert_rules_views.bp,
        jobs_views.bp,
        schedule_views.bp,
        backup_views.bp,
        settings_views.bp,
        audit_views.bp,
        pages_views.bp,
        saved_views_views.bp,
        choices.bp,
    ),
    api=(
        jobs_api.bp,
        schedule_api.bp,
        backup_api.bp,
        settings_api,
        saved_views_api.bp,
        bulk_api.bp,
        alerts_api.bp,
        alert_rules_api.bp,
        audit_api.bp,
        api_permissions.bp,
    ),
    commands=(backup_cli.backup, backup_cli.restore_file),
    permissions=(
        Area(
            "jobs",
            order=120,
            verbs=(
                Verb("view", "See all background jobs", ("manager",)),
                Verb("manage", "Retry and cancel jobs, change the schedule", ("manager",)),
            ),
        ),
        Area(
            "audit",
            order=140,
            verbs=(Verb("view", "Search the audit trail", ("manager",)),),
        ),
        Area(
            "views",
            order=145,
            verbs=(Verb("share", "Share saved views of lists with a role", ("manager",)),),
        ),
        Area(
            "settings",
            order=150,
            verbs=(Verb("edit", "Change settings"),),
        ),
    ),
    settings=KERNEL_SETTINGS + BACKUP_SETTINGS,
    places=(
        Place("Jobs", "jobs.index", "clock", "jobs.view", 30, "Work"),
        # Who does not see everybody's finds there what she has asked for: files above all.
        Place(
            *("My jobs", "jobs.index", "clock", lambda: not may("jobs.view"), 31, "Work"),
            start=False,
        ),
        Place("Audit", "audit.index", "history", "audit.view", 40, "Administration"),
        Place("Schedule", "schedule.index", "calendar", "jobs.manage", 50, "Administration"),
        Place("Backups", "backups.index", "download", "jobs.manage", 55, "Administration"),
        Place(
            "Alert rules", "alert_rules.index", "alert", "settings.edit", 58, "Administration"
        ),
        Place("Settings", "settings.edit", "settings", "settings.edit", 60, "Administration"),
    ),
    records={
        "setting": "settings.edit",
        "schedule_entry": "schedule.index",
        "alert": "alerts.index",
        "alert_rule": "alert_rules.index",
    },
    topics={"jobs": "jobs.view"},
    schedule={
        "sweep-jobs": Periodic("* * * * *", runner.sweep, "Find lost jobs", order=10),
        "watch-backups": Periodic("5 * * * *", backup.watch, "Look after backups", order=12),
        "watch-disks": Periodic("*/10 * * * *", disk_watch.watch, "Look after disks", order=13),
        "back-up": Periodic(
            "0 1 * * *", backup_jobs.back_up.enqueue, "Back up everything", order=18
        ),
        "delete-files": Periodic(
            "10 2 * * *", cleanup.delete_files.enqueue, "Delete expired files", order=30
        ),
        "forget-jobs": Periodic(
            "20 2 * * *", cleanup.forget_jobs.enqueue, "Forget old jobs", order=100
        ),
        "forget-answers": Periodic(
            "30 2 * * *", cleanup.forget_answers.enqueue, "Forget old answers", order=110
        ),
    },
)
