"""Passkeys, as WebAuthn has them: what a browser is asked, and whether it answered."""

from typing import Any

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from app.accounts.models import SecondFactor, User
from app.accounts.services.second_factors import Site
from app.core.errors import Invalid
from app.core.settings import setting

LONGEST = 8000  # characters of what a browser says


def asked_to_register(
    user: User, known: list[SecondFactor], *, challenge: str, site: Site
) -> str:
    """Give what `navigator.credentials.create` is called with, as JSON."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=setting("company_name") or "Opsroom",
        user_name=user.username,
        user_display_name=user.name,
        user_id=str(user.id).encode(),
        challenge=base64url_to_bytes(challenge),
        exclude_credentials=_described(known),
    )
    return options_to_json(options)


def asked_to_sign(known: list[SecondFactor], *, challenge: str, site: Site) -> str:
    """Give what `navigator.credentials.get` is called with, as JSON."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=base64url_to_bytes(challenge),
        allow_credentials=_described(known),
    )
    return options_to_json(options)


def registered(credential: str, *, challenge: str, site: Site) -> dict[str, Any]:
    """Give what is kept of a new passkey.

    Raises:
        Invalid: It does not answer to the challenge.
    """
    try:
        verified = verify_registration_response(
            credential=credential[:LONGEST],
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid("credential", "No passkey has answered. Please try again.") from error
    return {
        "credential_id": bytes_to_base64url(verified.credential_id),
        "public_key": bytes_to_base64url(verified.credential_public_key),
        "sign_count": verified.sign_count,
    }


def id_of(credential: str) -> str:
    """Give the id of the passkey that a browser has asked; nothing where it says none."""
    try:
        return bytes_to_base64url(parse_authentication_credential_json(credential).raw_id)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return ""


def signed(credential: str, known: SecondFactor, *, challenge: str, site: Site) -> int | None:
    """Give how often the passkey says it was used; None where it has not signed."""
    try:
        verified = verify_authentication_response(
            credential=credential[:LONGEST],
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(known.public_key or ""),
            credential_current_sign_count=known.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return verified.new_sign_count


def _described(known: list[SecondFactor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
        for one in known
        if one.credential_id
    ]
