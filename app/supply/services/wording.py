"""Says of a suggestion why: what there is, what is wanted, and how the quantity came about."""

from decimal import Decimal

from app.core.quantities import grouped
from app.supply.reckoning import THOUSAND
from app.supply.reckoning.horizon import Horizon
from app.supply.reckoning.netting import SAFETY, Item, Netted, Suggestion
from app.supply.services.reading import Known


def exact(thousandths: int) -> Decimal:
    """Give a quantity of thousandths as the database keeps it."""
    return Decimal(thousandths) / THOUSAND


def why(one: Suggestion, made: Netted, item: Item, known: Known, horizon: Horizon) -> str:
    """Say every step, in two or three sentences."""
    said = _short(one, made, horizon), _lot(one, item), _days(one, item, known, horizon)
    return " ".join(filter(None, said))


def _short(one: Suggestion, made: Netted, horizon: Horizon) -> str:
    month = one.month
    begin = horizon.spans[month][0]
    when = "now" if begin == 0 else f"on {_day(begin, horizon)}"
    steps = [f"{_said(one.left)} there {when}"]
    for label, figures in (
        ("+ {} incoming", made.incoming),
        ("- {} ordered", made.ordered),
        ("- {} forecast", made.forecast),
        ("- {} for what it goes into", made.dependent),
    ):
        if figures[month]:
            steps.append(label.format(_said(figures[month])))
    if any(peg.kind == SAFETY for peg in one.pegs):
        steps.append("with the safety stock to be kept")
    return (
        f"{', '.join(steps)} in {horizon.months[month]:%B}: {_said(one.short)} short, "
        f"the first of it on {_day(one.due, horizon)}."
    )


def _lot(one: Suggestion, item: Item) -> str:
    """Say why it is more than what is missing; nothing where it is not."""
    if one.quantity == one.short:
        return ""
    rules = []
    if item.minimum > one.short:
        rules.append(f"minimum {_said(item.minimum)}")
    if item.step != THOUSAND:
        rules.append(f"multiple of {_said(item.step)}")
    return (
        f"{', '.join([*(rules or ['rounded up']), 'so ' + _said(one.quantity)]).capitalize()}."
    )


def _days(one: Suggestion, item: Item, known: Known, horizon: Horizon) -> str:
    if not known.has_lead_time:
        days = "No lead time is known, so it counts as none"
    else:
        days = "1 day of lead time" if item.lead == 1 else f"{item.lead} days of lead time"
    if one.is_late:
        return f"{days}: expedite, earliest {_day(one.arrives, horizon)}."
    verb = "order" if known.source == "buy" else "begin"
    return f"{days}: {verb} on {_day(one.begin, horizon)}."


def _day(day: int, horizon: Horizon) -> str:
    return f"{horizon.date_of(day):%-d %b %Y}"


def _said(thousandths: int) -> str:
    return grouped(exact(thousandths))
