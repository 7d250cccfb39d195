"""A server that speaks as ours does and keeps what it is sent; faults can be ordered."""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

TOKEN = "a token of a device"  # noqa: S105
MOST = 500
BATCH = {"boot_id", "now", "uptime", "watermark", "punches"}
PUNCH = {"device_seq", "boot_id", "reader", "kind", "credential", "at", "uptime"}
HEARTBEAT = {"boot_id", "now", "uptime", "watermark", "queued", "version", "readers"}
READER = {"name", "kind", "is_present", "refused_frames"}
Json = dict[str, Any]


class Refusal(Exception):
    """An answer that is no yes."""

    def __init__(self, status: int, body: Mapping[str, Any] | bytes) -> None:
        self.status, self.body = status, body


class StandIn:
    """Keeps each punch under its key, as the real one does, and counts how often it came."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], Json] = {}
        self.conflicts: list[Json] = []
        self.batches: list[Json] = []
        self.heartbeats: list[Json] = []
        self.results: dict[int, Json] = {}
        self.commands: list[Json] = []
        self.outcomes: dict[str, str] = {}  # by credential; else accepted
        self.most, self.skew = MOST, 0.0
        # Ordered for the next requests: "lost", "cut", or a status with a body.
        self.faults: list[str | tuple[int, bytes]] = []
        self.lock = threading.Lock()
        self._server = _Server(self)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def credentials(self) -> list[str]:
        """Give the numbers of all cards that came, in the order of their keys."""
        return [punch["credential"] for _, punch in sorted(self.kept.copy().items())]

    def answer(self, path: str, body: Json) -> Json:
        what = path.removeprefix("/api/v1/attendance/")
        if what == "punches":
            return self._punches(body)
        if what == "heartbeats":
            return self._heartbeat(body)
        number = int(what.removeprefix("commands/"))
        if number not in {command["id"] for command in self.commands}:
            raise Refusal(404, {"error": "No such command."})
        self.results[number] = body
        return {"id": number, "state": "done" if body["is_done"] else "failed"}

    def _punches(self, body: Json) -> Json:
        _known(body, BATCH, "")
        if not 1 <= len(body["punches"]) <= self.most:
            raise Refusal(413, {"error": "Too many punches."})
        for index, punch in enumerate(body["punches"]):
            _known(punch, PUNCH, f"punches.{index}.")
        self.batches.append(body)
        return {
            "server_time": body["now"],
            "items": [self._keep(one) for one in body["punches"]],
        }

    def _keep(self, punch: Json) -> Json:
        key = punch["boot_id"], punch["device_seq"]
        content = {name: value for name, value in punch.items() if name != "uptime"}
        outcome = self.outcomes.get(punch["credential"], "accepted")
        if (known := self.kept.get(key)) is not None:
            outcome = "duplicate" if known == content else "conflict"
            self.conflicts += [content] if outcome == "conflict" else []
        elif outcome != "rejected":
            self.kept[key] = content
        return {"boot_id": key[0], "device_seq": key[1], "outcome": outcome, "reason": "so"}

    def _heartbeat(self, body: Json) -> Json:
        _known(body, HEARTBEAT, "")
        for index, reader in enumerate(body.get("readers", [])):
            _known(reader, READER, f"readers.{index}.")
        self.heartbeats.append(body)
        open_ones = [one for one in self.commands if one["id"] not in self.results]
        answer: Json = {"server_time": body["now"], "skew_seconds": self.skew}
        return answer | {"poll_seconds": 2 if open_ones else 30, "commands": open_ones}


def _known(body: Json, names: set[str], where: str) -> None:
    if unknown := body.keys() - names:
        fields = {f"{where}{name}": ["Unknown field."] for name in unknown}
        raise Refusal(422, {"error": "?", "code": "invalid", "fields": fields})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Somebody who is killed says no good-bye."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        standin = self.server.standin
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with standin.lock:
            fault = standin.faults.pop(0) if standin.faults else None
            if fault == "cut":  # nothing was kept
                self._hang_up()
                return
            if isinstance(fault, tuple):
                self._say(*fault)
                return
            status, answer = self._answer(standin, body)
        if fault == "lost":  # all was kept, and nobody hears of it
            self._hang_up()
            return
        self._say(status, answer)

    def _answer(self, standin: StandIn, body: Json) -> tuple[int, bytes]:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, b'{"error": "Who are you?"}'
        try:
            return 200, json.dumps(standin.answer(self.path, body)).encode()
        except Refusal as refusal:
            return refusal.status, json.dumps(refusal.body).encode()

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "7")
        if status == 302:
            self.send_header("Location", "/login")
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
