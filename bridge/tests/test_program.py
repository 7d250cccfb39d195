"""The whole program: killed again and again, and asked about itself."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bridge import __main__ as program
from bridge.settings import Settings
from bridge.simulator.__main__ import Simulator
from bridge.simulator.device import Device
from bridge.simulator.frames import id12
from bridge.tests.standin import StandIn
from bridge.tests.waiting import until

ROOT = Path(__file__).parents[2]
KILLS = 8


def command_line(settings: Settings) -> list[str]:
    return [
        *("--server", settings.server, "--token-file", str(settings.token_file)),
        *("--spool", str(settings.spool), "--reader", "id12"),
        *("--port", settings.readers[0].port),
    ]


@pytest.fixture
def killed() -> Iterator[list["subprocess.Popen[str]"]]:
    """End what a test has started, whatever became of it."""
    running: list[subprocess.Popen[str]] = []
    yield running
    for process in running:
        with process:
            process.kill()


def start(arguments: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_a_card_goes_from_the_port_to_the_server_and_an_end_is_clean(
    settings: Settings, device: Device, server: StandIn, killed: list["subprocess.Popen[str]"]
) -> None:
    bridge = start(["-m", "bridge", *command_line(settings)])
    killed.append(bridge)
    until(lambda: any(beat["readers"][0]["is_present"] for beat in server.heartbeats))
    device.send(id12(4711))
    until(lambda: server.credentials() == ["4711"])
    [punch] = server.kept.values()
    assert (punch["reader"], punch["kind"]) == ("door", "card")
    bridge.send_signal(signal.SIGTERM)
    assert bridge.wait(20) == 0


def test_killed_at_any_moment_every_beep_arrives_once(
    settings: Settings, server: StandIn, killed: list["subprocess.Popen[str]"]
) -> None:
    rng, heard, first = random.Random(3), list[int](), 1
    for _ in range(KILLS):
        server.faults += rng.choices(["cut", "lost"], k=2)
        puncher = start(["-m", "bridge.tests.puncher", *puncher_arguments(settings, first)])
        killed.append(puncher)
        assert puncher.stdout
        heard.append(int(puncher.stdout.readline()))
        time.sleep(rng.uniform(0, 0.15))
        puncher.kill()
        heard += [int(line) for line in puncher.communicate()[0].split("\n")[:-1]]
        first = heard[-1] + 100_000
    last = start(["-m", "bridge.tests.puncher", *puncher_arguments(settings, 0)])
    killed.append(last)
    until(lambda: {*map(str, heard)} <= {*server.credentials()})
    assert last.wait(30) == 0
    arrived = server.credentials()
    assert len(arrived) == len({*arrived})
    assert len(arrived) - len(heard) <= KILLS  # at most the one whose beep was cut off
    assert len(heard) > KILLS
    assert server.conflicts == []


def puncher_arguments(settings: Settings, first: int) -> list[str]:
    return [settings.server, str(settings.token_file), str(settings.spool), str(first)]


def test_the_self_test_says_what_is_well_and_what_is_not(
    settings: Settings,
    device: Device,
    server: StandIn,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bridge.selftest.PATIENCE", 1)
    arguments = [*command_line(settings), "--selftest"]
    assert program.main(arguments) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["ok"] * 4

    device.unplug()
    settings.token_file.chmod(0o644)
    server.skew = 900
    assert program.main(arguments) == 1
    token, spool, clock, reader = capsys.readouterr().out.splitlines()
    assert "chmod 600" in token
    assert spool.startswith("ok")
    assert "wrong by 900 s" in clock
    assert "could not open port" in reader


def test_the_self_test_waits_for_a_card(
    settings: Settings, device: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [*command_line(settings), "--selftest", "--card-seconds"]
    assert program.main([*arguments, "0.1"]) == 1
    assert "Not a byte came" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--server", "https://x", "--token-file", "t", "--port", "p"],
        ["--config", "/no/such/file"],
        ["--config", "x", "--server", "https://x"],
    ],
)
def test_wrong_use_is_said_and_ends_it(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(arguments) == program.WRONG_USE
    assert capsys.readouterr().err


def test_a_second_bridge_at_the_same_spool_does_not_start(
    settings: Settings, spool: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.spool.BUSY_SECONDS", 0.05)
    assert program.main(command_line(settings)) == program.WRONG_USE


def test_the_simulator_does_what_it_is_told(tmp_path: Path) -> None:
    simulator = Simulator("id12", tmp_path / "reader", slots=10)
    port = os.open(tmp_path / "reader", os.O_RDWR | os.O_NOCTTY)
    assert simulator.obey("card 4711") == "done"
    assert os.read(port, 100) == id12(4711)
    assert simulator.obey("half") == "done"
    assert len(os.read(port, 100)) == 6
    assert "card" in simulator.obey("dance")
    assert "number" in simulator.obey("card x")
    os.close(port)
    simulator.obey("unplug")
    assert not (tmp_path / "reader").exists()
    simulator.obey("plug")
    assert (tmp_path / "reader").exists()
    simulator.device.unplug()


def test_nothing_but_what_its_own_project_names_is_loaded() -> None:
    """It runs on another machine: `app`, and what belongs to that, are not there."""
    modules = "bridge.__main__, bridge.simulator.__main__"
    theirs = "requests, serial, serial.tools.list_ports"
    assert roots(f"{theirs}, {modules}") - roots(theirs) == {"bridge"}


def roots(modules: str) -> set[str]:
    code = f"import sys, {modules}; print(*(name.split('.')[0] for name in sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {*loaded.stdout.split()} - sys.stdlib_module_names
