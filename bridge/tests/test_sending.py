"""From the disk to the server: each punch once, whatever is lost between."""

import json
import logging
import random
import threading

import pytest

from bridge.client import Client
from bridge.sending import Sender
from bridge.settings import Settings
from bridge.spool import Spool
from bridge.tests.conftest import Heard, Wound
from bridge.tests.standin import StandIn
from bridge.tests.waiting import until

PUNCHES = 10_000
HTML = b"<html>Bad gateway</html>"


@pytest.fixture
def sender(spool: Spool, settings: Settings, sounds: Heard) -> Sender:
    return Sender(spool, Client(settings), news=threading.Event(), sounds=sounds)


def add(spool: Spool, *credentials: str) -> None:
    for credential in credentials:
        spool.add("door", "card", credential)


def send_all(sender: Sender, spool: Spool) -> None:
    while spool.waiting:
        sender.step()


def test_what_the_server_has_leaves_the_disk(
    sender: Sender, spool: Spool, server: StandIn
) -> None:
    add(spool, "4711", "4712")
    assert sender.step() == 0
    assert spool.waiting == 0
    assert server.credentials() == ["4711", "4712"]


@pytest.mark.parametrize(
    "fault",
    [
        *("cut", "lost", (503, HTML), (500, b"{}"), (302, b""), (401, b"{}"), (403, b"{}")),
        *((200, HTML), (200, b"[]"), (200, b"{}"), (200, b'{"items": []}'), (404, b"{}")),
        (200, b'{"items": [{"boot_id": "x", "device_seq": 1, "outcome": "accepted"}]}'),
        (200, b'{"items": [null]}'),
        (200, b'{"items": [{"boot_id": 1, "device_seq": "x", "outcome": "accepted"}]}'),
    ],
)
def test_without_an_answer_of_our_server_everything_stays(
    sender: Sender, spool: Spool, server: StandIn, fault: str | tuple[int, bytes]
) -> None:
    add(spool, "4711")
    server.faults.append(fault)
    assert 0.5 <= sender.step() <= 1
    assert spool.waiting == 1
    assert sender.step() == 0
    assert server.credentials() == ["4711"]
    assert spool.waiting == 0


def test_a_reply_that_was_lost_after_the_commit_doubles_nothing(
    sender: Sender, spool: Spool, server: StandIn, clock: Wound
) -> None:
    add(spool, "4711")
    server.faults.append("lost")
    sender.step()
    clock.jumps(3600)  # what is sent again is what was sent, whatever the clock says now
    sender.step()
    assert server.credentials() == ["4711"]
    assert server.conflicts == []


def test_a_batch_too_big_is_halved_until_it_passes(
    sender: Sender, spool: Spool, server: StandIn
) -> None:
    server.most = 3
    add(spool, *map(str, range(1, 21)))
    send_all(sender, spool)
    assert len(server.kept) == 20


def test_a_server_that_asks_for_patience_gets_it(
    sender: Sender, spool: Spool, server: StandIn
) -> None:
    add(spool, "4711")
    server.faults.append((429, b"{}"))
    assert sender.step() == 7


def test_pauses_grow_to_a_minute_and_differ(
    sender: Sender, spool: Spool, server: StandIn
) -> None:
    add(spool, "4711")
    server.faults += ["cut"] * 12
    pauses = [sender.step() for _ in range(12)]
    assert max(pauses[:3]) < min(pauses[4:])
    assert all(30 <= pause <= 60 for pause in pauses[7:])
    assert len(set(pauses)) == 12


@pytest.mark.parametrize("outcome", ["rejected", "a word of a later version"])
def test_what_is_not_said_to_be_kept_is_put_aside_and_stops_nobody(
    sender: Sender, spool: Spool, server: StandIn, outcome: str
) -> None:
    server.outcomes["0"] = outcome
    add(spool, "0", "4711")
    send_all(sender, spool)
    assert "4711" in server.credentials()
    assert spool.refused() == [(1, f"{outcome}: so")]


