"""Loads counted quantities: compared in a few statements, posted through the ledger."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Select, Text, cast, func, literal, select, update

from app.catalog.models import Product
from app.core.errors import Invalid
from app.imports.definition import Counts
from app.imports.staging import Staging
from app.stock.importers.lots import LotLoad
from app.stock.ledger import Count, post
from app.stock.models import HOLDS_STOCK, OTHER_ENDS, Balance, Location
from app.stock.services.locations import CODE, CODE_ADVICE, hold_tree
from app.stock.services.lookup import default_location

CREATE_LOCATIONS = "create_locations"
REASON = "opening"
BATCH = 500  # counts in one posting


class BalanceLoad:
    """Makes balances what the file says. Products and locations must be fit to move goods."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.session = staging.session
        self.rows = staging.rows
        self.lots = LotLoad(staging)

    def __call__(self) -> Counts:
        """Post the differences, or count them in a dry run."""
        self._refuse_empty()
        self._find_products()
        self._find_locations()
        self.lots()
        self._refuse_repeated()
        self._compare()
        rows = self.rows.c
        left_alone = self._leave_known() if not self.staging.update else 0
        counts = Counts(
            created=self.staging.count(rows.is_new, rows.is_changed),
            updated=self.staging.count(~rows.is_new, rows.is_changed),
            unchanged=self.staging.count(~rows.is_changed) + left_alone,
        )
        if not self.staging.dry_run:
            self.lots.make()
            self._post()
        return counts

    def _refuse_empty(self) -> None:
        for name, label in {"sku": "SKU", "quantity": "quantity"}.items():
            reason = f"The {label} is missing."
            self.staging.refuse_where(name, self.rows.c[name].is_(None), reason)

    def _find_products(self) -> None:
        rows = self.rows.c
        found = update(self.rows).values(target_id=Product.id)
        same = func.normal_code(Product.sku) == func.normal_code(rows.sku)
        self.session.execute(found.where(same, Product.sku == rows.sku))
        twins = select(func.normal_code(Product.sku)).where(Product.twin > 0)
        alone = func.normal_code(rows.sku).not_in(twins)
        self.session.execute(found.where(same, alone, rows.target_id.is_(None)))
        unknown = rows.target_id.is_(None)
        self.staging.refuse_where("sku", unknown, "There is no product with this SKU.")
        idle = rows.target_id.in_(select(Product.id).where(~Product.is_active))
        self.staging.refuse_where("sku", idle, "The product is not active.")

    def _find_locations(self) -> None:
        rows = self.rows.c
        if "location" not in self.staging.mapped or self.staging.count(rows.location.is_(None)):
            everywhere_else = update(self.rows).where(rows.location.is_(None))
            self.session.execute(everywhere_else.values(location_id=default_location()))
        if CREATE_LOCATIONS in self.staging.options:
            self._create_locations()
        found = update(self.rows).values(location_id=Location.id)
        code, barcode = func.normal_code(rows.location), func.barcode_key(rows.location)
        self.session.execute(found.where(func.lower(Location.code) == code))
        same = func.barcode_key(Location.barcode) == barcode
        self.session.execute(found.where(same, Location.twin == 0, rows.location_id.is_(None)))
        self._refuse_unfit_locations()

    def _refuse_unfit_locations(self) -> None:
        rows = self.rows.c
        can_wait = CREATE_LOCATIONS in self.staging.options and self.staging.dry_run
        if not can_wait:
            unknown = rows.location_id.is_(None)
            self.staging.refuse_where("location", unknown, "There is no such location.")
        unfit = {
            "This is no place for goods: choose a bin.": ~Location.kind.in_(HOLDS_STOCK),
            "The location is not in use.": ~Location.is_active,
            "The location is blocked.": Location.is_blocked,
        }
        for reason, wrong in unfit.items():
            bad = rows.location_id.in_(select(Location.id).where(wrong))
            self.staging.refuse_where("location", bad, reason)

    def _create_locations(self) -> None:
        """Make a bin of every code that is none yet, beside the default location."""
        rows = self.rows.c
        unusable = rows.location.is_not(None) & ~rows.location.regexp_match(f"^{CODE.pattern}$")
        known = func.lower(rows.location).in_(select(func.lower(Location.code)))
        self.staging.refuse_where("location", unusable & ~known, CODE_ADVICE)
        if self.staging.dry_run:
            return
        hold_tree(self.session)
        code = func.min(rows.location)
        new = select(code).where(rows.location.is_not(None), ~known)
        codes = self.session.scalars(new.group_by(func.lower(rows.location)).order_by(code))
        neighbour = self.session.get_one(Location, default_location())
        above = neighbour.path.removesuffix(f"{neighbour.code}/")
        self.session.add_all(
            Location(
                code=code, kind="bin", parent_id=neighbour.parent_id, path=f"{above}{code}/"
            )
            for code in codes
        )
        self.session.flush()

    def _refuse_repeated(self) -> None:
        """One product at one location is counted once, or each of its lots."""
        rows = self.rows.c
        place = func.coalesce(cast(rows.location_id, Text), func.lower(rows.location))
        first = (
            func.min(rows.row)
            .over(partition_by=[rows.target_id, place, self.lots.number])
            .label("first")
        )
        seen = select(rows.row, rows.sku, first).subquery()
        reason = (
            "It is counted at this location in row " + cast(seen.c.first, Text) + " already."
        )
        self.staging.refuse(
            select(seen.c.row, literal("sku"), seen.c.sku, reason).where(
                seen.c.row != seen.c.first
            )
        )

    def _compare(self) -> None:
        rows = self.rows.c
        same = (
            (Balance.product_id == rows.target_id)
            & (Balance.location_id == rows.location_id)
            & Balance.lot_id.is_not_distinct_from(rows.lot_id)
            & (rows.lot_id.is_not(None) | rows.lot.is_(None))
        )
        new = update(self.rows).values(is_changed=rows.quantity != 0)
        self.session.execute(new)
        known = update(self.rows).values(
            is_new=False, is_changed=rows.quantity != Balance.on_hand
        )
        self.session.execute(known.where(same))
        reserved = select(Balance.id).where(same, Balance.reserved > rows.quantity)
        reason = "More than that is reserved there."
        self.staging.refuse_where("quantity", reserved.correlate(self.rows).exists(), reason)

    def _leave_known(self) -> int:
        """Take out the rows whose balance exists; give how many."""
        known = ~self.rows.c.is_new
        count = self.staging.count(known)
        self.session.execute(self.rows.delete().where(known))
        return count

    def _post(self) -> None:
        """Post the counts that differ, some hundred at a time."""
        against_id = self._other_end()
        key, changed = f"import:{uuid4().hex}", self.session.execute(self._changed())
        for number, batch in enumerate(changed.partitions(BATCH), 1):
            counts = [
                Count(
                    product_id=row.target_id,
                    lot_id=row.lot_id,
                    location_id=row.location_id,
                    against_id=against_id,
                    counted=row.quantity,
                    reason=REASON,
                )
                for row in batch
            ]
            post(counts, key=f"{key}:{number}")

    def _changed(self) -> Select[Any]:
        """In the order in which the ledger locks balances."""
        rows = self.rows.c
        columns = select(rows.target_id, rows.location_id, rows.lot_id, rows.quantity)
        return columns.where(rows.is_changed).order_by(
            rows.target_id, rows.location_id, func.coalesce(rows.lot_id, 0)
        )

    def _other_end(self) -> int:
        kind = OTHER_ENDS.get(REASON, "adjustment")
        place = select(Location.id).where(Location.kind == kind, Location.is_active)
        found = self.session.scalar(place.order_by(Location.id).limit(1))
        if found is None:
            raise Invalid("location", "There is no location that goods are counted against.")
        return found
