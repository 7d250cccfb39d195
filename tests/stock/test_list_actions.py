"""What can be done to many locations."""

from app.core.db import db
from app.stock.models import Location
from tests.bulk import act
from tests.conftest import SignIn
from tests.factories import LocationFactory
from tests.stock.conftest import place, stocked


def test_locations_are_taken_out_of_use_but_not_with_goods(sign_in: SignIn) -> None:
    stocked(1)
    full = place("MAIN-01")
    lies = {"path": "MAIN/EMPTY-1/", "parent_id": full.parent_id}
    empty = LocationFactory.create(code="EMPTY-1", **lies)
    client = sign_in("stock.view", "locations.edit")

    report = act(client, "locations/actions/deactivate", [full.id, empty.id])

    states = [db.session.get_one(Location, one.id).is_active for one in (full, empty)]
    assert states == [True, False]
    assert [error["record"] for error in report["errors"]] == ["MAIN-01"]

    act(client, "locations/actions/activate", [empty.id])
    assert db.session.get_one(Location, empty.id).is_active
