"""Migrations run one at a time, and never keep people waiting for long."""

import time

from tests.migrations.conftest import Project
from tests.waiting import PATIENCE

HOLD = "BEGIN; LOCK TABLE part IN ACCESS SHARE MODE"
IS_INVALID = "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 'ix_part_name'::regclass"
HAS_SIZE = "SELECT to_jsonb(part) ? 'size' FROM part"
VERSION = "SELECT version_num FROM alembic_version"


def test_two_that_start_at_once_migrate_one_after_the_other(project: Project) -> None:
    project.add("op.execute('CREATE TABLE part (name text)')\nop.execute('SELECT pg_sleep(1)')")
    project.add("create_index('ix_part_name', 'part', ['name'])")

    both = [project.start(), project.start()]
    ended = [(process.communicate(timeout=60)[0], process.returncode) for process in both]

    assert [code for _said, code in ended] == [0, 0], ended
    assert project.ask(VERSION) == "0002"
    assert project.ask(IS_INVALID) is False


def test_what_was_done_before_a_migration_that_fails_stays_done(project: Project) -> None:
    project.add("op.execute(\"CREATE TABLE part AS SELECT 'bolt' AS name\")")
    project.add("op.execute('ALTER TABLE part ADD size int')\nop.execute('SELECT 1 / 0')")

    code, said = project.run()

    assert code != 0
    assert "division by zero" in said
    assert project.ask(VERSION) == "0001"
    assert project.ask(HAS_SIZE) is False


def test_a_table_in_use_makes_it_give_up_and_say_so(project: Project) -> None:
    project.add("op.execute('CREATE TABLE part (name text)')")
    project.run()
    project.add("op.execute('ALTER TABLE part ADD size int')")

    with project.engine.connect() as somebody:
        somebody.exec_driver_sql(HOLD)
        began = time.monotonic()
        code, said = project.run()
        somebody.exec_driver_sql("ROLLBACK")

    assert code == 1
    assert "did not get its lock within 5s: somebody is using the table" in said
    assert "ALTER TABLE part ADD size int" in said
    assert "Traceback" not in said
    assert time.monotonic() - began < PATIENCE  # not as long as somebody uses the table
    assert project.run() == (0, "")


def test_a_statement_that_would_take_too_long_is_ended(project: Project) -> None:
    project.add("op.execute('SET statement_timeout = 50')\nop.execute('SELECT pg_sleep(9)')")

    code, said = project.run()

    assert code == 1
    assert "took longer than 60s" in said


def test_the_limits_hold_for_every_migration(project: Project) -> None:
    limits = "SELECT current_setting('lock_timeout') a, current_setting('statement_timeout') b"
    project.add(f'op.execute("CREATE TABLE first AS {limits}")')
    project.add("op.execute('CREATE TABLE part (name text)')")
    project.add("create_index('ix_part_name', 'part', ['name'])")
    project.add(f'op.execute("CREATE TABLE last AS {limits}")')

    project.run()

    assert project.ask("SELECT a || ' ' || b FROM first") == "5s 1min"
    assert project.ask("SELECT a || ' ' || b FROM last") == "5s 1min"


def test_an_index_is_built_while_somebody_writes(project: Project) -> None:
    project.add("op.execute('CREATE TABLE part (name text)')")
    project.run()
    project.add("create_index('ix_part_name', 'part', ['name'])")

    with project.engine.connect() as somebody:
        somebody.exec_driver_sql("BEGIN; INSERT INTO part VALUES ('bolt')")
        process = project.start()
        time.sleep(3)  # it waits for this transaction, and for longer than a lock is waited for
        project.do("SET lock_timeout = '1s'; INSERT INTO part VALUES ('nut')")
        time.sleep(3)
        somebody.exec_driver_sql("COMMIT")
        said, _ = process.communicate(timeout=30)

    assert (process.returncode, said) == (0, "")
    assert project.ask(IS_INVALID) is False
    assert project.ask("SELECT count(*) FROM part") == 2


def test_an_index_left_invalid_by_an_interruption_is_built_anew(project: Project) -> None:
    project.add("op.execute('CREATE TABLE part (name text)')")
    project.run()
    project.do("INSERT INTO part VALUES ('bolt'), ('bolt')")
    project.add(
        "create_index('ix_part_name', 'part', ['name'], unique=True)",
        "drop_index('ix_part_name', 'part')",
    )

    _code, said = project.run()
    assert "could not create unique index" in said
    assert project.ask(IS_INVALID) is True

    project.do("DELETE FROM part WHERE ctid = '(0,1)'")
    assert project.run() == (0, "")
    assert project.ask(IS_INVALID) is False

    assert project.run("down") == (0, "")
    assert project.ask("SELECT to_regclass('ix_part_name')") is None
