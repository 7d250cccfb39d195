"""How many pieces could be built, step by step: held to counting up in exact fractions."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.assembly.services import Level, Recipe, most_buildable

YIELDS = st.sampled_from([Decimal(1), Decimal(2), Decimal(3), Decimal(7)])
TAKES = st.sampled_from([Decimal(1), Decimal(2), Decimal("0.5"), Decimal("0.333")])
THERE = st.decimals(0, 40, places=3)


@st.composite
def bills(draw: st.DrawFn) -> list[Level]:
    """Products of which each takes some of those behind it; the first is what is built."""
    number = draw(st.integers(2, 6))
    levels = [Level(0, Decimal(0), Recipe(draw(YIELDS), {1: draw(TAKES)}))]
    for one in range(1, number):
        behind = st.integers(one + 1, max(one + 1, number - 1))
        most = min(3, number - 1 - one)
        parts = draw(st.dictionaries(behind, TAKES, max_size=most))
        recipe = Recipe(draw(YIELDS), parts) if parts else None
        levels.append(Level(one, draw(THERE), recipe))
    return levels


def is_enough(levels: Sequence[Level], quantity: Decimal) -> bool:
    needed = {0: Fraction(quantity)}
    for number, there, recipe in levels:
        short = needed.get(number, Fraction(0)) - Fraction(there)
        if short > 0 and recipe is None:
            return False
        if short > 0 and recipe:
            for part, each in recipe.parts.items():
                more = short * Fraction(each) / Fraction(recipe.made)
                needed[part] = needed.get(part, Fraction(0)) + more
    return True


@given(bills())
def test_so_many_can_be_built_and_not_one_more(levels: list[Level]) -> None:
    most = most_buildable(levels, 0)

    assert is_enough(levels, most)
    assert not is_enough(levels, most + 1)
