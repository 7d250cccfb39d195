"""The four things that are measured."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from bench.clients import Crowd, Load, Measured, Request
from bench.data import FIRST_ID, location_id, product_name
from bench.report import Row

ROUNDS = 5
TERMS = 200
SPREAD = 400  # products: few enough that the warm-up has touched the pages of all
ADJUSTMENTS = "/api/v1/inventory/adjustments"


class Server(NamedTuple):
    """Somebody to ask: the port, and what every request carries."""

    port: int
    headers: Mapping[str, str] = {}

    def asked(self, requests: Sequence[Request]) -> Load:
        """What eight clients ask of it."""
        return Load(self.port, requests, self.headers)


def search_terms() -> list[str]:
    """Make 200 terms of 1 to 10 letters: beginnings, parts, and what nothing has."""
    rng = random.Random(11)  # noqa: S311
    terms: list[str] = []
    while len(terms) < TERMS:
        length, name = rng.randint(1, 10), product_name(rng)
        word = rng.choice([word for word in name.split() if len(word) > 1])
        start = rng.randrange(max(len(name) - length, 1))
        letters = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=max(length, 4)))
        kinds = [name[:length], word[:length], name[start : start + length], letters]
        if term := rng.choices(kinds, weights=(3, 3, 3, 2))[0].strip(" ,"):
            terms.append(term)
    return terms


def search(crowd: Crowd, ours: Server, limit: Server) -> Row:
    """Search product names."""
    terms = [quote(term) for term in search_terms()]
    mine = [Request(f"/api/search/product_names?q={term}") for term in terms]
    bare = [Request(f"/search?q={term}") for term in terms]
    rounds = _rounds(crowd, ours.asked(mine), limit.asked(bare))
    return _row(
        "`GET /api/search/product_names`, 200 terms, 8 clients",
        ">= 43 % of the limit, p95 <= 25 ms",
        *_middle(rounds, 0, 1),
        least=0.43,
        p95=25,
    )


def adjustments(crowd: Crowd, ours: Server, limit: Server) -> list[Row]:
    """Adjust stock, spread over products and all on one row."""
    spread = [adjustment(number) for number in range(SPREAD)]
    mine = [Request(ADJUSTMENTS, "POST", body) for body in spread]
    bare = [Request("/adjustments", "POST", body) for body in spread]
    rounds = _rounds(
        crowd,
        *(ours.asked(mine), limit.asked(bare)),
        *(ours.asked(mine[:1]), limit.asked(bare[:1])),
    )
    work = "`POST /api/v1/inventory/adjustments`, 8 clients, "
    first = _row(f"{work}spread", ">= 44 % of the limit", *_middle(rounds, 0, 1), least=0.44)
    one, all_over = _middle(rounds, 2, 0)
    limits = _middle(rounds, 3, 1)
    second = _row(f"{work}one row", ">= 60 % of spread", one, all_over, least=0.6)
    share = f"{limits[0].per_second / limits[1].per_second:.0%} of its spread"
    told = f"{limits[0].per_second:,.0f}/s, {share}"
    return [first, second._replace(limit=told, ratio=f"{second.ratio} of spread")]


def adjustment(number: int) -> str:
    """Write the body of a request that adds one piece of a product to one place."""
    body = {"product_id": FIRST_ID + number * 13, "location_id": location_id(number * 13)}
    return json.dumps(body | {"quantity": "1", "reason": "found"})


def products(crowd: Crowd, ours: Server) -> Row:
    """Open the list of products: plain, searched, filtered, sorted, the second page."""
    words = ["mug", "blue glass", "cast iron", "x", "qwerty", "BN-00"]
    queries = [
        *("", "page=2", "sort=-name", "sort=price", "status=inactive", "category=Mug"),
        *(f"search={quote(word)}" for word in words),
    ]
    rounds = _rounds(crowd, ours.asked([Request(f"/products?{query}") for query in queries]))
    [done] = sorted(rounds, key=lambda one: one[0].percentile(0.95))[ROUNDS // 2]
    return _row("Product list, 50 rows, filters, 8 clients", "p95 <= 60 ms", done, p95=60)


def _rounds(crowd: Crowd, *loads: Load) -> list[list[Measured]]:
    """Ask all in turns, so that whatever else the machine does troubles them alike."""
    for load in loads:
        crowd.ask(load)  # warms up
    return [[crowd.ask(load) for load in loads] for _ in range(ROUNDS)]


def _middle(rounds: list[list[Measured]], one: int, other: int) -> tuple[Measured, Measured]:
    """The round whose ratio of the one to the other is the median."""
    pairs = [(measured[one], measured[other]) for measured in rounds]
    return sorted(pairs, key=lambda pair: pair[0].per_second / pair[1].per_second)[ROUNDS // 2]


def _row(
    work: str,
    reach: str,
    done: Measured,
    limit: Measured | None = None,
    *,
    least: float = 0,
    p95: float = float("inf"),
) -> Row:
    ratio = done.per_second / limit.per_second if limit else None
    return Row(
        work,
        reach,
        f"{limit.per_second:,.0f}/s" if limit else "",
        f"{done.per_second:,.0f}/s",
        f"{ratio:.0%}" if ratio else "",
        f"{done.percentile(0.5):.1f} ms",
        f"{done.percentile(0.95):.1f} ms",
        is_reached=(ratio or 1) >= least and done.percentile(0.95) <= p95,
    )
