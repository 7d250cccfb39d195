"""Signs webhooks, sends them, and notes how each went."""

from collections.abc import Sequence

import requests

from tests.standins.quickbooks import webhooks
from tests.standins.quickbooks.deliveries import delivered
from tests.standins.quickbooks.state import State
from tests.standins.quickbooks.webhooks import Change

SECONDS = 3  # the vendor waits no longer either


def signed(state: State, changes: Sequence[Change], form: str) -> tuple[bytes, dict[str, str]]:
    """A webhook's body, and its headers."""
    body = webhooks.body(changes, state.realm, form)
    signature = webhooks.signature(body, state.verifier_token)
    return body, {"intuit-signature": signature, "Content-Type": "application/json"}


def send(state: State, changes: Sequence[Change], form: str) -> requests.Response:
    """Send a webhook. Raises RequestException if nobody answers, also without an address."""
    body, headers = signed(state, changes, form)
    url = str(state.webhook_url)
    try:
        answer = requests.post(url, data=body, headers=headers, timeout=SECONDS)
    except requests.RequestException as error:
        state.deliveries.append(delivered(url, changes, error))
        raise
    state.deliveries.append(delivered(url, changes, answer.status_code))
    return answer


def tell(state: State, changes: Sequence[Change]) -> None:
    """Send a webhook in the chosen form; nobody listening is no reason to stop."""
    try:
        send(state, changes, state.webhook_form)
    except requests.RequestException:
        return  # the page of webhooks shows it
