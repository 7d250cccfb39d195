"""Sends webhooks, and keeps how each went: a failure is shown, and stops nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

SECONDS = 3  # the vendor waits no longer either


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
