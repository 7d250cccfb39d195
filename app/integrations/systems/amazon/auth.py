"""Login with Amazon: a refresh token that does not change gives a token for an hour.

Source: the vendor's page "Connect to the SP-API". Requests are not signed since 2023.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from requests import PreparedRequest
from requests.auth import AuthBase

from app.core.errors import Invalid
from app.integrations.hub.auth import AuthMethod, CredentialField, Credentials
from app.integrations.hub.connector import FORM, TokenSet, Write
from app.integrations.hub.errors import (
    AuthExpired,
    NotUnderstood,
    ReconnectNeeded,
    Rejected,
)
from app.integrations.hub.http import Http
from app.integrations.systems.amazon import addresses

if TYPE_CHECKING:
    from app.integrations.systems.amazon.connector import Amazon

TOKEN = "/auth/o2/token"  # noqa: S105  (a path)
AGENT = "Opsroom/1.0 (Language=Python)"  # Amazon wants to know who asks
DEAD = {"invalid_grant", "unauthorized_client"}
WRONG = {"invalid_client"}


def _method(region: str, label: str) -> AuthMethod:
    countries = sorted(
        c for c, (where, _id) in addresses.MARKETPLACES.items() if where == region
    )
    return AuthMethod(
        label,
        "In Seller Central under Apps and Services, Develop Apps: register an app of your own, "
        "then authorize it for your own account.",
        (
            CredentialField(
                "marketplace", "Marketplace", is_secret=False,
                help=f"The country: {', '.join(countries)}. In the Union one stands for all.",
            ),
            CredentialField(
                "client_id", "Client identifier", is_secret=False,
                help="Under LWA credentials, View: amzn1.application-oa2-client. and so on.",
            ),
            CredentialField("client_secret", "Client secret"),
            CredentialField(
                "secret_ends", "Last day of the client secret", is_secret=False,
                help="As 2027-03-31: beside the secret, 180 days after it was made at most.",
            ),
            CredentialField(
                "refresh_token", "Refresh token",
                help="Authorize, Authorize app. It begins with Atzr|",
            ),
        ),
    )  # fmt: skip


AUTH_METHODS = {region: _method(region, label) for region, label in addresses.REGIONS.items()}


class AccessToken(AuthBase):
    """Shows a token as Amazon wants it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the token into the head of a request."""
        request.headers["x-amz-access-token"] = self._token
        request.headers["User-Agent"] = AGENT
        return request


def authenticate(
    amazon: "Amazon", seller: str, region: str, credentials: Credentials
) -> TokenSet:
    """Get a token for an hour.

    Raises:
        Invalid: Something typed is not what it should be.
        ReconnectNeeded: Amazon refuses the app or the refresh token.
        Unavailable: It does not answer.
    """
    addresses.parse_country(credentials["marketplace"], region)
    ends = last_day(credentials["secret_ends"])
    given = {
        "grant_type": "refresh_token",
        **{name: credentials[name] for name in ("refresh_token", "client_id", "client_secret")},
    }
    try:
        http = Http(amazon, addresses.sign_in_base(seller))
        body = http.send(Write(TOKEN, given, media_type=FORM), "").body
    except AuthExpired as error:
        raise ReconnectNeeded(_why(str(error))) from None
    except Rejected as error:
        if error.vendor_code in DEAD | WRONG:
            raise ReconnectNeeded(_why(str(error))) from None
        raise
    token, seconds = (
        (body.get("access_token"), body.get("expires_in"))
        if isinstance(body, dict)
        else ("", 0)
    )
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise NotUnderstood("Amazon answered a sign-in without a token.")
    expires_at = datetime.now(UTC) + timedelta(seconds=seconds)
    return TokenSet(token, None, expires_at, hard_expires_at=ends)


def last_day(typed: str) -> datetime:
    """Read until when the secret is good: to the end of the day before, to be on the safe side.

    Raises:
        Invalid: It is no day.
    """
    try:
        return datetime.combine(date.fromisoformat(typed.strip()), time(), UTC)
    except ValueError:
        raise Invalid("secret_ends", "A day, as 2027-03-31.") from None


def _why(said: str) -> str:
    return (
        said or "Amazon refuses this app: check the client identifier, its secret and its end."
    )
