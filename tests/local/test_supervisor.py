import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from local import children, supervisor
from local.supervisor import GivenUpError, Part
from tests.local.conftest import is_alive
from tests.waiting import until


def part_of(*command: str) -> Part:
    return Part(
        "It", lambda: children.spawn(list(command), stop=signal.SIGTERM), signal.SIGTERM
    )


def tend(part: Part, done: Callable[[], bool] = lambda: False) -> None:
    def tended() -> bool:
        part.tend()
        return done()

    until(tended)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES", (0.01, 0.02, 0.04))


def test_what_never_comes_up_is_given_up_with_the_reason() -> None:
    part = part_of("sh", "-c", "exit 3")
    part.begin()

    with pytest.raises(GivenUpError, match=r"(?s)exit status 3.*It does not come up"):
        tend(part)


def test_what_has_run_before_is_never_given_up(capsys: pytest.CaptureFixture[str]) -> None:
    part = part_of("false")
    part.has_come_up = True
    part.begin()

    tend(part, lambda: part.ends > supervisor.TRIES)

    assert capsys.readouterr().out.count("Starting it again") > supervisor.TRIES


def test_the_pause_grows_up_to_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES", (0.01, 0.02, 600))
    part = part_of("false")
    part.has_come_up = True
    part.begin()

    tend(part, lambda: part.ends == 3)

    assert part.is_down
    assert part.changed_at - time.monotonic() > 300


def test_living_long_enough_makes_the_pauses_begin_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "UP_AFTER", 0.05)
    part = part_of("sleep", "600")
    part.ends = 3
    part.begin()

    tend(part, lambda: part.has_come_up)

    assert part.ends == 0
    children.stop(part.process, signal.SIGTERM)


def test_what_a_dead_process_has_started_ends_with_it() -> None:
    part = part_of("sh", "-c", "sleep 600 & wait")
    part.begin()
    leader = psutil.Process(part.process.pid)
    until(lambda: len(leader.children()) == 1)
    orphan = leader.children()[0]

    leader.kill()
    tend(part, lambda: part.ends == 1)

    until(lambda: not is_alive(orphan))
    children.stop(part.process, signal.SIGTERM)


def test_who_does_not_end_in_time_is_killed(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    part = part_of("sh", "-c", f"trap '' TERM; touch {deaf}; sleep 600")
    part.begin()
    until(deaf.exists)

    children.stop(part.process, signal.SIGTERM, patience=0.2)

    assert part.process.returncode == -signal.SIGKILL
