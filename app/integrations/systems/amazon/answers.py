"""How Amazon's answers are read. An answer without its envelope says nothing."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from requests import Response

from app.integrations.hub.errors import (
    AuthExpired,
    NotThere,
    NotUnderstood,
    Rejected,
    Throttled,
    Unreadable,
)

SECRETS = re.compile(r"\b(?:Atz[ar]\||amzn1\.oa2-cs\.)[^\s\"']+")
QUOTA = {"QuotaExceeded", "TooManyRequests"}
LATER = timedelta(minutes=30)  # to come back after a quota that does not say when
LONGEST = 500


def payload(body: Any) -> Mapping[str, Any]:
    """Give what an answer holds.

    Raises:
        Throttled: It says within a success that a quota is used up.
        Rejected: It says within a success what is wrong.
        NotUnderstood: It has no envelope.
    """
    if not isinstance(body, dict):
        raise NotUnderstood("Amazon answered without the envelope.")
    if refusal := _refusal(body, 200, ""):
        raise refusal
    found = body.get("payload")
    if not isinstance(found, dict):
        raise NotUnderstood("Amazon answered without the envelope.")
    return found


def rows(found: Mapping[str, Any], name: str) -> list[Any]:
    """Give a list of an envelope.

    Raises:
        NotUnderstood: It is none.
    """
    listed = found.get(name)
    if not isinstance(listed, list):
        raise NotUnderstood(f"Amazon answered without {name}.")
    return listed


def token(found: Any, name: str = "nextToken") -> str | None:
    """Give what the next page is asked for by; None: this was the last."""
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) and value else None


def key(record: Any, names: Sequence[str]) -> str:
    """Give what a record is known by: fields that must be there.

    Raises:
        Unreadable: One is not.
    """
    parts = [record.get(name) if isinstance(record, dict) else None for name in names]
    if not all(isinstance(part, str) and part for part in parts):
        raise Unreadable(f"It has no {' or '.join(names)}.")
    return "|".join(map(str, parts))


def store_name(body: Any) -> str:
    """Give the name of the shop, and where it sells.

    Raises:
        NotUnderstood: It sells nowhere, or nothing is said of it.
    """
    names, countries = [], []
    listed = body.get("payload") if isinstance(body, dict) else None
    for one in listed if isinstance(listed, list) else []:
        try:
            if one["participation"]["isParticipating"]:
                names.append(str(one["storeName"]))
                countries.append(str(one["marketplace"]["countryCode"]))
        except (KeyError, TypeError) as error:
            raise NotUnderstood("Amazon answered without the marketplaces.") from error
    if not names:
        raise NotUnderstood("Amazon knows no marketplace in which this seller takes part.")
    return f"{names[0]} ({', '.join(sorted(countries))})"


def fault(response: Response) -> Rejected | None:
    """Read {errors: [{code, message, details}]}, or {error, error_description} of a sign-in.

    Raises:
        Throttled: A quota is used up.
        AuthExpired: The token is no good: Amazon says so by 403, as of a right that is missing.
    """
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    trace = response.headers.get("x-amzn-RequestId", "")[:100]
    refusal = _refusal(body, response.status_code, trace)
    is_forbidden = response.status_code == HTTPStatus.FORBIDDEN
    if is_forbidden and refusal is not None and "access token" in str(refusal).lower():
        raise AuthExpired(str(refusal))
    return refusal


def _refusal(body: Mapping[str, Any], status: int, trace: str) -> Rejected | None:
    listed = body.get("errors")
    first = listed[0] if isinstance(listed, list) and listed else None
    if isinstance(first, dict):
        code, said = str(first.get("code") or ""), _said(first, "message", "details")
    elif isinstance(body.get("error"), str):
        code, said = str(body["error"]), _said(body, "error_description")
    else:
        return None
    if code in QUOTA:
        raise Throttled(datetime.now(UTC) + LATER, "Amazon says that a quota is used up.")
    refusal = NotThere if status == HTTPStatus.NOT_FOUND or code == "NotFound" else Rejected
    return refusal(f"Amazon says: {said or code}", vendor_code=code, trace=trace)


def _said(error: Mapping[str, Any], *names: str) -> str:
    """What is said of a fault; secrets stay out."""
    texts = [str(error[name]) for name in names if error.get(name)]
    return " ".join(SECRETS.sub("of ours", " ".join(texts)).split())[:LONGEST]
