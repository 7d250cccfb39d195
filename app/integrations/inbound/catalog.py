"""Records of outside systems become products, customers and vendors, in bulk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.catalog.models import Customer, Product, Vendor
from app.imports.definition import Importer
from app.integrations.hub.models import Connection
from app.integrations.inbound.loading import load_records
from app.integrations.inbound.targets import BulkTarget, IncomingRecord, targets
from app.integrations.sync.mirror import Rejection

THEIRS, OURS = "theirs", "ours"


class Match(NamedTuple):
    """One of ours that an external record may stand for; `is_sure`: nobody need be asked."""

    record_id: int
    is_sure: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class CatalogTarget(BulkTarget):
    """Records of one kind become records of one table of the catalogue.

    `match` finds candidates for records without a link. `fields` are those that follow: name
    -> which side has precedence where nobody has decided.
    """

    label: str
    model: type[Customer] | type[Vendor] | type[Product]
    key: str
    importer: Importer
    match: Callable[[int, Sequence[IncomingRecord]], Mapping[str, Match]]
    new_keys: Callable[[Sequence[IncomingRecord]], Sequence[str]]
    fields: Mapping[str, str] = field(default_factory=dict)

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Load them as an import does."""
        return load_records(connection, self, incoming)

    def precedence(self, field_precedence: Mapping[str, str], name: str) -> str:
        """Which side has precedence for a field of a record that both sides have."""
        return field_precedence.get(f"{self.kind}.{name}", self.fields[name])


def catalog_targets(system: str) -> list[CatalogTarget]:
    """Those of a system whose records are matched with ours."""
    return [target for target in targets(system) if isinstance(target, CatalogTarget)]
