"""Pick and pack with 50 tablets: the answer to a scan, the queue, and all of it to the piece.

`python -m bench.picking` measures this alone.
"""

import time

from bench import receiving
from bench.clients import Crowd, Load, Measured, Request
from bench.preparing import Prepared, prepare
from bench.report import Row, table
from bench.servers import installation, serving
from bench.shifts import Shift, work
from bench.shopfront import shopfront
from bench.warehouse import (
    ORDERS,
    QUEUE,
    TABLETS,
    House,
    furnish,
    long_queue,
    prove,
    take_orders,
)

QUEUE_MS = 100
SECONDS = 25
# Seconds between two scans of a tablet, and the milliseconds of its answer. Who picks 200 lines
# an hour, which is brisk, scans a bin, two pieces and a tote for each: every 4.5 seconds.
PACES = (((2.0, 4.0), 150), ((1.0, 2.0), 400))
ALONE = 0.1, 0.2  # one tablet disturbs nobody, so it may be quicker and be asked more often
PACED_ORDERS = 300  # more than is picked at that pace in that time
SHOP_ORDERS = 150


def main() -> None:
    """Measure picking alone."""
    with installation():
        print(table(rows(prepare())))  # noqa: T201


def rows(prepared: Prepared) -> list[Row]:
    """Measure the queue, then scans at a pace, then let everybody finish all there is."""
    house = furnish(prepared.app)
    with serving("wsgi:app") as port:
        shift = Shift(port, house.people, house.codes)
        with long_queue(house):
            queue = _queue(port, house)
        take_orders(house, PACED_ORDERS)
        scans = _scans(shift._replace(seconds=SECONDS))
        take_orders(house, ORDERS - PACED_ORDERS - SHOP_ORDERS - 1)
        with shopfront(house.app) as shop:
            shop.place(SHOP_ORDERS)
            done = _everything(shift, house)
            shop.prove()
        return [*scans, queue, done, *receiving.rows(port, house)]


def _scans(shift: Shift) -> list[Row]:
    """Scan with one tablet, then with fifty, each on a pick task of its own."""
    alone = _measured(shift._replace(people=shift.people[:1], pace=ALONE))
    return [_paced(shift, alone, pace, most) for pace, most in PACES]


def _paced(shift: Shift, alone: Measured, pace: tuple[float, float], most: int) -> Row:
    done = _measured(shift._replace(pace=pace))
    return Row(
        f"Scan a piece, {TABLETS} tablets, each every {pace[0]:.0f}-{pace[1]:.0f} s",
        f"p95 <= {most} ms",
        f"{alone.percentile(0.95):.1f} ms one tablet",
        f"{done.per_second:.0f}/s",
        f"{done.percentile(0.95) / alone.percentile(0.95):.2f}",
        f"{done.percentile(0.5):.1f} ms",
        f"{done.percentile(0.95):.1f} ms",
        is_reached=done.percentile(0.95) <= most,
    )


def _measured(shift: Shift) -> Measured:
    return Measured(work(shift).latencies, shift.seconds, [])


def _queue(port: int, house: House) -> Row:
    """Open the queue again and again."""
    load = Load(port, [Request("/pick")], {"Cookie": house.people[0][0]})
    crowd = Crowd()
    try:
        crowd.ask(load)  # warms up
        done = crowd.ask(load)
    finally:
        crowd.close()
    return Row(
        f"Queue of {QUEUE:,} orders, 8 clients",
        f"p95 <= {QUEUE_MS} ms",
        "",
        f"{done.per_second:.0f}/s",
        "",
        f"{done.percentile(0.5):.1f} ms",
        f"{done.percentile(0.95):.1f} ms",
        is_reached=done.percentile(0.95) <= QUEUE_MS,
    )


def _everything(shift: Shift, house: House) -> Row:
    """Pick, pack and ship all there is; it has to agree afterwards, or the bench fails."""
    began = time.perf_counter()
    counts = work(shift).counts
    seconds = time.perf_counter() - began
    pieces = prove(house, ORDERS)
    said = ", ".join(f"{number} {kind}" for kind, number in counts.items())
    return Row(
        f"{ORDERS} orders, {SHOP_ORDERS} of a Magento shop, {TABLETS} tablets: {said}",
        "agrees to the piece, there too",
        "",
        f"{pieces:,} pieces in {seconds:.0f} s",
        *("", "", ""),
        is_reached=True,
    )


if __name__ == "__main__":
    main()
