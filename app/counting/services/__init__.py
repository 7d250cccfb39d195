"""What the business does in counting."""

from app.counting.services.approving import approve, ask_again, cancel
from app.counting.services.claiming import claim, give_back
from app.counting.services.creating import (
    MOST_BINS,
    Made,
    count_doubted,
    count_location,
    count_oldest,
    count_product,
)
from app.counting.services.finding import COUNT, scan, set_quantity, undo
from app.counting.services.finishing import finish, report_empty
from app.counting.services.holding import Counter
from app.counting.services.promises import Obstacle, obstacles

__all__ = [
    "COUNT",
    "MOST_BINS",
    "Counter",
    "Made",
    "Obstacle",
    "approve",
    "ask_again",
    "cancel",
    "claim",
    "count_doubted",
    "count_location",
    "count_oldest",
    "count_product",
    "finish",
    "give_back",
    "obstacles",
    "report_empty",
    "scan",
    "set_quantity",
    "undo",
]
