"""Signing in, for programs: discovery, tokens and their end."""

from flask import Blueprint, Response, request

from tests.standins.around import is_met
from tests.standins.objects import Object, encoded
from tests.standins.quickbooks import spoil
from tests.standins.quickbooks.answers import answer
from tests.standins.quickbooks.state import State

HARD_HEADER = "x-include-refresh-token-hard-expires-in"


def oauth(state: State) -> Blueprint:
    """The routes of the sign-in server."""
    routes = Blueprint("oauth", __name__)

    @routes.get("/.well-known/openid_configuration")
    def discovery() -> Response:
        return answer(encoded(endpoints(request.url_root.rstrip("/"))))

    @routes.post("/oauth2/v1/tokens/bearer")
    def bearer() -> Response:
        return refused_client(state) or issue(state)

    @routes.post("/v2/oauth2/tokens/revoke")
    def revoke() -> Response:
        return refused_client(state) or revoked(state)

    return routes


def endpoints(url: str) -> Object:
    """The discovery document."""
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/connect/oauth2",
        "token_endpoint": f"{url}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{url}/v1/openid_connect/userinfo",
        "revocation_endpoint": f"{url}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{url}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "com.intuit.quickbooks.accounting"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }


def refused_client(state: State) -> Response | None:
    """The answer to a client that does not prove who it is."""
    sent = request.authorization
    if sent and (sent.username, sent.password) == (state.client_id, state.client_secret):
        return None
    return spoil.oauth_error("invalid_client", "Unknown client or wrong secret", 401)


def issue(state: State) -> Response:
    """Give tokens for a code or for a refresh token."""
    grant_type = request.form.get("grant_type")
    if grant_type == "authorization_code":
        code, address = request.form.get("code", ""), request.form.get("redirect_uri", "")
        pair = state.grants.exchange(code, address)
    elif grant_type == "refresh_token":
        racing = is_met("refresh_race")
        pair = state.grants.refresh(request.form.get("refresh_token", ""), racing=racing)
    else:
        return spoil.oauth_error("unsupported_grant_type", f"Not supported: {grant_type}")
    if pair is None:
        return spoil.oauth_error("invalid_grant", "Incorrect or invalid token")
    return tokens(state, *pair)


def tokens(state: State, access: str, refresh: str) -> Response:
    """Write a pair of tokens with the seconds they live."""
    body: Object = {
        "token_type": "bearer",
        "access_token": access,
        "refresh_token": refresh,
        "expires_in": state.grants.access_seconds,
        "x_refresh_token_expires_in": 8726400,
    }
    if request.headers.get(HARD_HEADER) == "true":
        body["x_refresh_token_hard_expires_in"] = 157680000
    return answer(encoded(body))


def revoked(state: State) -> Response:
    """End a consent; the token comes as JSON or as a form."""
    sent = request.get_json(silent=True) or request.form
    if state.grants.revoke(sent.get("token") or ""):
        return answer(b"")
    return spoil.oauth_error("invalid_request", "The token is unknown")
