"""What the business does in counting."""

from app.counting.services.approving import approve, cancel, request_recount
from app.counting.services.claiming import claim, release, release_once
from app.counting.services.conflicts import conflicts
from app.counting.services.creating import (
    MOST_BINS,
    CreatedCounts,
    WantedCount,
    count_discrepancy,
    count_lines,
    count_location,
    count_oldest,
    count_product,
)
from app.counting.services.finishing import finish, report_empty
from app.counting.services.locking import COUNT, Counter
from app.counting.services.lookup import names_of_counts, uses_of_location, uses_of_product
from app.counting.services.plans import (
    classify_again,
    create_plan,
    end_plan,
    run_plan,
    run_plans,
)
from app.counting.services.scanning import scan, set_quantity, undo
from app.counting.services.undoing import refuse_undoing, undo_count

__all__ = [
    "COUNT",
    "MOST_BINS",
    "Counter",
    "CreatedCounts",
    "WantedCount",
    "approve",
    "cancel",
    "claim",
    "classify_again",
    "conflicts",
    "count_discrepancy",
    "count_lines",
    "count_location",
    "count_oldest",
    "count_product",
    "create_plan",
    "end_plan",
    "finish",
    "names_of_counts",
    "refuse_undoing",
    "release",
    "release_once",
    "report_empty",
    "request_recount",
    "run_plan",
    "run_plans",
    "scan",
    "set_quantity",
    "undo",
    "undo_count",
    "uses_of_location",
    "uses_of_product",
]
