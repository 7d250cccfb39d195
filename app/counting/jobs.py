"""Background work of counting: ids in, one service called, safe to run twice."""

from app.core.jobs import job
from app.counting import services

# What pickers say (app.fulfilment) and what it is called here.
NOTES = {
    "not_found": "Not found while picking",
    "damaged": "Damaged goods found while picking",
    "wrong_bin": "Something else lies there",
    "not_empty": "Goods are left where the books say none are",
}


@job(queue="interactive", label="Have a doubtful bin counted", retry_after=(5, 60))
def count_discrepancy(location_id: int, product_id: int, reason: str) -> dict[str, int | None]:
    """Make a count of what a picker has doubted, unless there is one."""
    cause = "not_empty" if reason == "not_empty" else "short"
    note = NOTES.get(reason, "")
    made = services.count_discrepancy(location_id, product_id, cause=cause, note=note)
    return {"count_id": made}


@job(queue="scheduled", label="Have counted what the plans say", retry_after=(60, 600))
def run_count_plans() -> dict[str, int]:
    """Make the counts that are due by the plans of all warehouses."""
    return services.run_plans()
