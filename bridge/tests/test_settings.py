"""What can be set, and what is said of what cannot be."""

from pathlib import Path
from typing import Any

import pytest

from bridge.settings import ReaderSettings, WrongSettings, checked, from_toml

GOOD: dict[str, Any] = {"server": "https://opsroom.example/", "token_file": "/etc/token"}
DOOR: dict[str, Any] = {"name": "door", "kind": "rdm6300", "port": "/dev/ttyUSB0"}
EXAMPLE = Path(__file__).parent.parent / "bridge.example.toml"


def test_the_example_can_be_used_as_it_is() -> None:
    settings = from_toml(EXAMPLE)
    assert settings.server == "https://opsroom.example.com"
    assert settings.readers == [ReaderSettings("door", "rdm6300", "/dev/ttyUSB0")]


def test_all_that_the_example_only_shows_can_be_used_too(tmp_path: Path) -> None:
    shown = [line for line in EXAMPLE.read_text().splitlines() if line.startswith("# ")]
    settings = [line[2:] for line in shown if "=" in line or line.startswith("# [[")]
    whole = EXAMPLE.read_text().split("[[readers]]")[0] + "\n".join(settings)
    (tmp_path / "bridge.toml").write_text(whole)
    made = from_toml(tmp_path / "bridge.toml")
    assert [reader.kind for reader in made.readers] == ["keyboard", "r30x"]
    assert made.beep[0] == "aplay"


@pytest.mark.parametrize(
    ("given", "readers", "said"),
    [
        ({"server": ""}, [DOOR], "server is missing"),
        ({"server": "opsroom.example"}, [DOOR], "begins with https"),
        ({"token_file": None}, [DOOR], "token_file is missing"),
        ({"sever": "x"}, [DOOR], "nobody knows sever"),
        ({"beep": "aplay"}, [DOOR], "beep is a list"),
        ({}, [], "no reader"),
        ({}, [DOOR | {"kind": "abacus"}], "kind is one of rdm6300"),
        ({}, [DOOR | {"port": ""}], "port is missing"),
        ({}, [DOOR | {"prot": "x"}], "reader door: nobody knows prot"),
        ({}, [DOOR | {"slots": 0}], "slots is a number from 1"),
        ({}, [DOOR | {"digits": "10"}], "digits is a number from 1"),
        ({}, [DOOR, DOOR | {"port": "/dev/ttyUSB1"}], "the same name"),
        ({}, [DOOR, DOOR | {"name": "gate"}], "the same port"),
    ],
)
def test_what_cannot_be_is_said(
    given: dict[str, Any], readers: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(WrongSettings, match=said):
        checked(GOOD | given, readers)


@pytest.mark.parametrize("content", [b"server = ", b"\xff", b"readers = 3", b"readers = [1]"])
def test_a_file_that_is_none_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bridge.toml").write_bytes(content)
    with pytest.raises(WrongSettings, match=r"bridge\.toml"):
        from_toml(tmp_path / "bridge.toml")
