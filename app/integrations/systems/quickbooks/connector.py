"""QuickBooks Online, as the hub sees it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from requests import Response

from app.integrations.hub.auth import OAuthConnector, Registration
from app.integrations.hub.connector import (
    Answer,
    Changes,
    Page,
    Request,
    Stream,
    TokenSet,
    WebhookNotice,
)
from app.integrations.hub.errors import Rejected
from app.integrations.hub.limiter import Rate
from app.integrations.systems.quickbooks import addresses, answers, auth, webhooks

MINOR_VERSION = "75"
CDC_DAYS = 29  # QuickBooks remembers 30 days; its clock and ours may differ
SINCE = "%Y-%m-%dT%H:%M:%SZ"

# What we mirror: our kind -> their entity. Names are hidden while they are inactive.
ENTITIES = {
    "vendor": "Vendor",
    "customer": "Customer",
    "item": "Item",
    "invoice": "Invoice",
    "bill": "Bill",
    "purchase_order": "PurchaseOrder",
    "sales_receipt": "SalesReceipt",
    "credit_memo": "CreditMemo",
    "estimate": "Estimate",
    "payment": "Payment",
}
NAMES = {"vendor", "customer", "item"}


def _stream(kind: str) -> Stream:
    return Stream(
        kind=kind,
        label=f"{kind.replace('_', ' ').capitalize()}s",
        key=answers.key,
        changed_at=answers.changed_at,
        is_gone=answers.is_gone,
    )


class QuickBooks(OAuthConnector):
    """QuickBooks Online."""

    system = "quickbooks"
    label = "QuickBooks"
    about = (
        "Customers, vendors, items, invoices, receipts, credits, estimates, payments, bills "
        "and purchase orders, read from the books."
    )
    scopes = "com.intuit.quickbooks.accounting"
    rate = Rate(500 / 60, 10)  # 500 a minute for a company, 10 a second
    streams = tuple(map(_stream, ENTITIES))
    has_change_feed = True
    account_label = "Company number"
    webhook_header = "intuit-signature"

    def environments(self) -> Mapping[str, str]:
        """Production, sandbox, and the stand-in where there is one."""
        return {name: where.label for name, where in addresses.known().items()}

    def authorize_url(self, app: Registration, *, state: str, challenge: str | None) -> str:  # noqa: ARG002
        """Where a person lets us in; QuickBooks offers no PKCE."""
        return auth.authorize_url(app, state)

    def exchange(self, app: Registration, *, code: str, verifier: str | None) -> TokenSet:  # noqa: ARG002
        """Turn the code of a callback into tokens."""
        return auth.exchange(app, code)

    refresh = staticmethod(auth.refresh)
    revoke = staticmethod(auth.revoke)

    def base_url(self, environment: str, address: str = "") -> str:  # noqa: ARG002
        """Where requests go."""
        return addresses.known()[environment].api

    def parse_error(self, response: Response) -> Rejected | None:
        """What QuickBooks says is wrong."""
        return answers.fault(response)

    def account_request(self, account: str) -> Request:
        """Ask for the company."""
        path = f"/v3/company/{account}/companyinfo/{account}"
        return Request(path, {"minorversion": MINOR_VERSION})

    def parse_account_name(self, answer: Answer) -> str:
        """The name of the company."""
        return answers.company_name(answer)

    def count_request(self, account: str, kind: str) -> Request:
        """SELECT COUNT(*)."""
        return _query(account, f"SELECT COUNT(*) FROM {ENTITIES[kind]}{_all(kind)}")

    def parse_count(self, answer: Answer) -> tuple[int, datetime]:
        """How many there are."""
        return answers.count(answer)

    def page_request(
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request:
        """A page of a thousand, in the order of ids, so that turning pages misses nothing."""
        where = _all(kind)
        if since is not None:
            moment = since.astimezone(UTC).strftime(SINCE)
            where += f"{' AND' if where else ' WHERE'} MetaData.LastUpdatedTime >= '{moment}'"
        page = f"STARTPOSITION {position or 1} MAXRESULTS {answers.PAGE}"
        query = f"SELECT * FROM {ENTITIES[kind]}{where} ORDERBY Id {page}"
        return _query(account, query, answers.Queried)

    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        """The records of a page."""
        return answers.page(kind, ENTITIES[kind], position, answer)

    def changes_request(self, account: str, since: datetime) -> Request | None:
        """Change data capture of all entities at once; it looks back 30 days."""
        if datetime.now(UTC) - since > timedelta(days=CDC_DAYS):
            return None
        params = {
            "entities": ",".join(ENTITIES.values()),
            "changedSince": since.astimezone(UTC).strftime(SINCE),
            "minorversion": MINOR_VERSION,
        }
        return Request(f"/v3/company/{account}/cdc", params)

    def parse_changes(self, answer: Answer) -> Changes:
        """What has changed."""
        return answers.changes(ENTITIES, answer)

    def ids_request(self, account: str, kind: str, external_ids: Sequence[str]) -> Request:
        """Ask for single records, inactive ones too."""
        ids = ", ".join(f"'{_quoted(external_id)}'" for external_id in external_ids)
        hidden = " AND Active IN (true, false)" if kind in NAMES else ""
        where = f"WHERE Id IN ({ids}){hidden}"
        most = f"MAXRESULTS {answers.PAGE}"
        query = f"SELECT * FROM {ENTITIES[kind]} {where} {most}"
        return _query(account, query, answers.Queried)

    def is_signed_by(self, raw: bytes, signature: str, secret: str) -> bool:
        """HMAC-SHA256 of the raw body with the verifier token, in base64."""
        digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(digest), signature.encode())

    def parse_webhook(self, body: Any) -> Sequence[WebhookNotice]:
        """What a webhook says, in either of its forms."""
        return webhooks.notices(body, {name.lower(): kind for kind, name in ENTITIES.items()})


def _all(kind: str) -> str:
    return " WHERE Active IN (true, false)" if kind in NAMES else ""


def _query(account: str, query: str, shape: Any = Any) -> Request:
    params = {"query": query, "minorversion": MINOR_VERSION}
    return Request(f"/v3/company/{account}/query", params, shape)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
