"""At the door: from the reader to the greeting, to many screens, and after an outage."""

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import requests
from flask import Flask
from redis import Redis
from sqlalchemy import func, select

from app.accounts import services as accounts
from app.accounts.models import User
from app.attendance import services
from app.attendance.models import Punch, PunchConflict
from app.core.broker import live_channel
from app.core.db import db
from bench.cases import Server
from bench.clients import Crowd, Load, Request
from bench.preparing import Prepared
from bench.report import Row
from bench.screens import Screen, Wall
from bench.servers import free_port, killed_at_the_end, serving
from bridge.client import Client
from bridge.clock import Clock
from bridge.program import Bridge
from bridge.recording import Sounds
from bridge.sending import Sender
from bridge.settings import ReaderSettings, Settings
from bridge.simulator.device import Device
from bridge.simulator.frames import id12
from bridge.spool import Spool

GREETED, ANNOUNCED, QUEUED = 60, 50, 5_000
KILLED, KILLS = 10_000, 8
KIOSKS, BOARDS, VIEWERS = 100, 100, 10
PROCESSES = 3  # a process has 80 places for sockets
PAUSE = 0.15  # seconds between two people at a door
PATIENCE = 30.0
PAGES = ("/products", "/stock", "/orders", "/attendance/punches", "/attendance/board")
CLIENTS, MEANWHILE, SLOWER = 2, 3.0, 2.0  # who open pages, for how many seconds
FIRST_CARD = 100_000


class Doors(NamedTuple):
    """Who is let in: a bridge, screens, people who look at the board."""

    bridge: str
    kiosks: Sequence[str]
    viewers: Sequence[str]
    channel: str  # where what happens is announced


def rows(prepared: Prepared) -> list[Row]:
    """Measure all of it on one server; the kills are of another."""
    app = prepared.app
    doors = _prepared(app)
    os.environ["WEB_CONCURRENCY"] = str(PROCESSES)
    try:
        with serving("wsgi:app") as port, tempfile.TemporaryDirectory() as folder:
            return [
                _greeting(port, doors, Path(folder)),
                _fan_out(port, doors),
                _queue(port, doors, Path(folder)),
                _pages_meanwhile(
                    Server(port, {"Cookie": prepared.cookie}), doors, Path(folder)
                ),
                _kills(app, doors, Path(folder)),
            ]
    finally:
        del os.environ["WEB_CONCURRENCY"]


def _prepared(app: Flask) -> Doors:
    """Hire people, each with a card; set up a bridge and screens; let viewers sign in."""
    with app.app_context():
        boss = db.session.scalars(select(User).where(User.username == "bench")).one()
        for number in range(GREETED + ANNOUNCED):
            person = services.create_employee(
                number=f"D-{number}", name=f"Person {number}", hire_date=date(2020, 1, 1)
            )
            services.assign_card(str(FIRST_CARD + number), employee_id=person.id)
        bridge = services.create_device(
            by=boss, name="Door", kind="bridge", place="Hall"
        ).secret
        kiosks = [
            services.hang_up_kiosk(by=boss, name=f"Kiosk {number}", place="Hall").secret
            for number in range(KIOSKS)
        ]
        viewers = [
            accounts.create_token(_viewer(number), name="board") for number in range(VIEWERS)
        ]
        channel = live_channel()
        db.session.remove()
        db.engine.dispose()
    return Doors(bridge, kiosks, viewers, channel)


def _viewer(number: int) -> User:
    name = f"viewer{number}"
    return accounts.create_user(
        name,
        email=f"{name}@example.com",
        name=name,
        password=f"{name} looks at the board",
        role="admin",
    )


