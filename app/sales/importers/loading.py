"""Staged rows become lines of sales: each once, in statements over all rows together."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    FromClause,
    Select,
    Table,
    and_,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.models import User
from app.catalog.models import Customer
from app.imports.definition import Counts
from app.imports.staging import Staging
from app.sales.importers.saying import added_by_day, numbered_repeats, said_by_rows
from app.sales.importers.summary import CREATE_CUSTOMERS, CREATE_PRODUCTS, Summary
from app.sales.models import SalesItem, SalesOverlap, SalesParty, SalesSource
from app.sales.services.lines import NAMES, load_lines, lock_lines
from app.sales.services.matching import (
    create_customers,
    create_products,
    match_customers,
    match_products,
)
from app.sales.services.rates import valued
from app.sales.services.rules import kind_of, sales_rules
from app.sales.tables import sales_line

WORK_MEMORY = "128MB"  # of each sort: half a million rows are compared at once


class SalesLoad:
    """Loads the rows of a file as lines of sales, or counts them in a dry run."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.session = staging.session
        self.rows = staging.rows
        self.lines: Table
        self.days: Table  # what the rows of each day and currency come to

    def __call__(self) -> Counts:
        """Load the rows."""
        self.session.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
        self._refuse_incomplete()
        self.lines = said_by_rows(self.staging)
        self.days = added_by_day(self.staging, self.lines)
        self.repeats = numbered_repeats(self.staging, self.lines)
        if not self.staging.dry_run:
            lock_lines(self.session)
        self._mark_known()
        counts = self._counted()
        Summary(self.staging, self.lines, self.days, self.known).add()
        if not self.staging.dry_run:
            self._write(has_new=counts.created > 0)
            self._note_overlaps()
        return counts

    def _refuse_incomplete(self) -> None:
        rows = self.rows.c
        for name, label in (
            ("sold_on", "date"),
            ("product", "product"),
            ("quantity", "quantity"),
        ):
            self.staging.refuse_where(name, rows[name].is_(None), f"The {label} is missing.")
        unpriced = rows.unit_price.is_(None) & rows.amount.is_(None)
        self.staging.refuse_where("unit_price", unpriced, "There is no price and no amount.")
        lost = rows.unit_price.is_(None) & (rows.quantity == 0) & (rows.amount != 0)
        self.staging.refuse_where("quantity", lost, "There is an amount, but no quantity.")

    def _mark_known(self) -> None:
        """Find the rows that are there already, and in which import."""
        said = self.numbered()
        days = select(func.min(self.days.c.sold_on), func.max(self.days.c.sold_on))
        first, last = self.session.execute(days).one()
        self.known = self.staging.add_table(
            "sales_known", Column("row", BigInteger), Column("import_id", BigInteger)
        )
        if first is None:
            return
        kept = sales_line.c
        found = select(said.c.row, kept.import_id).where(
            kept.sold_on.between(first, last),
            kept.sold_on == said.c.sold_on,
            kept.fingerprint == said.c.fingerprint,
            kept.occurrence == said.c.occurrence,
        )
        self.session.execute(insert(self.known).from_select(["row", "import_id"], found))
        self.session.execute(text(f"ANALYZE {self.known.name}"))

    def numbered(self) -> FromClause:
        """The rows with the number of each among those that say the same."""
        said, again = self.lines, self.repeats.c
        occurrence = func.coalesce(again.occurrence, 1).label("occurrence")
        joined = said.outerjoin(self.repeats, again.row == said.c.row)
        return select(said, occurrence).select_from(joined).subquery("said")

    def _counted(self) -> Counts:
        known = self.session.scalar(select(func.count()).select_from(self.known)) or 0
        return Counts(created=self.staging.count() - known, updated=0, unchanged=known)

    # What is written

    def _write(self, *, has_new: bool) -> None:
        self._make_sources()
        self._make(SalesItem, "code", "code_key", "name")
        self._make(SalesParty, "party", "party_key", "party_name")
        self._match()
        if not has_new:
            return
        days = self.session.scalars(select(self.days.c.sold_on).distinct()).all()
        if days:
            load_lines(self.session, self._new_lines(), self.staging.import_id or 0, days)

    def _make_sources(self) -> None:
        said = self.lines.c
        names = select(func.min(said.source)).group_by(said.source_key)
        made = upsert(SalesSource).from_select(["name"], names)
        self.session.execute(made.on_conflict_do_nothing())

    def _make(self, kind: Any, code: str, key: str, name: str) -> None:
        """Make what the rows name and nobody has named before; a missing name is filled in."""
        said, table = self.lines.c, kind.__table__
        named = (
            select(
                SalesSource.id,
                func.min(said[code]),
                said[key],
                func.coalesce(func.min(func.nullif(said[name], "")), ""),
            )
            .join(self.lines, said.source_key == func.lower(SalesSource.name))
            .where(said[key].is_not(None))
            .group_by(SalesSource.id, said[key])
        )
        made = upsert(table).from_select(["source_id", "code", "code_key", "name"], named)
        nameless = (table.c.name == "") & (made.excluded.name != "")
        self.session.execute(
            made.on_conflict_do_update(
                index_elements=["source_id", "code_key"],
                set_={"name": made.excluded.name},
                where=nameless,
            )
        )

    def _match(self) -> None:
        """Find our products and customers by their codes; make them, if that was chosen."""
        match_products(self.session)
        match_customers(self.session)
        if CREATE_PRODUCTS in self.staging.options:
            create_products(self.session, self._named(SalesItem, "code_key"))
        if CREATE_CUSTOMERS in self.staging.options:
            create_customers(self.session, self._named(SalesParty, "party_key"))

    def _named(self, kind: Any, key: str) -> Sequence[int]:
        """The items or parties of this file that are unknown to us yet."""
        said = self.lines.c
        ours = kind.product_id if kind is SalesItem else kind.customer_id
        named = select(said[key]).distinct().scalar_subquery()
        sources = select(SalesSource.id).where(
            func.lower(SalesSource.name).in_(select(said.source_key).distinct())
        )
        found = select(kind.id).where(
            ours.is_(None), kind.source_id.in_(sources), kind.code_key.in_(named)
        )
        return self.session.scalars(found).all()

    def _new_lines(self) -> Select[Any]:
        """Put the new rows together with what they name, their kind and what they are worth."""
        said = self.numbered().c
        rates = self.days
        rules = self.session.scalars(sales_rules()).all()
        kind = kind_of(
            rules,
            product=said.code_key,
            document=said.document,
            description=said.name,
            quantity=said.quantity,
        )
        columns: dict[str, Any] = {
            **{name: said[name] for name in COPIED},
            "source_id": SalesSource.id,
            "import_id": literal(self.staging.import_id, BigInteger),
            "record_id": cast(null(), BigInteger),
            "item_id": SalesItem.id,
            "party_id": SalesParty.id,
            "value": valued(said.amount, rates.c.factor),
            "kind": kind,
            "rep": func.coalesce(func.nullif(said.rep, ""), User.name, ""),
        }
        same_day = and_(rates.c.currency == said.currency, rates.c.sold_on == said.sold_on)
        same_item = and_(
            SalesItem.source_id == SalesSource.id, SalesItem.code_key == said.code_key
        )
        same_party = and_(
            SalesParty.source_id == SalesSource.id, SalesParty.code_key == said.party_key
        )
        is_known = select(self.known.c.row).where(self.known.c.row == said.row).exists()
        return (
            select(*[columns[name] for name in NAMES])
            .join(SalesSource, func.lower(SalesSource.name) == said.source_key)
            .join(SalesItem, same_item)
            .outerjoin(SalesParty, same_party)
            .outerjoin(Customer, Customer.id == SalesParty.customer_id)
            .outerjoin(User, User.id == Customer.sales_rep_id)
            .join(rates, same_day)
            .where(~is_known)
        )

    def _note_overlaps(self) -> None:
        """Remember which imports had some of these lines before: they are undone after this."""
        held = (
            select(literal(self.staging.import_id), self.known.c.import_id, func.count())
            .where(
                self.known.c.import_id.is_not(None),
                self.known.c.import_id != self.staging.import_id,
            )
            .group_by(self.known.c.import_id)
        )
        noted = upsert(SalesOverlap).from_select(["import_id", "holder_id", "lines"], held)
        self.session.execute(noted.on_conflict_do_nothing())


COPIED = (
    *("sold_on", "fingerprint", "occurrence", "sold_at", "document", "line", "country"),
    *("quantity", "unit_price", "amount", "currency"),
)
