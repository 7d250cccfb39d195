"""Stripe, as the hub sees it.

Source: Stripe's API reference, pages and objects. The hub asks, with its own limits; the
vendor's package says which version of the API that is, and checks signatures.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote

from requests import PreparedRequest, Response
from requests.auth import AuthBase

from app.core.errors import Invalid
from app.integrations.hub.auth import (
    AuthMethod,
    CredentialField,
    Credentials,
    CredentialsConnector,
)
from app.integrations.hub.connector import (
    Answer,
    Bearer,
    Page,
    Request,
    Stream,
    TokenSet,
    WebhookNotice,
)
from app.integrations.hub.errors import Rejected
from app.integrations.hub.limiter import Rate
from app.integrations.systems.stripe import addresses, answers, settlements, webhooks

VERSION = "2026-10-28.endive"  # of stripe 16.1: a test holds both together
PAGE = "100"  # the most that it gives
# What we mirror: our kind -> their path, their name of one, our label.
LISTS = {
    "balance_transaction": ("balance_transactions", "balance_transaction", "Transactions"),
    "payout": ("payouts", "payout", "Payouts"),
    "charge": ("charges", "charge", "Charges"),
    "dispute": ("disputes", "dispute", "Disputes"),
}
WHOLE = {"dispute"}  # few, and they change for months: always read to the end
NOTED = {"payout": "payout", "charge": "charge", "dispute": "dispute"}
LIVE, TEST = "live", "test"
PREFIXES = {LIVE: "rk_live_", TEST: "rk_test_"}


def _method(label: str, prefix: str) -> AuthMethod:
    return AuthMethod(
        label,
        "Make a restricted key that may read balance, balance transactions, payouts, charges "
        f"and disputes, and nothing else: Developers, API keys. It begins with {prefix}",
        (
            CredentialField("api_key", "Restricted key"),
            CredentialField(
                "webhook_secret",
                "Signing secret of the webhook",
                is_required=False,
                help="Only if Stripe is to tell us of changes at once. It begins with whsec_",
            ),
        ),
    )


def _never(_record: Any) -> bool:
    return False


def _no_moment(_record: Any) -> None:
    """Objects of Stripe do not say when they were changed."""


def _stream(kind: str, label: str, named: str) -> Stream:
    return Stream(
        kind=kind, label=label, key=partial(answers.key, named=named),
        changed_at=_no_moment, is_gone=_never,
    )  # fmt: skip


class _Key(Bearer):
    """Shows the key, and says which version of the API we speak."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Stripe-Version"] = VERSION
        return super().__call__(request)