def test_a_punch_whose_field_is_refused_is_put_aside_and_stops_nobody(
    sender: Sender, spool: Spool, server: StandIn
) -> None:
    add(spool, "1", "2", "3")
    fields = json.dumps({"error": "?", "fields": {"punches.1.at": ["No."]}}).encode()
    server.faults.append((422, fields))
    send_all(sender, spool)
    assert server.credentials() == ["1", "3"]
    assert [seq for seq, _ in spool.refused()] == [2]


def test_a_card_that_nobody_knows_buzzes_while_its_person_is_there(
    sender: Sender, spool: Spool, server: StandIn, sounds: Heard, clock: Wound
) -> None:
    server.outcomes["1"] = "unknown_credential"
    add(spool, "1", "2")
    send_all(sender, spool)
    assert sounds.buzzes == 1
    add(spool, "1")
    clock.passes(60)
    send_all(sender, spool)
    assert sounds.buzzes == 1


def test_no_number_of_a_card_stands_in_the_log(
    sender: Sender, spool: Spool, server: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = ("rejected", "conflict", "unknown_credential", "inactive", "accepted")
    server.outcomes |= {f"471100{n}": outcome for n, outcome in enumerate(outcomes)}
    server.faults += ["cut", "lost", (503, HTML)]
    add(spool, *server.outcomes)
    send_all(sender, spool)
    assert len(caplog.records) > 3
    assert "471100" not in caplog.text


def test_a_new_token_is_used_at_once(
    sender: Sender, spool: Spool, settings: Settings, server: StandIn
) -> None:
    right = settings.token
    settings.token_file.write_text("an old one")
    add(spool, "4711")
    sender.step()
    assert spool.waiting == 1
    settings.token_file.write_text(right)
    sender.step()
    assert spool.waiting == 0


def test_without_a_token_file_the_punches_wait(
    sender: Sender, spool: Spool, settings: Settings
) -> None:
    settings.token_file.unlink()
    add(spool, "4711")
    sender.step()
    assert spool.waiting == 1


def test_after_a_day_without_a_network_everything_arrives_by_its_own_time(
    sender: Sender, spool: Spool, server: StandIn, clock: Wound
) -> None:
    server.faults += ["cut"] * 24
    for _ in range(24):
        add(spool, "4711")
        sender.step()
        clock.passes(3600)
    send_all(sender, spool)
    times = [punch["at"] for _, punch in sorted(server.kept.items())]
    assert len(times) == 24
    assert times[0] == "2026-11-30T08:00:00.000+01:00"
    assert times[23] == "2026-12-01T07:00:00.000+01:00"


def test_ten_thousand_punches_arrive_once_through_every_fault_and_a_clock_that_jumps(
    spool: Spool, settings: Settings, server: StandIn, clock: Wound, sounds: Heard
) -> None:
    spool._db.execute("PRAGMA synchronous=OFF")  # of what is asked here, the disk is no part
    rng = random.Random(5)
    faults: list[str | tuple[int, bytes]] = ["cut", "lost", (503, HTML), (200, HTML)]
    faults += [(413, b"{}"), (429, b"{}")]
    sender = Sender(spool, Client(settings), news=threading.Event(), sounds=sounds)
    for number in range(1, PUNCHES + 1):
        add(spool, str(number))
        clock.passes(rng.uniform(0, 5))
        if number % 150 == 0:
            clock.jumps(rng.choice([-3600, 3600, 0]))
            server.faults += rng.choices(faults, k=rng.randint(0, 2))
            sender.step()
        if number % 2000 == 0:  # the machine starts anew
            clock.boot_id, clock.uptime = f"boot {number}", 0.0
    send_all(sender, spool)
    assert len(server.kept) == PUNCHES
    assert sorted(map(int, server.credentials())) == [*range(1, PUNCHES + 1)]
    assert server.conflicts == []
    assert len({boot_id for boot_id, _ in server.kept}) == 5


def test_a_punch_is_sent_at_once_by_the_thread_that_waits(
    spool: Spool, settings: Settings, server: StandIn, sounds: Heard
) -> None:
    news, stopped = threading.Event(), threading.Event()
    sender = Sender(spool, Client(settings), news=news, sounds=sounds)
    thread = threading.Thread(target=sender.run, args=[stopped])
    thread.start()
    add(spool, "4711")
    news.set()
    until(lambda: server.credentials() == ["4711"])
    stopped.set()
    news.set()
    thread.join()
