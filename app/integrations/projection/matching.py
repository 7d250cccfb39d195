"""Which of ours an external record may stand for, found for many records at once.

One of ours that stands for another record of the same connection already is no candidate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from app.catalog.models import Customer, Vendor
from app.core.db import db
from app.integrations.projection.definition import Given, Match

_FREE = """NOT EXISTS (SELECT FROM record_link AS link WHERE link.record_id = ours.id
    AND link.connection_id = :connection_id AND link.kind = :kind AND link.state = 'linked')"""
_CONTACTS = """
WITH given AS (SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]),
    CAST(:emails AS text[])) AS given (external_id, name, email))
SELECT given.external_id, ours.id, true AS same_name, lower(ours.email) AS email
FROM given JOIN {table} AS ours ON ours.name_key = search_text(given.name) WHERE {free}
UNION ALL
SELECT given.external_id, ours.id, false, lower(ours.email)
FROM given JOIN {table} AS ours ON lower(ours.email) = given.email
WHERE given.email <> '' AND ours.name_key <> search_text(given.name) AND {free}
"""
_PRODUCTS = f"""
WITH given AS (SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:skus AS text[]),
    CAST(:names AS text[])) AS given (external_id, sku, name))
SELECT given.external_id, ours.id, 'sku' AS how
FROM given JOIN product AS ours ON ours.sku = given.sku WHERE {_FREE}
UNION ALL
SELECT given.external_id, ours.id, 'alike'
FROM given JOIN product AS ours ON ours.sku_key = code_key(given.sku)
WHERE given.sku <> '' AND ours.sku_key <> '' AND ours.sku <> given.sku AND {_FREE}
UNION ALL
SELECT given.external_id, ours.id, 'name'
FROM given JOIN product AS ours ON ours.name_key = search_text(given.name)
WHERE given.sku = '' AND {_FREE}
"""  # noqa: S608  (the parts are our own)
_WHY = {"sku": "Same SKU", "alike": "SKU alike", "name": "Same name, and no SKU there"}


def match_contacts(
    model: type[Customer] | type[Vendor], kind: str, connection_id: int, given: Sequence[Given]
) -> Mapping[str, Match]:
    """Match by name, and by e-mail: sure is only the one of the same name.

    It must be the only one, and neither may have an e-mail address the other has not.
    """
    emails = {one.external_id: str(one.values.get("email") or "").lower() for one in given}
    statement = _CONTACTS.format(table=model.__tablename__, free=_FREE)
    found = _grouped(
        statement,
        connection_id=connection_id,
        kind=kind,
        ids=list(emails),
        names=[one.values["name"] for one in given],
        emails=list(emails.values()),
    )
    return {
        external_id: _best_contact(rows, emails[external_id])
        for external_id, rows in found.items()
    }


def match_products(
    kind: str, connection_id: int, given: Sequence[Given]
) -> Mapping[str, Match]:
    """Match by SKU; one that is only written alike, or a name alone, leaves doubt."""
    found = _grouped(
        _PRODUCTS,
        connection_id=connection_id,
        kind=kind,
        ids=[one.external_id for one in given],
        skus=[one.values["sku"] for one in given],
        names=[one.values["name"] for one in given],
    )
    matches = {}
    for external_id, rows in found.items():
        best = min(rows, key=lambda row: (list(_WHY).index(row.how), row.id))
        matches[external_id] = Match(best.id, best.how == "sku", _WHY[best.how])
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
    for row in db.session.execute(text(statement), parameters):
        groups.setdefault(row.external_id, []).append(row)
    return groups
