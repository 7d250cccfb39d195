"""Signing in by `intuit-oauth`, with what it lacks: time limits, and no call to begin with."""

import json
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests

from app.integrations.hub import transport
from app.integrations.hub.auth import Registration
from app.integrations.hub.connector import TokenSet
from app.integrations.hub.errors import ReconnectNeeded, Rejected, Unavailable
from app.integrations.systems.quickbooks import addresses

if TYPE_CHECKING:
    from intuitlib.client import AuthClient

SECONDS = (5, 30)
REFUSED = "QuickBooks does not take our sign-in any more. Connect again."


def client(app: Registration) -> "AuthClient":
    """Make the vendor's client for one environment, without asking the network for it."""
    from intuitlib.client import AuthClient  # noqa: PLC0415  (slow, and only some work needs it)

    where = addresses.known()[app.environment]

    class PatientClient(AuthClient):
        """Answers its own question for the discovery document; every request has limits."""

        def request(
            self, method: str, url: str, *args: Any, **kwargs: Any
        ) -> requests.Response:
            if url == where.discovery:
                return _discovery(where)
            kwargs |= {"timeout": SECONDS, "allow_redirects": False, "stream": True}
            until = time.monotonic() + transport.WHOLE
            response = super().request(method, url, *args, **kwargs)
            transport.read_whole(response, name="QuickBooks", until=until)
            return response

    made = PatientClient(app.client_id, app.client_secret, app.redirect_uri, where.discovery)
    transport.bounded(made)
    made.include_refresh_token_hard_expires_in = True
    return made


def authorize_url(app: Registration, state: str) -> str:
    """Where a person lets us in."""
    from intuitlib.enums import Scopes  # noqa: PLC0415

    return client(app).get_authorization_url([Scopes.ACCOUNTING], state_token=state)


def exchange(app: Registration, code: str) -> TokenSet:
    """Turn the code of a callback into tokens."""
    vendor = client(app)
    _ask(lambda: vendor.get_bearer_token(code), refused="QuickBooks does not take this code.")
    return _token_set(vendor)


def refresh(app: Registration, refresh_token: str) -> TokenSet:
    """Get new tokens; the old refresh token may be dead from then on."""
    vendor = client(app)
    _ask(lambda: vendor.refresh(refresh_token=refresh_token), refused=REFUSED)
    return _token_set(vendor)


def revoke(app: Registration, token: str) -> None:
    """Give the tokens back."""
    vendor = client(app)
    _ask(lambda: vendor.revoke(token=token), refused="QuickBooks knows no such token.")


def _ask(call: Any, *, refused: str) -> None:
    """Tell a dead token from a system that is away, and never repeat what either holds.

    Raises:
        ReconnectNeeded: `invalid_grant`: this token is dead.
        Rejected: It refuses us for another reason.
        Unavailable: It says nothing of the token, which may live.
    """
    from intuitlib.exceptions import AuthClientError  # noqa: PLC0415

    try:
        call()
    except AuthClientError as error:
        status, code = int(error.status_code), _error_code(error.content)
        trace = str(error.intuit_tid or "")
        if code == "invalid_grant":
            raise ReconnectNeeded(refused) from None
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and code:
            reason = (
                f"QuickBooks refuses to sign us in ({code}). Check the client ID and secret."
            )
            raise Rejected(reason, vendor_code=code, trace=trace) from None
        raise Unavailable(f"QuickBooks cannot sign us in just now (HTTP {status}).") from None
    except (requests.RequestException, ValueError) as error:
        kind = type(error).__name__
        raise Unavailable(f"QuickBooks cannot sign us in just now ({kind}).") from None


def _error_code(content: Any) -> str:
    try:
        return str(json.loads(content).get("error") or "")[:50]
    except (ValueError, TypeError, AttributeError):
        return ""


def _token_set(vendor: Any) -> TokenSet:
    """What the vendor's client has learnt.

    Raises:
        Unavailable: The answer was none.
    """
    if not (vendor.access_token and vendor.refresh_token and vendor.expires_in):
        raise Unavailable("QuickBooks sent no tokens.")
    return TokenSet(
        access_token=vendor.access_token,
        refresh_token=vendor.refresh_token,
        expires_at=_moment(vendor.expires_in),
        refresh_expires_at=_moment_or_none(vendor.x_refresh_token_expires_in),
        hard_expires_at=_moment_or_none(vendor.x_refresh_token_hard_expires_in),
    )


def _moment(seconds: Any) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=int(seconds))


def _moment_or_none(seconds: Any) -> datetime | None:
    return _moment(seconds) if seconds else None


def _discovery(where: addresses.Addresses) -> requests.Response:
    """The document that the vendor's client asks for when it is made."""
    response = requests.Response()
    response.status_code = HTTPStatus.OK
    response._content = json.dumps(  # noqa: SLF001  (requests offers no other way)
        {
            "issuer": "https://oauth.platform.intuit.com/op/v1",
            "authorization_endpoint": where.authorize,
            "token_endpoint": where.token,
            "userinfo_endpoint": "",
            "revocation_endpoint": where.revoke,
            "jwks_uri": "",
        }
    ).encode()
    return response
