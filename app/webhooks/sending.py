"""One request to somebody's endpoint: signed, short, and never to this machine itself."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from socket import socket
from typing import Any, NamedTuple

import requests
from flask import current_app
from requests.adapters import HTTPAdapter
from standardwebhooks import Webhook
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

SECONDS = (5, 10)  # to connect; between two bytes of the answer
EXCERPT = 300  # characters of an answer that are kept


class ForbiddenAddress(OSError):
    """An endpoint leads to this machine, or to what is only reached from it."""


class Answer(NamedTuple):
    """What an endpoint said: its status, None if it said nothing, and why it failed, if so."""

    status: int | None
    reason: str = ""

    @property
    def is_taken(self) -> bool:
        """Tell whether the message has arrived."""
        return not self.reason

    @property
    def is_gone(self) -> bool:
        """Tell whether nobody wants to be told there any more."""
        return self.status == HTTPStatus.GONE


def send(url: str, secret: str, *, message_id: str, moment: datetime, body: str) -> Answer:
    """Tell an endpoint, in one try; whatever happens becomes an answer.

    Headers and signature are those of Standard Webhooks 1.0: HMAC-SHA256 of id, time and body.
    """
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Opsroom/{current_app.config['VERSION']}",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, moment, body),
    }
    try:
        with _session() as session:
            return _posted(session, url, headers, body)
    except (requests.RequestException, HTTPError, OSError) as error:
        return Answer(None, _said(error))


def _posted(
    session: requests.Session, url: str, headers: Mapping[str, str], body: str
) -> Answer:
    with session.post(
        url, data=body.encode(), headers=headers, timeout=SECONDS, allow_redirects=False,
        stream=True,
    ) as response:  # fmt: skip
        status = response.status_code
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return Answer(status)
        excerpt = next(response.iter_content(EXCERPT * 4), b"").decode(errors="replace")
    said = " ".join(excerpt.replace("\0", "").split())[:EXCERPT]
    if status < HTTPStatus.BAD_REQUEST:
        return Answer(status, f"HTTP {status}: it redirects. Enter the address it leads to.")
    return Answer(status, f"HTTP {status}: {said}".rstrip(": "))


def _said(error: Exception) -> str:
    """Say why there was no answer: the innermost reason, without the address."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ForbiddenAddress):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    return f"It does not answer ({type(error).__name__})."


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy, and no password of a .netrc
    if not current_app.config["WEBHOOKS_TO_THIS_MACHINE"]:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Guarded())
    return session


class _Guarded(HTTPAdapter):
    """Looks at where a connection has really gone, whatever its name said before."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class _HttpConnection(HTTPConnection):
    def _new_conn(self) -> socket:
        return _outside(super()._new_conn())


class _HttpsConnection(HTTPSConnection):
    def _new_conn(self) -> socket:
        return _outside(super()._new_conn())


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


def _outside(connected: socket) -> socket:
    """Give a connection on, if it leads away from this machine; a network of ours is away.

    Raises:
        ForbiddenAddress: It does not. Nothing has been sent.
    """
    address = ip_address(connected.getpeername()[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback or address.is_link_local or address.is_unspecified:
        connected.close()
        raise ForbiddenAddress("It leads to this machine itself, which is not told.")
    return connected
