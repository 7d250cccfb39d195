"""`python -m local.restore FILE`: put a backup back, on this machine or a new one.

Starts PostgreSQL alone, puts the backup back, and keeps its keys where `local.up` looks for
them. Nothing else may be running in the folder meanwhile.
"""

import getpass
import os
import signal
import sys
from pathlib import Path

from local import children, claims, services, settings
from local.settings import HOME

KEPT = {"SECRET_KEY": "secret_key", "ENCRYPTION_KEYS": "encryption_key"}


def main() -> None:
    """Claim the folder, put the backup back, and leave everything ready for `local.up`."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():  # noqa: PLR2004
        sys.exit("Say which file to put back: make restore FILE=/media/opsroom-….backup")
    lock = claims.claim_home(HOME)
    services.forget_the_dead(HOME)
    settings.fill_environment()
    ask_passphrase()
    server = services.start_postgres(HOME) if settings.has_own_postgres() else None
    try:
        put_back(Path(sys.argv[1]))
    finally:
        if server is not None:
            children.stop(server, signal.SIGINT)
        services.forget_the_dead(HOME)
        lock.close()


def ask_passphrase() -> None:
    """Ask for what opens the keys, where somebody sits there who can be asked."""
    if "BACKUP_PASSPHRASE" not in os.environ and sys.stdin.isatty():
        prompt = "Passphrase of the backup's keys (Enter: without keys): "
        os.environ["BACKUP_PASSPHRASE"] = getpass.getpass(prompt)


def put_back(file: Path) -> None:
    """Put the backup in the place of the database, and its keys into the data folder."""
    from app import create_app  # noqa: PLC0415  (reads the environment, which was filled just now)
    from app.core.backup import cli  # noqa: PLC0415
    from app.core.errors import DomainError  # noqa: PLC0415

    with create_app().app_context():
        try:
            done = cli.put_back(file)
        except DomainError as error:
            sys.exit(str(error))
    for name, value in (done.keys or {}).items():
        if name in KEPT:
            settings.keep(KEPT[name], value)
    for line in cli.told(done):
        print(line)  # noqa: T201
    print("Start it: make run")  # noqa: T201


if __name__ == "__main__":
    main()