def _greeting(port: int, doors: Doors, folder: Path) -> Row:
    """Present cards at a pty, and wait for each greeting at a screen."""
    seconds = []
    with _bridge(port, doors, folder) as reader, Wall() as wall:
        wall.hang(Screen(port, "/kiosk/ws", f"kiosk={doors.kiosks[0]}"))
        for number in range(GREETED):
            began = time.perf_counter()
            reader.send(id12(FIRST_CARD + number))
            [heard] = wall.heard(f"Person {number}.".encode(), within=PATIENCE)
            seconds.append(heard - began)
            time.sleep(PAUSE)
    return _row("Card at the reader (pty) to the greeting on a kiosk", 300, seconds, 95)


@contextmanager
def _bridge(port: int, doors: Doors, folder: Path) -> Iterator[Device]:
    reader = Device(folder / "reader")
    bridge = Bridge(_settings(port, doors, folder))
    thread = threading.Thread(target=bridge.run)
    thread.start()
    try:
        while bridge.readers[0].status.state != "ready":
            time.sleep(0.01)
        yield reader
    finally:
        bridge.stop()
        thread.join()
        reader.unplug()


def _settings(port: int, doors: Doors, folder: Path) -> Settings:
    token = folder / "token"
    token.write_text(doors.bridge)
    return Settings(
        f"http://127.0.0.1:{port}",
        token,
        [ReaderSettings("door", "id12", str(folder / "reader"))],
        spool=folder / "spool.sqlite",
    )


def _fan_out(port: int, doors: Doors) -> Row:
    """Announce punches, and wait until all screens have heard each."""
    seconds: list[float] = []
    line = Redis.from_url(os.environ["REDIS_URL"]).pubsub(ignore_subscribe_messages=True)
    with closing(line), Wall() as wall, requests.Session() as http:
        line.subscribe(doors.channel)
        line.get_message(timeout=PATIENCE)
        for token in doors.kiosks:
            wall.hang(Screen(port, "/kiosk/ws", f"kiosk={token}"))
        for number in range(BOARDS):
            token = doors.viewers[number % VIEWERS]
            wall.hang(Screen(port, "/ws?topics=attendance", token=token))
        for number in range(GREETED, GREETED + ANNOUNCED):
            wall.forget()
            threading.Thread(target=_punch, args=(http, port, doors, number)).start()
            line.get_message(timeout=PATIENCE)
            announced = time.perf_counter()
            heard = wall.heard(b"", within=PATIENCE)
            seconds += [max(moment - announced, 0) for moment in heard]
            time.sleep(PAUSE)
    work = f"{ANNOUNCED} punches to {KIOSKS} kiosks and {BOARDS} boards, from the announcement"
    return _row(work, 100, seconds, 99)


def _punch(http: requests.Session, port: int, doors: Doors, number: int) -> None:
    body = {
        "boot_id": "bench",
        "device_seq": number,
        "credential": str(FIRST_CARD + number),
        "at": Clock().now().said,
    }
    http.post(
        f"http://127.0.0.1:{port}/api/v1/attendance/punches",
        data=json.dumps(body),
        headers={"Authorization": f"Bearer {doors.bridge}", "Content-Type": "application/json"},
        timeout=PATIENCE,
    ).raise_for_status()


def _queue(port: int, doors: Doors, folder: Path) -> Row:
    """Send what has waited through an outage."""
    with closing(Spool(folder / "queue.sqlite", Clock())) as spool:
        for number in range(QUEUED):
            spool.add("door", "card", str(FIRST_CARD + number % (GREETED + ANNOUNCED)))
        sender = Sender(
            spool,
            Client(_settings(port, doors, folder)),
            news=threading.Event(),
            sounds=Sounds(),
        )
        began = time.perf_counter()
        while spool.waiting:
            time.sleep(sender.step())
        took = time.perf_counter() - began
    return Row(
        f"{QUEUED:,} punches that waited through an outage",
        "<= 5 s",
        "",
        f"{took:.1f} s",
        *("", "", ""),
        is_reached=took <= 5,  # noqa: PLR2004
    )