class Stripe(CredentialsConnector):
    """Stripe."""

    system = "stripe"
    label = "Stripe"
    about = "Balance, transactions with their fees, payouts with what they settle, disputes."
    rate = Rate(20, 20)  # 25 a second in test mode, 100 else, for all that an account does
    # The balance first: transactions are asked for after it, so none that it holds is missing.
    streams = (
        _stream("balance", "Balance", answers.BALANCE),
        *(_stream(kind, label, named) for kind, (_, named, label) in LISTS.items()),
        Stream(
            kind=settlements.KIND, label="Settled transactions", key=settlements.key,
            changed_at=_no_moment, is_gone=_never,
        ),
    )  # fmt: skip
    overlap = timedelta(days=7)  # state and day of a transaction change so long
    account_label = "Account"
    webhook_header = webhooks.HEADER
    webhook_field = "webhook_secret"
    ids_at_once = 1
    auth_methods: ClassVar[Mapping[str, AuthMethod]] = {
        LIVE: _method("Restricted key", PREFIXES[LIVE]),
        TEST: _method("Key of a test", PREFIXES[TEST]),
    }
    address_label = "Number of the account"
    address_help = "It begins with acct_ and stands under Settings, Account details."

    def account(self, address: str) -> tuple[str, str]:
        """An account is known by its number."""
        number = addresses.parse(address)
        return number, number

    def number_of(self, account: str, method: str, credentials: Credentials) -> str:  # noqa: ARG002
        """Tests of an account are an account of their own: their money is none."""
        return account if method == LIVE else f"{account}/test"

    def base_url(self, environment: str, address: str = "") -> str:  # noqa: ARG002
        """Where requests go."""
        return addresses.base_of(address)

    def authenticate(self, address: str, method: str, credentials: Credentials) -> TokenSet:  # noqa: ARG002
        """Show the key itself; one that may do more than it should is not taken.

        Raises:
            Invalid: It is no restricted key, or one of the other mode.
        """
        key, secret = credentials["api_key"], credentials.get("webhook_secret", "")
        if not key.startswith(PREFIXES[method]):
            raise Invalid("api_key", _why_not(key, PREFIXES[method]))
        if secret and not secret.startswith("whsec_"):
            raise Invalid("webhook_secret", "A signing secret begins with whsec_.")
        return TokenSet(key, None, None)

    def authorization(self, token: str) -> AuthBase | None:
        """The key, and the version of the API."""
        return _Key(token) if token else None

    def access_checks(self) -> Mapping[str, Request]:
        """Each thing that is read, one record of it."""
        return {
            "Balance": self.account_request(""),
            **{
                label: Request(f"/v1/{path}", {"limit": "1"})
                for path, _, label in LISTS.values()
            },
        }

    def describe_check(self, label: str, body: object) -> str:
        """Say what a trial has found."""
        return answers.describe_check(label, body)

    def parse_error(self, response: Response) -> Rejected | None:
        """What Stripe says is wrong."""
        return answers.fault(response)

    def account_request(self, account: str) -> Request:  # noqa: ARG002
        """Ask for the balance: restricted keys may not read the account itself."""
        return Request("/v1/balance", {})

    def parse_account_name(self, answer: Answer) -> str:
        """Stripe, and whether it is a test."""
        return answers.world(answer.body)

    def count_request(self, account: str, kind: str) -> Request | None:  # noqa: ARG002
        """Nobody counts there."""
        return None

    def parse_count(self, answer: Answer) -> tuple[int, datetime]:
        """Nothing is counted, so nothing is asked."""
        raise NotImplementedError  # pragma: no cover

    def page_request(
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request:
        """Ask for a hundred, the newest first, after the one that came last."""
        if kind == answers.BALANCE:
            return self.account_request(account)
        made = {"created[gte]": str(int(since.astimezone(UTC).timestamp()))} if since else {}
        if kind == settlements.KIND:
            return settlements.request(position, {"limit": PAGE}, made)
        params = {"limit": PAGE} | ({} if kind in WHOLE else made)
        if position is not None:
            params["starting_after"] = position
        return Request(f"/v1/{LISTS[kind][0]}", params, answers.Listed)

    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        """The records of a page."""
        if kind == answers.BALANCE:
            return answers.balance(answer)
        if kind == settlements.KIND:
            return settlements.page(position, answer)
        return answers.page(kind, LISTS[kind][1], position, answer)

    def ids_request(self, account: str, kind: str, external_ids: Sequence[str]) -> Request:  # noqa: ARG002
        """Ask for a single record: several at once are not to be had."""
        [number] = external_ids
        return Request(f"/v1/{LISTS[kind][0]}/{quote(number, safe='')}", {})

    def is_signed_by(self, raw: bytes, signature: str, secret: str) -> bool:
        """One of the signatures fits, and is not old."""
        return webhooks.is_signed_by(raw, signature, secret)

    def parse_webhook(self, body: Any) -> Sequence[WebhookNotice]:
        """What an event is about."""
        return webhooks.notices(body, NOTED)


def _why_not(key: str, prefix: str) -> str:
    if key.startswith("sk_"):
        return "This key may do everything. Make a restricted one, which may only read."
    if key.startswith("rk_"):
        return f"This key is of the other mode: here it begins with {prefix}"
    return f"This is no restricted key: it begins with {prefix}"
