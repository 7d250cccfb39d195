"""A connection that the server has closed is lent to nobody, and no other is asked in vain."""

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import Engine, create_engine, event, text

from app.core import db_pool
from app.core.db_watchdog import watched


@pytest.fixture
def pool(environment: dict[str, str]) -> Iterator[Engine]:
    """A pool of one connection, and one that is in nobody's hands."""
    limits = {"connection_factory": watched(5)}
    engine = create_engine(environment["DATABASE_URL"], pool_size=1, connect_args=limits)
    db_pool.watch_over(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def pings(pool: Engine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    asked: list[int] = []
    ping = pool.dialect.do_ping

    def counted(connection: object) -> bool:
        asked.append(1)
        return ping(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(pool.dialect, "do_ping", counted)
    return asked


def own_number(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def end(environment: dict[str, str], number: int) -> None:
    """End a connection from outside, and wait until it is gone."""
    address = environment["DATABASE_URL"].replace("postgresql+psycopg2", "postgresql")
    other = psycopg2.connect(address)
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        assert cursor.fetchone() == (True,)
    other.close()


def test_what_was_used_a_moment_ago_is_not_asked(pool: Engine, pings: list[int]) -> None:
    first = own_number(pool)

    assert [own_number(pool) for _ in range(3)] == [first] * 3
    assert pings == []


def test_what_nobody_has_used_for_a_while_is_asked(
    pool: Engine, pings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = own_number(pool)
    monkeypatch.setattr(db_pool, "QUIET", -1.0)

    assert own_number(pool) == first
    assert pings == [1]


def test_what_the_server_has_closed_is_seen_without_asking(
    pool: Engine, pings: list[int], environment: dict[str, str]
) -> None:
    first = own_number(pool)
    end(environment, first)

    assert own_number(pool) != first
    assert pings == []


def test_a_line_that_was_cut_without_a_word_is_replaced(
    pool: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = own_number(pool)
    monkeypatch.setattr(db_pool, "QUIET", -1.0)

    def cut(_connection: object) -> bool:
        raise psycopg2.OperationalError("could not receive data: Connection timed out")

    monkeypatch.setattr(pool.dialect, "do_ping", cut)

    assert own_number(pool) != first


def test_of_several_connections_none_that_was_closed_is_lent(
    environment: dict[str, str],
) -> None:
    engine = create_engine(environment["DATABASE_URL"], pool_size=3)
    db_pool.watch_over(engine)
    opened: list[object] = []
    event.listen(engine, "connect", lambda connection, _entry: opened.append(connection))
    lent = [engine.connect() for _ in range(3)]
    numbers = [one.scalar(text("SELECT pg_backend_pid()")) for one in lent]
    for one in lent:
        one.close()
    for number in numbers:
        end(environment, int(number or 0))

    assert own_number(engine) not in numbers
    assert len(opened) == 4
    engine.dispose()
