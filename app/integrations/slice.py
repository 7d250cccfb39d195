"""What the hub brings; each system has a manifest of its own in `systems`."""

from app.core.events import Periodic
from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.integrations import api, cli, jobs, views
from app.integrations.alerts import ALERTS
from app.integrations.money.alerts import ALERTS as MONEY_ALERTS
from app.integrations.settings import SETTINGS
from app.integrations.sync.waiting import watch_syncs

SLICE = Slice(
    name="integrations",
    pages=(views.bp, views.webhooks),
    api=(api.bp,),
    commands=(cli.rotate_keys,),
    permissions=(
        Area(
            "integrations",
            order=110,
            verbs=(
                Verb("view", "See connections and how they sync", ("manager",)),
                Verb("sync", "Start a sync, try records again", ("manager",)),
                Verb("manage", "Connect, disconnect, decide which records belong together"),
            ),
        ),
        Area(
            "money",
            order=112,
            verbs=(Verb("view", "See payouts, fees and transactions elsewhere", ("manager",)),),
        ),
    ),
    settings=SETTINGS,
    alerts=(*ALERTS, *MONEY_ALERTS),
    places=(
        Place(
            "Connections",
            "connections.index",
            "link",
            "integrations.view",
            10,
            "Administration",
        ),
    ),
    records={"connection": "connections.show"},
    topics={"connections": "integrations.view"},
    schedule={
        "sync-changes": Periodic(
            "7 * * * *", jobs.sync_changes.enqueue, "Sync what has changed elsewhere", order=40
        ),
        "sync-urgent": Periodic(
            "*/5 * * * *", jobs.sync_urgent.enqueue, "Sync where somebody waits", order=50
        ),
        "sync-everything": Periodic(
            "40 3 * * *", jobs.sync_everything.enqueue, "Sync everything", order=70
        ),
        "watch-syncs": Periodic(
            "*/10 * * * *", watch_syncs, "Look for syncs that wait", order=75
        ),
        "refresh-tokens": Periodic(
            "*/5 * * * *", jobs.refresh_tokens.enqueue, "Refresh tokens that end", order=80
        ),
        "match-money": Periodic(
            "*/10 * * * *", jobs.match_money.enqueue, "Match sales to documents", order=85
        ),
        "clean-up-syncs": Periodic(
            "50 2 * * *", jobs.cleanup.enqueue, "Delete old syncs and webhooks", order=90
        ),
    },
)
