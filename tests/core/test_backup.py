"""Backups: one file, of one moment, tried before it counts, and kept by a rule."""

import json
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text, update

from app.core.alerts import Alert
from app.core.backup import (
    archive,
    jobs,
    key_encryption,
    making,
    programs,
    restoring,
    scratch,
    services,
    totals,
)
from app.core.backup.archive import DUMP, KEYS, SETTINGS, UnreadableBackup
from app.core.backup.key_encryption import PassphraseTooShort, WrongPassphrase
from app.core.backup.making import BackupDiffers, BackupRefused
from app.core.backup.models import Backup
from app.core.backup.retention import Rule, kept
from app.core.db import db
from app.core.files import store_file
from app.core.jobs import JobRun
from app.core.jobs.models import ScheduleEntry
from app.core.settings import set_settings
from tests.conftest import SignIn
from tests.core.conftest import Bearer
from tests.factories import ProductFactory

PASSPHRASE = "correct horse battery staple"  # noqa: S105
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(app.config, "BACKUP_DIR", str(tmp_path / "backups"))
    return tmp_path / "backups"


@pytest.fixture
def sealing_keys(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A database of another machine, to put backups into."""
    ours = making.target_url()
    beside = ours.set(database=f"{ours.database}_other")
    monkeypatch.setitem(
        app.config, "SQLALCHEMY_DATABASE_URI", beside.render_as_string(hide_password=False)
    )
    yield beside
    with scratch.server(beside) as connection:
        like = {"prefix": beside.database}
        names = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
        left = connection.scalars(names, like).all()
    for name in left:
        scratch.drop(beside.set(database=name))


def noted(made_at: datetime, folder: Path, **more: Any) -> Backup:
    """Note a backup of some moment, with a file."""
    name = f"opsroom-{made_at:%Y%m%dT%H%M%SZ}.backup"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"content")
    values = {"size": 7, "sha256": "", "row_count": 1, "has_keys": False, "seconds": 1}
    backup = Backup(
        name=name,
        folder=str(folder),
        made_at=made_at,
        **(values | {"checked_at": made_at} | more),
    )
    db.session.add(backup)
    db.session.commit()
    return backup


def alerts() -> list[Alert]:
    db.session.expire_all()
    open_ones = select(Alert).where(Alert.key == "backup", Alert.closed_at.is_(None))
    return list(db.session.scalars(open_ones))


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=words)


# Making


@pytest.mark.committed
@pytest.mark.usefixtures("sealing_keys")
def test_a_backup_holds_database_files_settings_and_sealed_keys(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BACKUP_SETTINGS", {"PUBLIC_URL": "https://ops.example"})
    monkeypatch.setitem(app.config, "BACKUP_SECRETS", {"SECRET_KEY": "very secret"})
    ProductFactory.create_batch(3)
    store_file("a.csv", b"a;b", content_type="text/csv", permission="jobs.view")

    backup = services.back_up()

    path = folder / backup.name
    with tarfile.open(path) as tar:
        assert set(tar.getnames()) == {"manifest.json", DUMP, SETTINGS, KEYS}
    assert b"very secret" not in path.read_bytes()
    assert (backup.is_good, backup.has_keys) == (True, True)
    assert backup.sha256 == archive.sha256(path)
    assert [one.name for one in folder.iterdir()] == [path.name]  # nothing is left behind


@pytest.mark.committed
def test_without_a_passphrase_the_keys_stay_here_and_it_says_so(
    app: Flask, folder: Path
) -> None:
    done = run(app, "backup")

    assert done.exit_code == 0, done.output
    assert "The keys are not in it" in done.output
    with tarfile.open(next(folder.iterdir())) as tar:
        assert KEYS not in tar.getnames()


@pytest.mark.committed
def test_the_figures_are_those_of_the_dump_while_people_go_on_writing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProductFactory.create_batch(2)
    count = totals.count

    def count_late(connection: Any) -> Any:
        with scratch.connected(making.target_url()) as somebody:
            somebody.execute(text("UPDATE product SET name = 'changed meanwhile'"))
            somebody.execute(
                text("DELETE FROM product WHERE id = (SELECT max(id) FROM product)")
            )
            somebody.commit()
        return count(connection)

    monkeypatch.setattr(totals, "count", count_late)

    made = making.make_file(folder, is_checked=False)

    monkeypatch.setattr(totals, "count", count)
    archive.unpack(made.path, folder)
    with scratch.scratch(making.target_url()) as beside:
        found = scratch.fill(beside, folder / DUMP)
    assert found == made.manifest.totals
    assert found["public.product"][0] == 2


@pytest.mark.committed
def test_a_backup_that_is_not_equal_is_no_backup(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = scratch.fill

    def lose_a_row(url: Any, dump: Path) -> Any:
        found = fill(url, dump)
        return found | {"public.setting": (found["public.setting"][0] + 1, "0")}

    monkeypatch.setattr(scratch, "fill", lose_a_row)

    with pytest.raises(BackupDiffers, match=r"not equal: public\.setting"):
        services.back_up()

    assert list(folder.iterdir()) == []
    assert [alert.title for alert in alerts()] == ["The last backup failed."]
    assert services.last_good() is None


@pytest.mark.committed
def test_only_one_is_made_at_a_time(folder: Path) -> None:
    with (
        making._alone(making.target_url()),
        pytest.raises(BackupRefused, match="Another backup is being made"),
    ):
        services.back_up()


@pytest.mark.committed
def test_what_a_killed_check_has_left_is_dropped(folder: Path) -> None:
    url = making.target_url()
    left = scratch.create(url, f"{url.database}{scratch.CHECK}left")

    services.back_up()

    assert not scratch.exists(left)


def test_without_a_folder_it_says_what_is_missing(app: Flask) -> None:
    done = run(app, "backup")

    assert done.exit_code == 1
    assert "BACKUP_DIR is not set" in done.output
    assert [alert.text for alert in alerts()] == [
        "BACKUP_DIR is not set: it names the folder for backups."
    ]


def test_a_folder_that_cannot_be_used_is_named(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = run(app, "backup", "--to", str(tmp_path / "file" / "folder"))

    assert "cannot be used: Not a directory" in done.output


@pytest.mark.committed
def test_a_program_that_fails_says_why(folder: Path) -> None:
    url = making.target_url().set(database="nowhere")

    with (
        pytest.raises(programs.ProgramFailed, match='database "nowhere" does not exist'),
        programs.running("pg_dump", ["--file", "/dev/null"], url),
    ):
        pass


# Totals


@pytest.mark.committed
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE product SET price = price + 0.0001 WHERE id = (SELECT min(id) FROM product)",
        "UPDATE stored_file SET content = 'x;b'",
        "DELETE FROM product WHERE id = (SELECT min(id) FROM product)",
        "UPDATE product SET created_at = created_at + interval '1 microsecond'",
    ],
)
def test_every_change_changes_the_totals(change: str) -> None:
    ProductFactory.create_batch(2)
    store_file("a.csv", b"a;b", content_type="text/csv", permission="jobs.view")

    def counted() -> dict[str, tuple[int, str]]:
        with scratch.connected(making.target_url()) as connection:
            return totals.count(connection)

    before = counted()
    with scratch.connected(making.target_url()) as connection:
        connection.execute(text(change))
        connection.commit()

    table = "stored_file" if "stored_file" in change else "product"
    assert totals.differing(before, counted()) == [f"public.{table}"]


# Sending away, keeping, watching


@pytest.mark.committed
def test_any_command_takes_it_away(
    app: Flask, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BACKUP_COMMAND", f"cp {{}} '{tmp_path}/far away'")

    backup = services.back_up()

    assert backup.sent_at is not None
    assert archive.sha256(tmp_path / "far away") == backup.sha256


@pytest.mark.committed
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("sh -c 'echo no route >&2; exit 3'", "BACKUP_COMMAND ended with 3: no route"),
        ("/nowhere/at-all", "BACKUP_COMMAND could not be run"),
    ],
)
def test_a_command_that_fails_is_told_and_the_backup_stays(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, reason: str
) -> None:
    monkeypatch.setitem(app.config, "BACKUP_COMMAND", command)

    done = run(app, "backup")

    assert (done.exit_code, reason in done.output) == (1, True)
    assert reason in alerts()[0].text
    assert services.last_good() is not None


def test_one_of_each_of_the_last_days_weeks_and_months_is_kept() -> None:
    daily = [datetime(2026, 11, 29, 1, tzinfo=UTC) - timedelta(days=n) for n in range(400)]

    stay = sorted(kept(daily, Rule(days=7, weeks=5, months=12)), reverse=True)

    days = [f"{moment:%m-%d}" for moment in stay]
    assert days[:7] == ["11-29", "11-28", "11-27", "11-26", "11-25", "11-24", "11-23"]
    assert days[7:11] == ["11-22", "11-15", "11-08", "11-01"]  # Sundays: ends of ISO weeks
    assert days[11:] == [
        *("10-31", "09-30", "08-31", "07-31", "06-30", "05-31"),
        *("04-30", "03-31", "02-28", "01-31", "12-31"),
    ]


def test_the_newest_is_kept_whatever_the_rule_says() -> None:
    assert kept([NOW, NOW - timedelta(days=1)], Rule(0, 0, 0)) == {NOW}
    assert kept([], Rule(7, 5, 12)) == set()


def test_what_the_rule_does_not_keep_is_deleted(folder: Path) -> None:
    set_settings(backup_days=1, backup_weeks=0, backup_months=0)
    old = noted(NOW - timedelta(days=3), folder)
    untried = noted(NOW - timedelta(days=2), folder, checked_at=None)
    new = noted(NOW, folder)

    services.delete_old()

    assert sorted(path.name for path in folder.iterdir()) == [untried.name, new.name]
    assert old.gone_at is not None


def began(hours: int) -> None:
    """Say since when the schedule of this installation runs."""
    db.session.add(ScheduleEntry(name="watch-backups"))
    db.session.commit()
    db.session.execute(update(ScheduleEntry).values(created_at=NOW - timedelta(hours=hours)))
    db.session.commit()


def test_a_new_installation_need_not_have_a_backup_yet() -> None:
    began(hours=2)

    services.watch()

    assert alerts() == []


def test_an_installation_without_a_backup_alerts() -> None:
    began(hours=31)

    services.watch()

    [alert] = alerts()
    assert alert.title == "There is no good backup of the last 30 hours."
    assert (alert.permission, alert.href) == ("jobs.manage", "/backups")


@pytest.mark.parametrize("how", ["old", "untried", "file is gone"])
def test_a_backup_that_does_not_count_alerts(folder: Path, how: str) -> None:
    began(hours=100)
    made_at = NOW - timedelta(hours=31 if how == "old" else 1)
    backup = noted(made_at, folder, checked_at=None if how == "untried" else made_at)
    if how == "file is gone":
        (folder / backup.name).unlink()

    services.watch()

    assert len(alerts()) == 1


def test_one_that_was_sent_away_counts_without_its_file(folder: Path) -> None:
    began(hours=100)
    backup = noted(NOW, folder, sent_at=NOW)
    (folder / backup.name).unlink()

    services.watch()

    assert alerts() == []


@pytest.mark.committed
def test_a_good_backup_closes_the_alert(folder: Path) -> None:
    began(hours=100)
    services.watch()
    assert len(alerts()) == 1

    services.back_up()

    assert alerts() == []


# Restoring


@pytest.mark.faults
@pytest.mark.committed
@pytest.mark.usefixtures("sealing_keys", "folder")
def test_a_backup_comes_back_on_another_machine_with_its_keys(
    app: Flask, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {"SECRET_KEY": "s3cr3t", "SMTP_URL": "smtp://u:it's@host"}
    monkeypatch.setitem(app.config, "BACKUP_SECRETS", secrets)
    monkeypatch.setitem(app.config, "BACKUP_SETTINGS", {"HTTPS": "1"})
    ProductFactory.create(name="Kept for ever")
    backup = services.back_up()
    beside = request.getfixturevalue("other")

    file, env = Path(backup.folder, backup.name), tmp_path / "env"
    done = run(app, "restore", str(file), "--env", str(env))

    assert done.exit_code == 0, done.output
    assert "is back, and equal" in done.output
    with scratch.connected(beside) as connection:
        assert connection.scalar(text("SELECT name FROM product")) == "Kept for ever"
    assert env.read_text() == (
        "HTTPS='1'\nSECRET_KEY='s3cr3t'\nSMTP_URL='smtp://u:it\\'s@host'\n"
    )
    assert env.stat().st_mode & 0o777 == 0o600


@pytest.mark.faults
@pytest.mark.committed
def test_what_was_there_stays_under_another_name(
    app: Flask, folder: Path, request: pytest.FixtureRequest
) -> None:
    backup = services.back_up()
    beside = request.getfixturevalue("other")
    scratch.create(beside, beside.database)
    with scratch.connected(beside) as connection:
        connection.execute(text("CREATE TABLE precious AS SELECT 1"))
        connection.commit()

    done = restoring.restore(
        Path(backup.folder, backup.name), passphrase=None, knows=lambda _revision: True
    )

    assert done.old is not None
    assert done.old.startswith(f"{beside.database}_before_")
    with scratch.connected(beside.set(database=done.old)) as connection:
        assert connection.scalar(text("SELECT * FROM precious")) == 1


@pytest.mark.faults
@pytest.mark.committed
@pytest.mark.usefixtures("sealing_keys")
@pytest.mark.parametrize("fault", ["damaged", "newer", "passphrase", "in use", "no backup"])
def test_a_restore_that_cannot_be_changes_nothing(
    app: Flask,
    folder: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    backup = services.back_up()
    beside = request.getfixturevalue("other")
    scratch.create(beside, beside.database)
    path = Path(backup.folder, backup.name)
    if fault == "damaged":
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    if fault == "no backup":
        path.write_bytes(b"something else")
    if fault == "newer":
        monkeypatch.setattr("app.core.backup.cli._knows", lambda _revision: False)
    if fault == "passphrase":
        monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "another passphrase")
    reasons = {
        "damaged": "database.dump is damaged",
        "no backup": "is no backup, or is damaged",
        "newer": "this one knows less",
        "passphrase": "The passphrase does not open the keys",
        "in use": "1 connections use the database",
    }

    if fault == "in use":
        with scratch.connected(beside) as somebody:
            somebody.execute(text("CREATE TABLE precious ()"))
            somebody.commit()
            done = run(app, "restore", str(path))
    else:
        done = run(app, "restore", str(path))

    assert (done.exit_code, reasons[fault] in done.output) == (1, True), done.output
    with scratch.server(beside) as connection:
        names = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
        assert connection.scalars(names, {"prefix": beside.database}).all() == [beside.database]


def test_a_short_passphrase_seals_nothing() -> None:
    with pytest.raises(PassphraseTooShort):
        key_encryption.sealed({"a": "b"}, "short")


def test_only_the_passphrase_opens_what_it_sealed() -> None:
    content = key_encryption.sealed({"SECRET_KEY": "s3cr3t"}, PASSPHRASE)

    assert key_encryption.opened(content, PASSPHRASE) == {"SECRET_KEY": "s3cr3t"}
    assert b"s3cr3t" not in content
    with pytest.raises(WrongPassphrase):
        key_encryption.opened(content, PASSPHRASE + ".")


def test_a_backup_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new.backup"
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 2}))
    with tarfile.open(path, "w") as tar:
        tar.add(tmp_path / "manifest.json", "manifest.json")

    with pytest.raises(UnreadableBackup, match="Its format is 2"):
        archive.unpack(path, tmp_path)


# Pages and calls


def test_the_page_of_jobs_shows_the_last_good_backup(sign_in: SignIn, folder: Path) -> None:
    client = sign_in("jobs.view", "jobs.manage")
    assert "There is no good backup" in client.get("/jobs").text

    noted(NOW, folder)

    assert "The last good backup is of" in client.get("/jobs").text
    assert "backup" not in sign_in("jobs.view").get("/jobs").text.lower().split("<main")[1]


def test_backups_are_listed(sign_in: SignIn, folder: Path) -> None:
    there, gone = noted(NOW, folder), noted(NOW - timedelta(days=9), folder, gone_at=NOW)
    client = sign_in("jobs.manage")

    assert there.name in client.get("/backups").text
    assert gone.name not in client.get("/backups").text
    assert gone.name in client.get("/backups?state=all").text
    assert sign_in("jobs.view").get("/backups").status_code == 403


def test_programs_list_backups_and_ask_for_one(bearer: Bearer, folder: Path) -> None:
    backup = noted(NOW, folder)
    program = bearer("jobs.manage")

    listed = program.get("/api/v1/backups").json
    asked = program.post("/api/v1/backups")

    assert [(one["name"], one["is_good"]) for one in listed["items"]] == [(backup.name, True)]
    assert asked.status_code == 202
    [job] = db.session.scalars(select(JobRun))
    assert (job.kind, job.id) == ("back_up", asked.json["id"])


@pytest.mark.committed
def test_the_job_tells_what_it_made(folder: Path) -> None:
    result = jobs.back_up()

    assert result
    assert result["file"] == next(folder.iterdir()).name
    assert result["sent_away"] == "no"
