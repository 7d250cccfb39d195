"""What is there and may be taken for a component: offered before that is bought."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

from app.core.db import db
from app.purchasing.queries import standing_of
from app.purchasing.services import Instead, Wanted, shortages_of
from app.shortages.services.parts import EXACT, Substitutes

ZERO = Decimal(0)
# Of a product: of how much of it which others may be taken, one for one.
Options = dict[int, dict[Substitutes, Decimal]]


def with_substitutes(wanted: Mapping[int, Wanted], options: Options) -> dict[int, Wanted]:
    """Take substitutes that are there for what is missing, the first of them first.

    What somebody waits for, or is wanted here itself, is not there to be taken.
    """
    if not options:
        return {**wanted}
    planned = {number: Wanted(planned=wanted[number].planned) for number in options}
    short = {one.product_id: one.short for one in shortages_of(planned)}
    spare = _spare(wanted, options)
    found = {**wanted}
    for number, choices in options.items():
        taken = _taken(short.get(number, ZERO), choices, spare)
        total = sum((one.quantity for one in taken), ZERO)
        before = wanted[number]
        found[number] = before._replace(
            planned=before.planned - total, instead=(*before.instead, *taken)
        )
    return found


def _spare(wanted: Mapping[int, Wanted], options: Options) -> dict[int, Decimal]:
    """How much of each substitute is there that nobody needs."""
    ids = {number for one in options.values() for others in one for number, _sku in others}
    return {
        row.product_id: max(
            row.available - row.backordered - wanted.get(row.product_id, Wanted()).in_all, ZERO
        )
        for row in db.session.execute(standing_of(ids))
    }


def _taken(
    short: Decimal, choices: Mapping[Substitutes, Decimal], spare: dict[int, Decimal]
) -> list[Instead]:
    taken = []
    for others, most in choices.items():
        rest = min(short, most.quantize(EXACT, ROUND_FLOOR))
        for number, sku in others:
            part = min(rest, spare.get(number, ZERO))
            if part > 0:
                taken.append(Instead(number, sku, part))
                spare[number] -= part
                rest -= part
                short -= part
    return taken
