"""How a system lets us in: a person agrees there, or types here what it has given them."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from app.integrations.hub.connector import Connector, Request, TokenSet


class Registration(NamedTuple):
    """How the system knows us: our app there, and which of its environments."""

    client_id: str
    client_secret: str
    environment: str
    redirect_uri: str


class OAuthConnector(Connector):
    """A person signs in there and lets us in (OAuth 2.0)."""

    offers_pkce: ClassVar[bool] = False

    @abstractmethod
    def environments(self) -> Mapping[str, str]:
        """Which there are to choose from: name -> label."""

    @abstractmethod
    def authorize_url(self, app: Registration, *, state: str, challenge: str | None) -> str:
        """Where a person lets us in."""

    @abstractmethod
    def exchange(self, app: Registration, *, code: str, verifier: str | None) -> TokenSet:
        """Turn the code of a callback into tokens."""

    @abstractmethod
    def refresh(self, app: Registration, refresh_token: str) -> TokenSet:
        """Get new tokens.

        Raises:
            ReconnectNeeded: The system says that this token is dead (`invalid_grant`).
            Unavailable: It says nothing of the token; it may live.
        """

    @abstractmethod
    def revoke(self, app: Registration, token: str) -> None:
        """Give the tokens back."""


class CredentialField(NamedTuple):
    """Something to type: what the field is called, and whether nobody may read it."""

    name: str
    label: str
    is_secret: bool = True
    is_required: bool = True
    help: str = ""


class AuthMethod(NamedTuple):
    """One way of showing who we are."""

    label: str
    help: str
    fields: tuple[CredentialField, ...]


Credentials = Mapping[str, str]  # by the names of a method's fields


class CredentialsConnector(Connector):
    """A person types the address of their account and what it has given them."""

    auth_methods: ClassVar[Mapping[str, AuthMethod]]
    address_label: ClassVar[str] = "Address"
    address_help: ClassVar[str] = ""
    webhook_field: ClassVar[str] = (
        ""  # the credential that webhooks of an account are signed by
    )

    def number_of(self, account: str, method: str, credentials: Credentials) -> str:  # noqa: ARG002  (most have one world)
        """The number of an account, told apart by what is typed where that is another world."""
        return account

    @abstractmethod
    def account(self, address: str) -> tuple[str, str]:
        """Give the number of an account and its address as they are kept.

        Raises:
            Invalid: It is no address that may be asked; the field is `address`.
        """

    @abstractmethod
    def authenticate(self, address: str, method: str, credentials: Credentials) -> TokenSet:
        """Give what requests show: the credentials themselves, or a token got for them.

        Raises:
            ReconnectNeeded: The system refuses them.
            Unavailable: It does not answer.
        """

    @abstractmethod
    def access_checks(self) -> Mapping[str, Request]:
        """What has to be readable, for a test before connecting: label -> what to ask."""

    @abstractmethod
    def describe_check(self, label: str, body: object) -> str:
        """Say what a trial has found."""
