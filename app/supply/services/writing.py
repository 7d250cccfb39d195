"""Writes what was reckoned, by COPY: tens of thousands of rows at once."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from sqlalchemy.orm import Session

from app.core.reads import driver_cursor
from app.supply.models import SupplyPlan
from app.supply.reckoning import THOUSAND
from app.supply.reckoning.horizon import Horizon
from app.supply.reckoning.netting import Item, Netted, Receipt, Suggestion
from app.supply.services.reading import Inputs, Known
from app.supply.services.wording import why

MONTHLY = (
    *("ordered", "forecast", "dependent", "incoming", "suggested", "projected", "planned"),
)
ROW = (
    *("plan_id", "product_id", "source", "vendor_id", "on_hand", "safety_stock", "lead_days"),
    *MONTHLY,
    *("out_on", "out_quantity", "excess", "exceptions", "pulls"),
)
SUGGESTION = (
    *("plan_id", "product_id", "source", "vendor_id", "quantity"),
    *("due_on", "begin_on", "arrives_on", "why", "pegs"),
)


class PlanWriter:
    """Keeps what is reckoned as lines of two files, and writes them in the end."""

    def __init__(self, plan: SupplyPlan, inputs: Inputs, horizon: Horizon) -> None:
        self.plan_id, self.inputs, self.horizon = plan.id, inputs, horizon
        self._rows, self._suggestions = StringIO(), StringIO()
        self._row = csv.writer(self._rows).writerow
        self._suggestion = csv.writer(self._suggestions).writerow
        self.products = self.suggestions = 0

    def add(self, product_id: int, made: Netted) -> None:
        """Note what became of a product."""
        item, known = self.inputs.supplies.items[product_id], self.inputs.known[product_id]
        receipts = self.inputs.supplies.receipts.get(product_id, ())
        self._row(self._line(product_id, item, known, made, receipts))
        self.products += 1
        for one in made.suggestions:
            self._suggestion(
                self._said(product_id, known, one, why(one, made, item, known, self.horizon))
            )
            self.suggestions += 1

    def write(self, session: Session) -> None:
        """Write all of it."""
        for table, names, lines in (
            ("supply_row", ROW, self._rows),
            ("supply_suggestion", SUGGESTION, self._suggestions),
        ):
            lines.seek(0)
            copy = f"COPY {table} ({', '.join(names)}) FROM STDIN WITH (FORMAT csv)"
            cursor = driver_cursor(session)
            cursor.copy_expert(copy, lines)
            cursor.close()

    def _line(
        self,
        product_id: int,
        item: Item,
        known: Known,
        made: Netted,
        receipts: Sequence[Receipt],
    ) -> Iterable[Any]:
        pulls = self._pulls(made, receipts)
        out_on = "" if made.out_on is None else self.horizon.date_of(made.out_on)
        return (
            *(self.plan_id, product_id, known.source, known.vendor_id or ""),
            *(_units(item.on_hand), _units(item.safety), item.lead),
            *(_list(map(_units, getattr(made, name))) for name in MONTHLY),
            *(out_on, _units(made.out_quantity), _units(made.excess)),
            *(_list(_exceptions(made, known, pulls)), json.dumps(pulls)),
        )

    def _said(
        self, product_id: int, known: Known, one: Suggestion, reason: str
    ) -> Iterable[Any]:
        day = self.horizon.date_of
        pegs = [peg._asdict() | {"quantity": _units(peg.quantity)} for peg in one.pegs]
        return (
            *(self.plan_id, product_id, known.source, known.vendor_id or ""),
            *(_units(one.quantity), day(one.due), day(one.begin), day(one.arrives)),
            *(reason, json.dumps(pegs)),
        )

    def _pulls(self, made: Netted, receipts: Sequence[Receipt]) -> list[Mapping[str, Any]]:
        """Say which documents are to come sooner, and which should have come."""
        day = self.horizon.date_of
        late = [_pull(one, due=one.said, wanted="") for one in receipts if one.is_late]
        return late + [
            _pull(
                pull.receipt,
                due=day(pull.receipt.day).isoformat(),
                wanted=day(pull.wanted).isoformat(),
            )
            for pull in made.pulls
        ]


def _pull(receipt: Receipt, *, due: str, wanted: str) -> Mapping[str, Any]:
    return {
        "document": receipt.document,
        "href": receipt.href,
        "quantity": _units(receipt.quantity),
        "due": due,
        "wanted": wanted,
    }


def _exceptions(
    made: Netted, known: Known, pulls: Sequence[Mapping[str, Any]]
) -> Iterable[str]:
    found = {
        "out": made.out_on is not None,
        "expedite": bool(pulls) or any(one.is_late for one in made.suggestions),
        "excess": made.excess > 0,
        "no_vendor": known.source == "buy"
        and known.vendor_id is None
        and bool(made.suggestions),
    }
    return (name for name, is_so in found.items() if is_so)


def _list(values: Iterable[str]) -> str:
    return f"{{{','.join(values)}}}"


def _units(thousandths: int) -> str:
    """Write thousandths as units: `1200.5`."""
    units, rest = divmod(abs(thousandths), THOUSAND)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{units}.{rest:03}" if rest else f"{sign}{units}"
