"""A system made on the spot: a manifest is all it takes, and nothing outside knows of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from requests import Response
from sqlalchemy import select

from app.catalog.importers import PRODUCTS
from app.catalog.models import Product
from app.core.db import db
from app.core.errors import Invalid
from app.core.events import Periodic
from app.integrations import jobs
from app.integrations.hub.auth import AuthMethod, CredentialField, CredentialsConnector
from app.integrations.hub.connector import Answer, Batch, Page, Request, Stream, TokenSet
from app.integrations.hub.errors import Rejected, Unreadable
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.inbound.catalog import THEIRS, CatalogTarget
from app.integrations.inbound.targets import RecordTarget
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.events import MirrorChanged
from app.integrations.sync.models import ExternalRecord, RejectedRecord, SyncRun
from app.integrations.system import System, load_systems, register, wired
from app.wiring import SYSTEMS, WIRING
from tests.conftest import SignIn
from tests.integrations.conftest import ours, work
from tests.standins.serving import Server

pytestmark = pytest.mark.committed

THINGS = [{"id": "1", "name": "Kettle"}, {"id": "2", "name": "Pot"}]
NOTES = [{"id": "7", "text": "Good"}, {"id": "8", "text": ""}]
SHELF = {"thing": THINGS, "note": NOTES, "rumour": [{"id": "9"}]}


def _never(_record: Any) -> bool:
    return False


def _stream(kind: str) -> Stream:
    return Stream(
        kind=kind,
        label=f"{kind.capitalize()}s",
        key=lambda record: str(record["id"]),
        changed_at=lambda _record: None,
        is_gone=_never,
    )


class Bazaar(CredentialsConnector):
    """A market of one stall: it counts, and gives everything on one page."""

    system = "bazaar"
    label = "Bazaar"
    about = "Things and notes of a market."
    rate = Rate(10_000, 10_000)
    streams = tuple(map(_stream, SHELF))
    auth_methods: Mapping[str, AuthMethod] = {
        "word": AuthMethod("Password", "", (CredentialField("word", "Word"),))
    }

    def account(self, address: str) -> tuple[str, str]:
        if not address.startswith("http"):
            raise Invalid("address", "This is no address.")
        return address.partition("//")[2], address

    def base_url(self, environment: str, address: str = "") -> str:
        return address

    def authenticate(
        self, address: str, method: str, credentials: Mapping[str, str]
    ) -> TokenSet:
        return TokenSet(credentials["word"], None, None)

    def access_checks(self) -> Mapping[str, Request]:
        return {"Market": self.account_request("")}

    def describe_check(self, label: str, body: object) -> str:
        return "It is open."

    def parse_error(self, response: Response) -> Rejected | None:
        return None

    def account_request(self, account: str) -> Request:
        return Request("/name", {})

    def parse_account_name(self, answer: Answer) -> str:
        return str(answer.body)

    def count_request(self, account: str, kind: str) -> Request:
        return Request(f"/{kind}", {})

    def parse_count(self, answer: Answer) -> tuple[int, datetime]:
        return len(answer.body), datetime.now(UTC)

    def page_request(
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request:
        return Request(f"/{kind}", {})

    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        return Page(Batch(kind, answer.body), None)

    def ids_request(self, account: str, kind: str, external_ids: Sequence[str]) -> Request:
        return Request(f"/{kind}", {})
