"""What is on the disk stays there until it is told to go, and has a number of its own."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bridge.spool import Spool, SpoolInUse
from bridge.tests.conftest import Wound


def numbers(spool: Spool) -> list[int]:
    return [punch.seq for punch in spool.batch(500).punches]


def test_a_number_is_never_given_twice_though_its_punch_is_gone(
    tmp_path: Path, clock: Wound
) -> None:
    with closing(Spool(tmp_path / "s", clock)) as spool:
        spool.add("door", "card", "1")
        spool.add("door", "card", "2")
        spool.acknowledge(numbers(spool))
    with closing(Spool(tmp_path / "s", clock)) as spool:
        spool.add("door", "card", "3")
        assert numbers(spool) == [3]


def test_a_new_file_within_one_boot_counts_under_a_name_of_its_own(
    tmp_path: Path, clock: Wound
) -> None:
    with (
        closing(Spool(tmp_path / "one", clock)) as one,
        closing(Spool(tmp_path / "two", clock)) as two,
    ):
        assert one.boot_id != two.boot_id
        assert one.boot_id.endswith("/first boot")


def test_a_punch_keeps_the_boot_and_the_clocks_of_its_moment(
    tmp_path: Path, clock: Wound
) -> None:
    clock.passes(12.5)
    with closing(Spool(tmp_path / "s", clock)) as spool:
        spool.add("door", "card", "1")
    with closing(Spool(tmp_path / "s", Wound("second boot"))) as spool:
        batch = spool.batch(10)
    [punch] = batch.punches
    assert (punch.at, punch.uptime) == ("2026-11-30T08:00:12.500+01:00", 12.5)
    assert punch.boot_id.endswith("/first boot")
    assert batch.boot_id.endswith("/second boot")


def test_the_watermark_is_now_only_when_nothing_is_left(spool: Spool, clock: Wound) -> None:
    for _ in range(3):
        spool.add("door", "card", "1")
        clock.passes(60)
    assert spool.batch(2).watermark == "2026-11-30T08:02:00.000+01:00"
    assert spool.batch(3).watermark == clock.now().said


def test_the_watermark_is_the_oldest_by_time_not_by_number(spool: Spool, clock: Wound) -> None:
    for _ in range(3):
        spool.add("door", "card", "1")
        clock.jumps(-3600)
    assert spool.batch(1).watermark == "2026-11-30T06:00:00.000+01:00"


def test_two_bridges_cannot_have_one_spool(
    spool: Spool, clock: Wound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.spool.BUSY_SECONDS", 0.05)
    with pytest.raises(SpoolInUse):
        Spool(spool.path, clock)


def test_nobody_else_can_read_it(spool: Spool) -> None:
    assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600


def test_no_number_of_a_card_stays_on_the_disk_once_the_server_has_it(spool: Spool) -> None:
    spool.add("door", "card", "3809012973")
    spool.acknowledge(numbers(spool))
    files = spool.path.parent.glob(f"{spool.path.name}*")
    assert not [file for file in files if b"3809012973" in file.read_bytes()]


def test_it_is_on_the_disk_before_anybody_hears_a_beep(spool: Spool) -> None:
    [mode] = spool._db.execute("PRAGMA synchronous").fetchone()
    [journal] = spool._db.execute("PRAGMA journal_mode").fetchone()
    assert (mode, journal) == (2, "wal")  # 2 is FULL


def test_a_damaged_file_is_kept_and_a_new_one_begun(tmp_path: Path, clock: Wound) -> None:
    path = tmp_path / "s"
    path.write_bytes(b"SQLite format 3\0" + b"rubbish" * 500)
    with closing(Spool(path, clock)) as spool:
        assert spool.set_aside
        assert b"rubbish" in spool.set_aside.read_bytes()
        spool.add("door", "card", "1")
        assert spool.waiting == 1


def test_what_is_refused_is_kept_with_its_reason_and_out_of_the_way(spool: Spool) -> None:
    spool.add("door", "card", "1")
    spool.refuse(1, "no such thing")
    assert spool.refused() == [(1, "no such thing")]
    assert spool.waiting == 0


def test_a_disk_that_takes_nothing_says_so_and_loses_nothing(spool: Spool) -> None:
    spool.add("door", "card", "1")
    spool._db.execute("PRAGMA query_only=ON")
    with pytest.raises(sqlite3.Error):
        spool.add("door", "card", "2")
    spool._db.execute("PRAGMA query_only=OFF")
    spool.add("door", "card", "3")
    assert [punch.credential for punch in spool.batch(9).punches] == ["1", "3"]
