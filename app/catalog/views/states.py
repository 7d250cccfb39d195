"""Records in and out of use, as the lists of the catalogue tell them apart."""

from app.core.pages import Segments

# What a list shows of records in and out of use; without a choice, those in use.
STATES: dict[str, bool | None] = {"": True, "inactive": False, "all": None}


def state_filter() -> Segments:
    """Ask for records in use, for others, or for all of them."""
    return Segments(
        name="state",
        label="State",
        options={"inactive": "Inactive", "all": "All"},
        everything="Active",
        words={"all": "Active and inactive"},
    )
