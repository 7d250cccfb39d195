"""What the company decides about picking."""

from app.core.settings.definitions import Definition, between

SETTINGS = (
    Definition(
        key="pick_wave",
        group="Picking",
        order=30,
        label="Orders in one pick task",
        default=1,
        unit="orders",
        help="Each is picked into a tote of its own.",
        check=between(1, 12),
    ),
    Definition(
        key="pick_partly",
        group="Picking",
        order=30,
        label="Pick orders of which a part is there",
        default=False,
        help="Else an order waits until all of it is reserved.",
    ),
)
