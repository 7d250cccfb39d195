"""Codes and tokens: who may ask, and for how long."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Rotation = Literal["never", "always", "daily"]
CODE_SECONDS = 300
DAY = 86400


@dataclass
class Grant:
    """One consent: its access tokens with their ends, and its one living refresh token."""

    refresh: str = ""
    rotated_at: float = 0
    access: dict[str, float] = field(default_factory=dict)


class Grants:
    """All consents given so far."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.codes: dict[str, tuple[str, float]] = {}
        self.living: list[Grant] = []
        self.access_seconds = 3600
        self.rotation: Rotation = "never"
        self.refresh_count = 0

    def code(self, redirect_uri: str) -> str:
        """Make a code that can be exchanged once, with this address and within 5 minutes."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = redirect_uri, self.clock() + CODE_SECONDS
        return code

    def exchange(self, code: str, redirect_uri: str) -> tuple[str, str] | None:
        """Turn a code into an access and a refresh token; None if it is no good."""
        with self.lock:
            address, end = self.codes.pop(code, (None, 0.0))
            is_good = address == redirect_uri and self.clock() < end
            return self.grant() if is_good else None

    def grant(self) -> tuple[str, str]:
        """Give a new consent; gives its access and refresh token."""
        with self.lock:
            grant = Grant(refresh=new("RT1"), rotated_at=self.clock())
            self.living.append(grant)
            return self.access(grant), grant.refresh

    def access(self, grant: Grant) -> str:
        """Make one more access token."""
        token = new("AT0")
        grant.access[token] = self.clock() + self.access_seconds
        return token

    def refresh(self, token: str, *, racing: bool = False) -> tuple[str, str] | None:
        """Give a new access token for a living refresh token, which may be replaced."""
        with self.lock:
            grant = next((one for one in self.living if one.refresh == token), None)
            if grant is None:
                return None
            self.refresh_count += 1
            if racing or self.is_due(grant):
                grant.refresh, grant.rotated_at = new("RT1"), self.clock()
            return self.access(grant), grant.refresh

    def is_due(self, grant: Grant) -> bool:
        """Whether a refresh replaces the refresh token; the vendor does so about daily."""
        is_old = self.clock() - grant.rotated_at >= DAY
        return self.rotation == "always" or (self.rotation == "daily" and is_old)

    def rotate(self) -> None:
        """Replace every refresh token behind the clients' backs."""
        with self.lock:
            for grant in self.living:
                grant.refresh = new("RT1")

    def expire(self) -> None:
        """End all access tokens given so far."""
        with self.lock:
            for grant in self.living:
                grant.access.clear()

    def allows(self, token: str) -> bool:
        """Whether this access token is good now."""
        now = self.clock()
        return any(one.access.get(token, 0) > now for one in list(self.living))

    def revoke(self, token: str) -> bool:
        """End the consent that either of its tokens names."""
        with self.lock:
            dead = [one for one in self.living if token == one.refresh or token in one.access]
            self.living = [one for one in self.living if one not in dead]
            return bool(dead)


def new(kind: str) -> str:
    """Make a token nobody can guess."""
    return f"{kind}-{secrets.token_urlsafe(30)}"
