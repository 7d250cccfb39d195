"""Who may ask: an integration with its credentials, and an administrator for some hours."""

import secrets
import threading
from collections.abc import Callable

HOURS_4 = 4 * 3600
LENGTH = 32  # of keys, tokens and their secrets


def credential(name: str) -> str:
    """A credential of the length that the vendor's have."""
    return f"standin{name}{'0' * LENGTH}"[:LENGTH]


class Access:
    """The credentials, the living tokens of the administrator, and the nonces seen."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.consumer_key = credential("consumerkey")
        self.consumer_secret = credential("consumersecret")
        self.access_token = credential("accesstoken")
        self.access_token_secret = credential("tokensecret")
        self.user, self.password = "opsroom", "stand-in password 1"
        self.allows_bearer = (
            True  # since 2.4.4 a shop refuses a bare integration token by default
        )
        self.is_active = True  # whether the integration is switched on
        self.admin_seconds = HOURS_4
        self.admin_tokens: dict[str, float] = {}
        self.nonces: set[str] = set()
        self.denied: set[str] = set()  # resources that nobody has a right to

    def sign_in(self) -> str:
        """Give the administrator one more token."""
        token = secrets.token_hex(LENGTH // 2)
        self.admin_tokens[token] = self.clock() + self.admin_seconds
        return token

    def expire(self) -> None:
        """End all tokens of the administrator."""
        self.admin_tokens.clear()

    def knows(self, token: str) -> bool:
        """Whether a bearer of this token may ask now."""
        if token == self.access_token:
            return self.is_active and self.allows_bearer
        return self.admin_tokens.get(token, 0) > self.clock()

    def is_new(self, nonce: str) -> bool:
        """Whether a nonce was not used before; from now on it was."""
        with self.lock:
            is_new = nonce not in self.nonces
            self.nonces.add(nonce)
            return is_new
