"""Which of ours an external record may stand for, found for many records at once.

One of ours that stands for another record of the same connection already is no candidate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from app.catalog.models import Customer, Vendor
from app.core.bulk import by_index
from app.core.db import transaction
from app.integrations.inbound.catalog import Match
from app.integrations.inbound.targets import IncomingRecord

_FREE = """NOT EXISTS (SELECT FROM record_link AS link WHERE link.record_id = ours.id
    AND link.connection_id = :connection_id AND link.kind = :kind AND link.state = 'linked')"""
_CONTACTS = """
WITH incoming AS (SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]),
    CAST(:emails AS text[])) AS incoming (external_id, name, email))
SELECT incoming.external_id, ours.id, true AS same_name, lower(ours.email) AS email
FROM incoming JOIN {table} AS ours ON ours.name_key = search_text(incoming.name) WHERE {free}
UNION ALL
SELECT incoming.external_id, ours.id, false, lower(ours.email)
FROM incoming JOIN {table} AS ours ON lower(ours.email) = incoming.email
WHERE incoming.email <> '' AND ours.name_key <> search_text(incoming.name) AND {free}
"""
_PRODUCTS = f"""
WITH incoming AS (SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:skus AS text[]),
    CAST(:names AS text[])) AS incoming (external_id, sku, name))
SELECT incoming.external_id, ours.id, 'sku' AS how
FROM incoming JOIN product AS ours ON normal_code(ours.sku) = normal_code(incoming.sku)
WHERE {_FREE}
UNION ALL
SELECT incoming.external_id, ours.id, 'alike'
FROM incoming JOIN product AS ours ON ours.sku_key = code_key(incoming.sku)
WHERE incoming.sku <> '' AND ours.sku_key <> ''
    AND normal_code(ours.sku) <> normal_code(incoming.sku) AND {_FREE}
UNION ALL
SELECT incoming.external_id, ours.id, 'name'
FROM incoming JOIN product AS ours ON ours.name_key = search_text(incoming.name)
WHERE incoming.sku = '' AND {_FREE}
"""  # noqa: S608  (the parts are our own)
SEVERAL = "Several have this SKU"
_WHY = {"sku": "Same SKU", "alike": "SKU alike", "name": "Same name, and no SKU there"}


def match_contacts(
    model: type[Customer] | type[Vendor],
    kind: str,
    connection_id: int,
    incoming: Sequence[IncomingRecord],
) -> Mapping[str, Match]:
    """Match by name, and by e-mail: sure is only the one of the same name.

    It must be the only one, and neither may have an e-mail address the other has not.
    """
    emails = {one.external_id: str(one.values.get("email") or "").lower() for one in incoming}
    statement = _CONTACTS.format(table=model.__tablename__, free=_FREE)
    found = _grouped(
        statement,
        connection_id=connection_id,
        kind=kind,
        ids=list(emails),
        names=[one.values["name"] for one in incoming],
        emails=list(emails.values()),
    )
    return {
        external_id: _best_contact(rows, emails[external_id])
        for external_id, rows in found.items()
    }


def match_products(
    kind: str, connection_id: int, incoming: Sequence[IncomingRecord]
) -> Mapping[str, Match]:
    """Match by SKU; one that is only written alike, or a name alone, leaves doubt."""
    found = _grouped(
        _PRODUCTS,
        connection_id=connection_id,
        kind=kind,
        ids=[one.external_id for one in incoming],
        skus=[one.values["sku"] for one in incoming],
        names=[one.values["name"] for one in incoming],
    )
    matches = {}
    for external_id, rows in found.items():
        best = min(rows, key=lambda row: (list(_WHY).index(row.how), row.id))
        several = sum(row.how == "sku" for row in rows) > 1  # twins of old
        is_sure = best.how == "sku" and not several
        matches[external_id] = Match(best.id, is_sure, SEVERAL if several else _WHY[best.how])
    return matches


def _best_contact(rows: Sequence[Any], email: str) -> Match:
    named = [row for row in rows if row.same_name]
    if len(named) == 1:
        [one] = named
        if not one.email or not email or one.email == email:
            return Match(one.id, is_sure=True, reason="Same name")
        return Match(one.id, is_sure=False, reason="Same name, other e-mail address")
    if named:
        best = min(named, key=lambda row: (row.email != email, row.id))
        return Match(best.id, is_sure=False, reason="Several have this name")
    best = min(rows, key=lambda row: row.id)
    return Match(best.id, is_sure=False, reason="Same e-mail address, other name")


def _grouped(statement: str, **parameters: Any) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    with transaction() as session, by_index(session):
        for row in session.execute(text(statement), parameters):
            groups.setdefault(row.external_id, []).append(row)
    return groups
