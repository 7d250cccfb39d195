"""A tablet as the server sees it: a session, a CSRF token, and what its screen says."""

import http.client
import re
import time
from collections.abc import Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

CSRF = re.compile(r'<meta name="csrf" content="([^"]+)"')
BIN = re.compile(r'<h1 class="bin">([^<]+)</h1>')
SKU = re.compile(r'<p class="pick-sku">([^<]+)</p>')
TOTE = re.compile(r'<p class="tote [^"]*">\s*<b>\d+</b>\s*<span>([^<\s]+)')
TO_PACK = re.compile(
    r'<span class="pick-sku">([^<]+)</span>.*?<strong>(\d+)</strong>\s*<span>/ (\d+)</span>',
    re.DOTALL,
)
PARCEL = re.compile(r'action="(/pack/\d+/parcels/\d+)"')
IDLE = 1.0  # seconds after which a connection is not trusted: gunicorn keeps it for two
FORM = "application/x-www-form-urlencoded"


class Answer(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    text: str
    place: str
    sound: str
    seconds: float


class Tablet:
    """One browser, which keeps its connection, its cookies and its CSRF token."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._csrf = port, ""
        self._cookies = dict([cookie.split("=", 1)])
        self._connections, self._used = [self._connect()], [0.0]

    def open(self, path: str) -> Answer:
        """Open a page; its CSRF token goes along with all that is sent from it."""
        answer = self._read(self._send(0, "GET", path, None, {}))
        if found := CSRF.search(answer.text):
            self._csrf = unescape(found[1])
        return answer

    def submit(self, path: str, **fields: str) -> Answer:
        """Send a form as a browser does."""
        body = urlencode({"csrf_token": self._csrf, **fields})
        return self._read(self._send(0, "POST", path, body, {"Content-Type": FORM}))

    def scan(self, path: str, code: str, *, copies: int = 1) -> list[Answer]:
        """Send a scan as static/js/tablet/outbox.js does; copies of it, at the same moment."""
        headers = {"Content-Type": FORM, "HX-Request": "true", "X-CSRFToken": self._csrf}
        body = urlencode({"code": code, "id": str(uuid4())})
        sent = [self._send(n, "POST", path, body, headers) for n in range(copies)]
        return [self._read(one) for one in sent]

    def close(self) -> None:
        """Let the connections go."""
        for connection in self._connections:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)

    def _send(
        self, number: int, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPConnection, float]:
        while len(self._connections) <= number:
            self._connections.append(self._connect())
            self._used.append(0.0)
        connection, began = self._connections[number], time.perf_counter()
        if began - self._used[number] > IDLE:
            connection.close()  # the server has let it go by now; it is opened again by itself
        self._used[number] = began
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection.request(method, path, body, {"Cookie": cookies, **headers})
        return connection, began

    def _read(self, sent: tuple[http.client.HTTPConnection, float]) -> Answer:
        connection, began = sent
        answer = connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - began
        for set_cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = set_cookie.partition(";")[0].split("=", 1)
            self._cookies[name] = value
        place = answer.getheader("Location") or answer.getheader("X-Place") or ""
        path = urlsplit(place).path
        return Answer(answer.status, text, path, answer.getheader("X-Sound") or "", seconds)


def to_scan(screen: str, codes: Mapping[str, str]) -> str | None:
    """What a picker scans next, as the screen says it; None if there is no line on it.

    `codes` are the barcodes by SKU.
    """
    place = BIN.search(screen)
    if place is None:
        return None
    if "then scan the tote" in screen:
        return TOTE.findall(screen)[0]
    if "scan the goods" in screen:
        return codes[SKU.findall(screen)[0]]
    return place[1]


def totes_to_pack(screen: str) -> list[str]:
    """Totes that go to the packing table, as the end of a pick task says it."""
    return TOTE.findall(screen) if "All picked" in screen else []


def to_pack(screen: str) -> str | None:
    """The SKU of a piece that is not in a parcel yet."""
    open_ = (
        sku for sku, packed, picked in TO_PACK.findall(screen) if int(packed) < int(picked)
    )
    return next(open_, None)
