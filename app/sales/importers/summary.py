"""What people see before an import is applied: its totals, and what may be wrong with it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, literal, select

from app.catalog.models import Customer, Product
from app.core.countries import countries
from app.core.exchange_rates import ExchangeRate
from app.core.quantities import grouped, money
from app.imports.staging import Staging
from app.sales.models import SalesItem, SalesParty, SalesSource
from app.sales.tables import sales_line

CREATE_PRODUCTS, CREATE_CUSTOMERS = "create_products", "create_customers"
FIRST, LAST = "From", "To"  # labels of the days that a file is of
SHOWN = 5  # examples
NEAR = 0.01  # of rounding, for each piece


class Summary:
    """Puts figures and doubts of the staged lines where people see them."""

    def __init__(self, staging: Staging, lines: Table, days: Table, known: Table) -> None:
        self.staging, self.session = staging, staging.session
        self.lines, self.days, self.known = lines, days, known

    def add(self) -> None:
        """Add all of them."""
        self._totals()
        for doubt in (
            *(self._currency(), self._rates(), self._amounts(), self._days()),
            *(self._countries(), self._other_lines(), self._other_source()),
            *(self._products(), self._customers()),
        ):
            if doubt:
                self.staging.doubts.append(doubt)

    def _totals(self) -> None:
        of = self.days.c
        lines, quantity, below, first, last = self.session.execute(
            select(
                func.coalesce(func.sum(of.lines), 0),
                func.coalesce(func.sum(of.quantity), 0),
                func.coalesce(func.sum(of.below), 0),
                func.min(of.sold_on),
                func.max(of.sold_on),
            )
        ).one()
        if not lines:
            return
        add = self.staging.figures.append
        add(("Lines", f"{lines:,}"))
        add(("Documents", f"{self._documents_named():,}"))
        add((FIRST, f"{first}"))
        add((LAST, f"{last}"))
        add(("Quantity", grouped(quantity)))
        add(("Lines below zero", f"{below:,}"))
        amount = func.sum(of.amount)
        by_currency = select(of.currency, amount).group_by(of.currency).order_by(of.currency)
        for currency, total in self.session.execute(by_currency):
            add((f"Amount in {currency}", money(total, currency)))
        if self._count(self.known):
            self._new_totals()

    def _documents_named(self) -> int:
        """Count them by hash: `count(DISTINCT ...)` sorts all rows."""
        said = self.lines.c
        named = select(said.document).where(said.document != "").distinct().subquery()
        return self.session.scalar(select(func.count()).select_from(named)) or 0

    def _new_totals(self) -> None:
        """Tell what is left to import, where the file was imported in part before."""
        said, add = self.lines.c, self.staging.figures.append
        new = ~select(self.known.c.row).where(self.known.c.row == said.row).exists()
        add(("Lines already there", f"{self._count(self.known):,}"))
        by_currency = (
            select(said.currency, func.sum(said.amount))
            .where(new)
            .group_by(said.currency)
            .order_by(said.currency)
        )
        for currency, total in self.session.execute(by_currency):
            add((f"New amount in {currency}", money(total, currency)))

    def _currency(self) -> str:
        """Without a column, a sign or a word of somebody the currency is a guess."""
        rows = self.staging.rows.c
        unsaid = self.staging.count(rows.currency.is_(None))
        if not unsaid:
            return ""
        ours = self.session.scalar(
            select(self.lines.c.currency)
            .join(self.staging.rows, rows.row == self.lines.c.row)
            .where(rows.currency.is_(None))
            .limit(1)
        )
        return (
            f"The file does not say the currency of {unsaid:,} lines: they are taken for "
            f"{ours}. "
            "Say it for all rows if that is wrong."
        )

    def _rates(self) -> str:
        of = self.days.c
        missing = (
            select(of.currency, func.sum(of.lines))
            .where(of.factor.is_(None))
            .group_by(of.currency)
            .order_by(of.currency)
        )
        found = [f"{count:,} lines in {name}" for name, count in self.session.execute(missing)]
        if not found:
            return ""
        any_rate = self.session.scalar(select(ExchangeRate.id).limit(1)) is not None
        why = (
            "There is no exchange rate near the days of"
            if any_rate
            else "No rates are known for"
        )
        return f"{why} {', '.join(found)}: they count once there is one (Exchange rates)."

    def _amounts(self) -> str:
        rows = self.staging.rows.c
        exact = rows.quantity * rows.unit_price
        off = func.abs(exact - rows.amount) > func.greatest(func.abs(rows.quantity), 1) * NEAR
        wrong = select(func.count(), func.min(rows.row)).where(off)
        count, first = self.session.execute(wrong).one()
        if not count:
            return ""
        return (
            f"Of {count:,} lines the amount is not quantity × unit price, first in row {first}"
            ": the amount counts. Is it one of the line, without tax?"
        )

    def _days(self) -> str:
        of = self.days.c
        ahead = select(func.sum(of.lines), func.max(of.sold_on))
        count, last = self.session.execute(ahead.where(of.sold_on > func.current_date())).one()
        return f"{count:,} lines are of days to come, up to {last}." if count else ""

    def _countries(self) -> str:
        said = self.lines.c
        places = select(said.country, func.count()).where(said.country != "")
        rows = self.session.execute(places.group_by(said.country).order_by(func.count().desc()))
        strange = [f"{name} ({count:,})" for name, count in rows if name not in countries()]
        if not strange:
            return ""
        return f"Countries that are none of ISO 3166 stay as they are written: {some(strange)}."

    def _other_lines(self) -> str:
        """Documents that are there already, and come with lines that they did not have."""
        documents = self._documents(of_others=False)
        if not documents:
            return ""
        return (
            f"{len(documents):,} documents are there already with other lines "
            f"({some(documents)}): theirs are added. Were they corrected since? Then undo the "
            "earlier import first."
        )

    def _other_source(self) -> str:
        documents = self._documents(of_others=True)
        if not documents:
            return ""
        return (
            f"{len(documents):,} documents have the numbers and days of documents of other "
            f"sources ({some(documents)}): are these the same sales once more?"
        )

    def _documents(self, *, of_others: bool) -> list[str]:
        """Documents of rows that are new, with lines of the same day that no row has.

        They are those of the row's own source, or those `of_others`.
        """
        said, kept, of = self.lines.c, sales_line.c, self.days.c
        first, last = self.session.execute(
            select(func.min(of.sold_on), func.max(of.sold_on))
        ).one()
        if first is None:
            return []
        is_new = ~select(self.known.c.row).where(self.known.c.row == said.row).exists()
        new = (
            select(said.source_key, said.document, said.sold_on)
            .where(is_new, said.document != "")
            .distinct()
            .subquery()
        )
        there = (
            select(kept.source_id, kept.document, kept.sold_on)
            .where(kept.sold_on.between(first, last), kept.document != "")
            .distinct()
            .subquery()
        )
        same = (there.c.document == new.c.document) & (there.c.sold_on == new.c.sold_on)
        is_own = new.c.source_key == func.lower(SalesSource.name)
        found = (
            select(new.c.document)
            .join(there, same)
            .join(SalesSource, SalesSource.id == there.c.source_id)
            .where(~is_own if of_others else is_own)
            .distinct()
        )
        return [*self.session.scalars(found.order_by(new.c.document))]

    def _products(self) -> str:
        said = self.lines.c
        mine = select(said.code_key, said.source_key, func.min(said.code).label("code"))
        codes = mine.group_by(said.code_key, said.source_key).subquery()
        unknown = self._unknown(
            codes,
            known_item(codes.c.code_key, codes.c.source_key),
            func.normal_code(Product.sku) == codes.c.code_key,
        )
        if not unknown or CREATE_PRODUCTS in self.staging.options:
            return ""
        return (
            f"{len(unknown):,} codes are of no product of the catalogue ({some(unknown)}): "
            "they wait under Unknown codes until somebody says what they are."
        )

    def _customers(self) -> str:
        said = self.lines.c
        named = said.party_key.is_not(None)
        mine = select(said.party_key, said.source_key, func.min(said.party).label("code"))
        codes = mine.where(named).group_by(said.party_key, said.source_key).subquery()
        unknown = self._unknown(
            codes,
            known_party(codes.c.party_key, codes.c.source_key),
            func.lower(Customer.code) == codes.c.party_key,
        )
        if not unknown or CREATE_CUSTOMERS in self.staging.options:
            return ""
        return (
            f"{len(unknown):,} customers are not known ({some(unknown)}): they wait under "
            "Unknown codes until somebody says who they are."
        )

    def _unknown(
        self, codes: Any, is_named: ColumnElement[bool], is_ours: ColumnElement[bool]
    ) -> list[str]:
        ours = select(literal(1)).where(is_ours).exists()
        unknown = select(codes.c.code).where(~ours, ~is_named).order_by(codes.c.code)
        return [*self.session.scalars(unknown)]

    def _count(self, table: Table) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


def known_item(key: ColumnElement[str], source: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether somebody has said which product a code of a source is."""
    return (
        select(SalesItem.id)
        .join(SalesSource, SalesSource.id == SalesItem.source_id)
        .where(
            SalesItem.code_key == key,
            func.lower(SalesSource.name) == source,
            SalesItem.product_id.is_not(None),
        )
        .exists()
    )


def known_party(key: ColumnElement[str], source: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether somebody has said which customer a code of a source is."""
    return (
        select(SalesParty.id)
        .join(SalesSource, SalesSource.id == SalesParty.source_id)
        .where(
            SalesParty.code_key == key,
            func.lower(SalesSource.name) == source,
            SalesParty.customer_id.is_not(None),
        )
        .exists()
    )


def some(names: Sequence[str]) -> str:
    """Name a few of them."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
