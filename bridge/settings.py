"""What the bridge is told: on the command line for one reader, in a TOML file for several."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

KINDS = ("rdm6300", "id12", "em18", "7941", "line", "keyboard", "r30x")
SPOOL = Path("/var/lib/opsroom-bridge/spool.sqlite")


class WrongSettings(Exception):
    """A setting that cannot be: the message says which and why."""


@dataclass(frozen=True)
class ReaderSettings:
    """One reader."""

    name: str
    kind: str
    port: str
    baudrate: int | None = None  # what its kind uses, unless it was changed
    confirmations: int | None = None  # equal frames that make a card
    digits: int = 10  # of a line that is typed
    is_hex: bool = False  # that line is hexadecimal
    slots: int | None = None  # of a sensor that does not say how many it has
    password: int = 0  # of a sensor


@dataclass(frozen=True)
class Settings:
    """The whole bridge."""

    server: str
    token_file: Path
    readers: Sequence[ReaderSettings]
    spool: Path = SPOOL
    beep: Sequence[str] = ()  # a program and its arguments, run when a punch is on the disk
    buzz: Sequence[str] = ()  # the same when it could not be kept

    @property
    def token(self) -> str:
        """Read the token; a new one in the file is used without a restart."""
        return self.token_file.read_text().strip()


def from_toml(path: Path) -> Settings:
    """Read the file.

    Raises:
        WrongSettings: It cannot be read, or something in it cannot be.
    """
    try:
        given = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{path}: {error}") from error
    readers = given.pop("readers", [])
    if not isinstance(readers, list) or not all(isinstance(one, dict) for one in readers):
        raise WrongSettings(f"{path}: each reader is a [[readers]] of its own.")
    return checked(given, readers)


def checked(given: Mapping[str, Any], readers: Sequence[Mapping[str, Any]]) -> Settings:
    """Make settings of what was given.

    Raises:
        WrongSettings: Something is missing, unknown or cannot be.
    """
    _known(Settings, given, "the bridge")
    for wanted in ("server", "token_file"):
        if not given.get(wanted):
            raise WrongSettings(f"{wanted} is missing.")
    server = _checked_server(str(given["server"]))
    made = [_reader(one, number) for number, one in enumerate(readers, 1)]
    if not made:
        raise WrongSettings("There is no reader.")
    for what in ("name", "port"):
        if len({getattr(one, what) for one in made}) < len(made):
            raise WrongSettings(f"Two readers have the same {what}.")
    return Settings(
        server=server,
        token_file=Path(given["token_file"]),
        readers=made,
        spool=Path(given.get("spool", SPOOL)),
        beep=_command(given.get("beep", []), "beep"),
        buzz=_command(given.get("buzz", []), "buzz"),
    )


def _checked_server(server: str) -> str:
    if not server.startswith(("https://", "http://")):
        raise WrongSettings(f"server begins with https:// or http://, not like {server}.")
    return server.rstrip("/")


def _reader(given: Mapping[str, Any], number: int) -> ReaderSettings:
    name = str(given.get("name", f"reader {number}"))
    _known(ReaderSettings, given, f"reader {name}")
    if given.get("kind") not in KINDS:
        raise WrongSettings(f"reader {name}: kind is one of {', '.join(KINDS)}.")
    if not given.get("port"):
        raise WrongSettings(f"reader {name}: port is missing.")
    for field in ("baudrate", "confirmations", "digits", "slots"):
        value = given.get(field)
        if value is not None and (type(value) is not int or value < 1):
            raise WrongSettings(f"reader {name}: {field} is a number from 1.")
    return ReaderSettings(**{**given, "name": name})


def _known(what: type, given: Mapping[str, Any], where: str) -> None:
    if unknown := given.keys() - {field.name for field in fields(what)}:
        raise WrongSettings(f"{where}: nobody knows {', '.join(sorted(unknown))}.")


def _command(given: object, name: str) -> Sequence[str]:
    if not isinstance(given, list) or not all(isinstance(part, str) for part in given):
        raise WrongSettings(f'{name} is a list: ["aplay", "ok.wav"].')
    return given
