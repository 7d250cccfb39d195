"""How a system lets us in: a person agrees there, or types here what it has given them."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from app.integrations.connector import Connector, Grant, Request


class Registration(NamedTuple):
    """How the system knows us: our app there, and which of its environments."""

    client_id: str
    client_secret: str
    environment: str
    redirect_uri: str


class ByConsent(Connector):
    """A person signs in there and lets us in (OAuth 2.0)."""

    offers_pkce: ClassVar[bool] = False

    @abstractmethod
    def environments(self) -> Mapping[str, str]:
        """Which there are to choose from: name -> label."""

    @abstractmethod
    def authorize_url(self, app: Registration, *, state: str, challenge: str | None) -> str:
        """Where a person lets us in."""

    @abstractmethod
    def exchange(self, app: Registration, *, code: str, verifier: str | None) -> Grant:
        """Turn the code of a callback into tokens."""

    @abstractmethod
    def refresh(self, app: Registration, refresh_token: str) -> Grant:
        """Get new tokens.

        Raises:
            ReconnectNeeded: The system says that this token is dead (`invalid_grant`).
            Unavailable: It says nothing of the token; it may live.
        """

    @abstractmethod
    def revoke(self, app: Registration, token: str) -> None:
        """Give the tokens back."""


class Entry(NamedTuple):
    """Something to type: what the field is called, and whether nobody may read it."""

    name: str
    label: str
    is_secret: bool = True


class Way(NamedTuple):
    """One way of showing who we are."""

    label: str
    help: str
    entries: tuple[Entry, ...]


Credentials = Mapping[str, str]  # by the names of a way's entries


class ByCredentials(Connector):
    """A person types the address of their account and what it has given them."""

    ways: ClassVar[Mapping[str, Way]]
    address_label: ClassVar[str] = "Address"
    address_help: ClassVar[str] = ""

    @abstractmethod
    def account(self, address: str) -> tuple[str, str]:
        """Give the number of an account and its address as they are kept.

        Raises:
            Invalid: It is no address that may be asked; the field is `address`.
        """

    @abstractmethod
    def admit(self, address: str, way: str, credentials: Credentials) -> Grant:
        """Give what requests show: the credentials themselves, or a token got for them.

        Raises:
            ReconnectNeeded: The system refuses them.
            Unavailable: It does not answer.
        """

    @abstractmethod
    def trials(self) -> Mapping[str, Request]:
        """What has to be readable, for a test before connecting: label -> what to ask."""

    @abstractmethod
    def finding(self, label: str, body: object) -> str:
        """Say what a trial has found."""
