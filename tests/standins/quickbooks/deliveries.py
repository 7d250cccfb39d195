"""How each webhook went: a failure is shown to people, and stops nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook that was sent, or not."""

    moment: float
    url: str
    changes: Sequence[tuple[str, str, str]]
    outcome: str
    is_good: bool


def delivered(
    url: str, changes: Sequence[tuple[str, str, str]], outcome: int | Exception
) -> Delivery:
    """Note how a webhook went: by the status of the answer, or by what kept it away."""
    if isinstance(outcome, int):
        said, is_good = f"HTTP {outcome}", 200 <= outcome < 300
    else:
        said, is_good = f"not delivered ({type(outcome).__name__})", False
    return Delivery(time.time(), url, changes, said, is_good)
