"""The three ways into a shop.

Source: the vendor's pages on token-based and OAuth-based authentication; RFC 5849.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from app.integrations.hub.auth import AuthMethod, CredentialField, Credentials
from app.integrations.hub.connector import Bearer, TokenSet, Write
from app.integrations.hub.errors import AuthExpired, NotUnderstood, ReconnectNeeded
from app.integrations.hub.http import Http

if TYPE_CHECKING:
    from app.integrations.systems.magento.connector import Magento

SIGNED, TOKEN, ADMIN = "signed", "token", "admin"
HOURS_4 = timedelta(hours=4)  # unless the shop says otherwise; it refuses it then
LOGIN = "/rest/all/V1/integration/admin/token"

AUTH_METHODS = {
    SIGNED: AuthMethod(
        "Integration",
        "Magento shows the four under System, Integrations, when you activate ours.",
        (
            CredentialField("consumer_key", "Consumer key"),
            CredentialField("consumer_secret", "Consumer secret"),
            CredentialField("access_token", "Access token"),
            CredentialField("access_token_secret", "Access token secret"),
        ),
    ),
    TOKEN: AuthMethod(
        "Access token alone",
        "Where the shop allows it: since 2.4.4 it is switched off unless somebody has "
        "switched it on.",
        (CredentialField("access_token", "Access token"),),
    ),
    ADMIN: AuthMethod(
        "User and password",
        "An administrator of the shop, without a second factor. It is signed in anew every "
        "four hours.",
        (
            CredentialField("username", "User name", is_secret=False),
            CredentialField("password", "Password"),
        ),
    ),
}


def authenticate(
    shop: "Magento", address: str, method: str, credentials: Credentials
) -> TokenSet:
    """Give what requests show."""
    if method == ADMIN:
        return _signed_in(shop, address, credentials)
    if method == TOKEN:
        return TokenSet(credentials["access_token"], None, None)
    return TokenSet(json.dumps(dict(credentials)), None, None)


def authorization(token: str) -> AuthBase | None:
    """Sign with the four credentials, which are JSON, or show a token; nothing without."""
    if not token.startswith("{"):
        return Bearer(token) if token else None
    four = json.loads(token)
    signed: AuthBase = OAuth1(
        four["consumer_key"],
        four["consumer_secret"],
        four["access_token"],
        four["access_token_secret"],
        signature_method="HMAC-SHA256",
    )
    return signed


def _signed_in(shop: "Magento", address: str, credentials: Credentials) -> TokenSet:
    expires_at = datetime.now(UTC) + HOURS_4
    try:
        answer = Http(shop, address).send(Write(LOGIN, dict(credentials)), "")
    except AuthExpired as error:
        raise ReconnectNeeded(str(error) or "Magento refuses this user.") from error
    if not isinstance(answer.body, str) or not answer.body:
        raise NotUnderstood("Magento answered a sign-in without a token.")
    return TokenSet(answer.body, None, expires_at)
