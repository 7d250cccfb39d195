"""No beep before the punch is on the disk, none for a card that lies there."""

import sys
from pathlib import Path

import pytest

from bridge.readers.base import Presented
from bridge.recording import Recorder, Sounds
from bridge.spool import Spool
from bridge.tests.conftest import Heard
from bridge.tests.waiting import until

CARD = Presented("door", "card", "4711")


def test_a_beep_follows_what_is_kept(spool: Spool, sounds: Heard) -> None:
    recorder = Recorder(spool, sounds)
    assert recorder(CARD)
    assert sounds.beeps == 1
    assert recorder.news.is_set()


def test_a_card_that_is_held_is_kept_in_silence(spool: Spool, sounds: Heard) -> None:
    assert Recorder(spool, sounds)(CARD._replace(is_held=True))
    assert (spool.waiting, sounds.beeps) == (1, 0)


def test_what_the_disk_does_not_take_buzzes(spool: Spool, sounds: Heard) -> None:
    spool._db.execute("PRAGMA query_only=ON")
    recorder = Recorder(spool, sounds)
    assert not recorder(CARD)
    assert (sounds.beeps, sounds.buzzes) == (0, 1)
    assert not recorder.news.is_set()


def test_a_sound_is_a_program_that_nobody_waits_for(tmp_path: Path) -> None:
    made = tmp_path / "made"
    Sounds([sys.executable, "-c", f"open({str(made)!r}, 'w')"]).beep()
    until(made.exists)


def test_a_sound_that_cannot_be_made_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    Sounds(["/no/such/program"]).beep()
    until(lambda: "No sound" in caplog.text)
