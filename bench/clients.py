"""Clients in processes of their own, so that the server does not wait for their interpreter."""

import http.client
import random
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

PROCESSES = 2
GOOD = range(200, 300)


class Request(NamedTuple):
    """One thing to ask for."""

    path: str
    method: str = "GET"
    body: str | None = None


class Load(NamedTuple):
    """What all clients ask a server for, each in an order of its own."""

    port: int
    requests: Sequence[Request]
    headers: Mapping[str, str]
    clients: int = 8
    seconds: float = 3.0


class Measured(NamedTuple):
    """What came of it: seconds of each answer, and what was refused."""

    latencies: list[float]
    seconds: float
    refused: list[str]

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


class Crowd:
    """The client processes, started once."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))

    def ask(self, load: Load) -> Measured:
        """Let all clients ask for as long as the load says.

        Raises:
            RuntimeError: The server refused something.
        """
        share = load._replace(clients=load.clients // PROCESSES)
        parts = [self._pool.submit(_ask, share, seed) for seed in range(PROCESSES)]
        done = [part.result() for part in parts]
        if refused := [text for part in done for text in part.refused]:
            raise RuntimeError(f"{len(refused)} refused, the first: {refused[0]}")
        latencies = [seconds for part in done for seconds in part.latencies]
        return Measured(latencies, max(part.seconds for part in done), [])

    def close(self) -> None:
        """Let the processes go."""
        self._pool.shutdown()


def _ask(load: Load, seed: int) -> Measured:
    """Be some of the clients: a thread each."""
    latencies: list[float] = []
    refused: list[str] = []
    began = time.perf_counter()
    threads = [
        threading.Thread(
            target=_client, args=(load, seed * 1000 + number, began, latencies, refused)
        )
        for number in range(load.clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measured(latencies, time.perf_counter() - began, refused)


def _client(
    load: Load, seed: int, began: float, latencies: list[float], refused: list[str]
) -> None:
    """Ask over one kept connection until the time is over."""
    connection = http.client.HTTPConnection("127.0.0.1", load.port, timeout=30)
    mine = random.Random(seed).sample(load.requests, len(load.requests))  # noqa: S311
    turn = 0
    while (start := time.perf_counter()) < began + load.seconds:
        asked = mine[turn % len(mine)]
        turn += 1
        connection.request(asked.method, asked.path, asked.body, dict(load.headers))
        answer = connection.getresponse()
        text = answer.read()
        latencies.append(time.perf_counter() - start)
        if answer.status not in GOOD:
            refused.append(f"{answer.status} {asked.path} {text[:300]!r}")
            return
    connection.close()
