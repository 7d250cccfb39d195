"""Rows of totals: they are no records, and say whether the rows above them are all there."""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from app.core.quantities import grouped

_WORDS = """
total totals subtotal sub-total sum sums summe zwischensumme gesamt gesamtsumme endsumme
insgesamt
somme sous-total totaux totale subtotale totaal subtotaal eindtotaal suma razem ogółem łącznie
celkem součet spolu összesen summa yhteensä итого всего сумма subtotaal subtotalt totalt i_alt
合計 小計 総計
"""
_TOTAL = re.compile(
    rf"(?:grand |overall |running )?(?:{'|'.join(map(re.escape, _WORDS.split()))})"
    r"(?: général| generale?| general)?(?=\W|\Z)",
    re.IGNORECASE,
)


def is_total(cells: Sequence[str]) -> bool:
    """Tell whether the first text of a row is a word for a total."""
    first = next((text for cell in cells if (text := cell.strip(" \t*:-\u2013\u2014"))), "")
    return _TOTAL.match(first) is not None


class Sums:
    """What the rows of a file add up to, from its beginning and since the last total.

    `part` is what came since then, by the name of a field: rows are counted in there.
    """

    def __init__(self) -> None:
        self.part: Counter[str] = Counter()
        self._before: Counter[str] = Counter()

    def compare(self, number: int, told: Sequence[tuple[str, str, Decimal]]) -> str:
        """Say whether a total is right: name, label and figure of each; a new part begins."""
        sums = {
            name: (self.part[name], self._before[name] + self.part[name]) for name, *_ in told
        }
        wrong = [
            f"{grouped(value)} for {label}, the rows above add up to "
            f"{grouped(Decimal(sums[name][1]))}"
            for name, label, value in told
            if value not in sums[name]
        ]
        for name, figure in self.part.items():
            self._before[name] += figure
        self.part.clear()
        left_out = f"Row {number} is a total and is left out"
        if wrong:
            return f"{left_out}. It says {'; '.join(wrong)}: are rows missing?"
        return f"{left_out}: it agrees with the rows above." if told else f"{left_out}."
