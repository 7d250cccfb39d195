"""Making many bins at once, by the pattern of their codes."""

import re
from itertools import product as combinations
from string import ascii_uppercase

from sqlalchemy import func, select

from app.core.db import db, transaction
from app.core.errors import Invalid
from app.stock.models import Location
from app.stock.services.locations import hold_tree, refuse_misplaced

MOST = 5_000
PART = re.compile(r"[0-9]+|[A-Z]|[^0-9A-Z]+")


def create_bins(
    *, first: str, last: str, parent_id: int | None, kind: str = "bin", is_pickable: bool = True
) -> int:
    """Make every location from `first` to `last`, and give how many are new.

    The codes have the same parts; numbers and single letters are counted through, so that
    A-01-1 to B-12-5 are 2 x 12 x 5. Those that exist stay as they are. They are picked in
    the order of their codes.

    Raises:
        Invalid: The codes do not fit together, or there would be too many.
    """
    codes = codes_between(first, last)
    with transaction() as session:
        hold_tree(session)
        above = refuse_misplaced(codes[0], kind, parent_id)
        lowered = func.lower(Location.code)
        wanted = [code.lower() for code in codes]
        taken = set(db.session.scalars(select(lowered).where(lowered.in_(wanted))))
        new = [
            Location(
                code=code,
                kind=kind,
                parent_id=parent_id,
                path=f"{above}{code}/",
                is_pickable=is_pickable,
                pick_sequence=number,
            )
            for number, code in enumerate(codes, start=1)
            if code.lower() not in taken
        ]
        session.add_all(new)
    return len(new)


def codes_between(first: str, last: str) -> list[str]:
    """Count through all codes from one to another.

    Raises:
        Invalid: They have different parts, run backwards, or there would be too many.
    """
    starts, ends = PART.findall(first.upper()), PART.findall(last.upper())
    if not starts or len(starts) != len(ends):
        raise Invalid("last", "Both codes must have the same parts, as A-01-1 and C-24-5.")
    ranges = [_between(*pair) for pair in zip(starts, ends, strict=True)]
    total = 1
    for parts in ranges:
        total *= len(parts)
    if total > MOST:
        raise Invalid("last", f"That would be {total:,} locations: at most {MOST:,} at once.")
    return ["".join(parts) for parts in combinations(*ranges)]


def _between(start: str, end: str) -> list[str]:
    """All values of one part, from its value in the first code to that in the last."""
    if start == end:
        return [start]
    if start.isdigit() and end.isdigit() and int(start) <= int(end):
        if int(end) - int(start) >= MOST:
            raise Invalid("last", f"At most {MOST:,} locations at once.")
        return [f"{number:0{len(start)}}" for number in range(int(start), int(end) + 1)]
    if start in ascii_uppercase and end in ascii_uppercase and start < end:
        return list(
            ascii_uppercase[ascii_uppercase.index(start) : ascii_uppercase.index(end) + 1]
        )
    raise Invalid("last", f"Nothing can be counted from {start} to {end}.")
