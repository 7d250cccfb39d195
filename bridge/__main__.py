"""`python -m bridge`: run it, or test it with `--selftest`."""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bridge import VERSION
from bridge.program import Bridge
from bridge.selftest import checks
from bridge.settings import KINDS, SPOOL, Settings, WrongSettings, checked, from_toml
from bridge.spool import SpoolInUse

WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and give the exit status."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        settings = _settings(given)
        if given.selftest:
            return _selftest(settings, given.card_seconds)
        bridge = Bridge(settings)
    except (WrongSettings, SpoolInUse) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return WRONG_USE
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: bridge.stop())
    bridge.run()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bridge", description=__doc__)
    parser.add_argument("--config", type=Path, help="a TOML file, for several readers")
    parser.add_argument("--server", help="address of the server: https://opsroom.example")
    parser.add_argument("--token-file", type=Path, help="file with the token of this device")
    parser.add_argument("--port", help="where the reader is: /dev/ttyUSB0, /dev/input/event3")
    parser.add_argument("--reader", choices=KINDS, help="what kind it is")
    parser.add_argument("--name", help="what the server calls it", default="door")
    parser.add_argument("--spool", type=Path, help=f"file for what waits ({SPOOL})")
    parser.add_argument("--selftest", action="store_true", help="look at everything, and end")
    parser.add_argument(
        "--card-seconds", type=float, default=0, help="wait for a card in the self-test"
    )
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    one: dict[str, Any] = {"server": given.server, "token_file": given.token_file}
    if given.config:
        if any((*one.values(), given.port, given.reader)):
            raise WrongSettings("With --config, the rest stands in the file.")
        return from_toml(given.config)
    if given.spool:
        one["spool"] = given.spool
    return checked(one, [{"name": given.name, "kind": given.reader, "port": given.port}])


def _selftest(settings: Settings, card_seconds: float) -> int:
    found = []
    for check in checks(settings, card_seconds=card_seconds):
        print(check, flush=True)  # noqa: T201
        found.append(check)
    return 1 if any(check.trouble for check in found) else 0


def run() -> None:
    """Be the program that is installed."""
    sys.exit(main())


if __name__ == "__main__":
    run()