def _pages_meanwhile(ours: Server, doors: Doors, folder: Path) -> Row:
    """Open pages, first alone and then while a bridge sends what has waited."""
    pages = [Request(path) for path in PAGES]
    load = Load(ours.port, pages, ours.headers, clients=CLIENTS, seconds=MEANWHILE)
    stopped, news = threading.Event(), threading.Event()
    with closing(Crowd()) as crowd, closing(Spool(folder / "pages.sqlite", Clock())) as spool:
        for number in range(QUEUED):
            spool.add("door", "card", str(FIRST_CARD + number % (GREETED + ANNOUNCED)))
        crowd.ask(load)  # warms up
        idle = crowd.ask(load)
        client = Client(_settings(ours.port, doors, folder))
        sender = Sender(spool, client, news=news, sounds=Sounds())
        thread = threading.Thread(target=sender.run, args=[stopped])
        thread.start()
        busy = crowd.ask(load)
        left = spool.waiting
        _until(lambda: not spool.waiting)
        stopped.set()
        news.set()
        thread.join()
    ratio = busy.percentile(0.95) / idle.percentile(0.95)
    return Row(
        f"Pages while {QUEUED:,} queued punches arrive, {CLIENTS} clients",
        f"p95 <= {SLOWER:.0f}x of idle",
        f"{idle.percentile(0.95):.1f} ms idle",
        f"{busy.per_second:.0f}/s of {idle.per_second:.0f}/s; {left:,} were still to come",
        f"{ratio:.2f}",
        f"{busy.percentile(0.5):.1f} ms",
        f"{busy.percentile(0.95):.1f} ms",
        is_reached=ratio <= SLOWER,
    )


def _kills(app: Flask, doors: Doors, folder: Path) -> Row:
    """Kill all processes of the web again and again while the bridge sends."""
    port, stopped, news = free_port(), threading.Event(), threading.Event()
    with closing(Spool(folder / "kills.sqlite", Clock())) as spool:
        for number in range(KILLED):
            spool.add("door", "card", str(FIRST_CARD + number % (GREETED + ANNOUNCED)))
        client = Client(_settings(port, doors, folder))
        sender = Sender(spool, client, news=news, sounds=Sounds())
        thread = threading.Thread(target=sender.run, args=[stopped])
        thread.start()
        try:
            for kill in range(KILLS):
                left = KILLED * (KILLS - kill - 1) // KILLS
                with killed_at_the_end(port):
                    _until(lambda: spool.waiting <= left)  # noqa: B023
        finally:
            stopped.set()
            news.set()
            thread.join()
        boot_id = spool.boot_id
    with app.app_context():
        kept = db.session.scalar(select(func.count()).where(Punch.boot_id == boot_id))
        conflicts = db.session.scalar(select(func.count(PunchConflict.id)))
        db.session.remove()
        db.engine.dispose()
    return Row(
        f"{KILLED:,} punches while the web is killed {KILLS} times",
        "each once",
        "",
        f"{kept:,} kept, {conflicts} others under their numbers",
        *("", "", ""),
        is_reached=kept == KILLED and not conflicts,
    )


def _until(what: Callable[[], bool]) -> None:
    end = time.perf_counter() + 2 * PATIENCE
    while not what():
        if time.perf_counter() > end:
            raise RuntimeError("The punches do not arrive.")
        time.sleep(0.005)


def _row(work: str, most: int, seconds: Sequence[float], percentile: int) -> Row:
    """Write a row of times; `most` are the milliseconds that the percentile may reach."""
    found = [one * 1000 for one in quantiles(seconds, n=100, method="inclusive")]
    reached = found[percentile - 1]
    return Row(
        work,
        f"p{percentile} <= {most} ms",
        "",
        f"p{percentile} {reached:.1f} ms",
        "",
        f"{found[49]:.1f} ms",
        f"{found[94]:.1f} ms",
        is_reached=reached <= most,
    )
