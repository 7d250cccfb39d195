"""`python -m local.prepare`: tables up to date, and the first administrator, in one process.

Two flask commands would import the application twice, at every start.
"""

import logging
import os
import sys
import time
from collections.abc import Callable

from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from app import create_app
from local import services, settings

PATIENCE = 60  # seconds for PostgreSQL to recover from whatever happened to it


def main(app: Flask | None = None) -> None:
    """Prepare what `local.up` has started, or what `DATABASE_URL` points at."""
    app = app or create_app()  # while the servers start
    if settings.has_own_postgres():
        wait_for(lambda: services.can_connect(settings.HOME))
        services.create_database(settings.HOME, services.DATABASE)
    if settings.has_own_redis():
        wait_for(lambda: services.can_ping(settings.HOME))
    if settings.has_own_postgres():  # who runs it on a desk asked for nothing of this
        logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        with app.app_context():
            upgrade("migrations")
    except OperationalError as error:
        sys.exit(f"The database of DATABASE_URL does not answer: {error.orig}")
    app.cli.main(["setup"], obj=ScriptInfo(create_app=lambda: app))


def wait_for(ready: Callable[[], bool]) -> None:
    """Wait until a server is ready; `local.up` watches whether it still runs."""
    deadline = time.monotonic() + PATIENCE
    while not ready() and time.monotonic() < deadline:
        time.sleep(0.02)


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    main()
