"""Saved views and chosen columns: one's own, and those of one's role."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Role, User
from app.core.db import db
from app.core.pages.saved_views import services
from app.core.pages.saved_views.models import ListPreference, SavedView
from tests.conftest import client_of
from tests.core.conftest import Bearer, ShelfClient
from tests.core.samples import stored
from tests.core.test_list_page import labels
from tests.factories import RoleFactory, UserFactory

HTMX = {"HX-Request": "true"}
VIEWS = "/lists/shelf/views"


@pytest.fixture
def user(shelf_app: Flask) -> User:
    role = RoleFactory.create(permissions=["shelf.view", "views.share"])
    for label, state in [("b", "queued"), ("a", "failed"), ("c", "queued")]:
        stored(label=label, state=state)
    return UserFactory.create(role=role)


@pytest.fixture
def client(shelf_app: Flask, user: User) -> FlaskClient:
    return client_of(shelf_app, user)


def kept(user: User, name: str = "Waiting", **changes: Any) -> SavedView:
    about: dict[str, Any] = {
        "list_name": "shelf",
        "state": {"state": "queued", "sort": "-label"},
    }
    return services.save_view(user.id, name=name, **about | changes)


def views() -> list[SavedView]:
    db.session.expire_all()
    return list(db.session.scalars(select(SavedView).order_by(SavedView.id)))


def heads(page: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*>\s*(?:<a[^>]*>)?\s*(\w+)', page)


def test_a_list_is_kept_as_it_is_shown(client: FlaskClient) -> None:
    here = "/shelf?state=queued&sort=-label"

    answer = client.post(VIEWS, data={"here": here, "name": "  Waiting  boxes "})

    (view,) = views()
    assert answer.location == f"/shelf?view={view.id}"
    assert (view.name, view.state) == ("Waiting boxes", {"state": "queued", "sort": "-label"})
    assert labels(client.get(answer.location).text) == ["c", "b"]


def test_htmx_goes_to_the_new_view(client: FlaskClient) -> None:
    answer = client.post(VIEWS, data={"name": "All"}, headers=HTMX)

    assert answer.headers["HX-Redirect"] == f"/shelf?view={views()[0].id}"


def test_the_form_is_a_page_and_a_dialog(client: FlaskClient) -> None:
    path = f"{VIEWS}/new?here=/shelf?state=queued"

    assert "<html" in client.get(path).text
    assert "<html" not in client.get(path, headers=HTMX).text


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "A view needs a name."), (" ", "A view needs a name."), ("x" * 61, "60 characters")],
)
def test_a_name_that_does_not_fit_comes_back(
    client: FlaskClient, name: str, reason: str
) -> None:
    answer = client.post(VIEWS, data={"name": name})

    assert answer.status_code == 422
    assert reason in answer.text
    assert views() == []


def test_the_same_name_replaces_what_was_kept(client: FlaskClient, user: User) -> None:
    kept(user)

    client.post(VIEWS, data={"here": "/shelf?state=failed", "name": "waiting"})

    (view,) = views()
    assert (view.name, view.state) == ("waiting", {"state": "failed"})


def test_there_is_an_end_to_how_many(
    client: FlaskClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_VIEWS", 1)
    kept(user)

    answer = client.post(VIEWS, data={"name": "One more"})

    assert answer.status_code == 422
    assert "Delete one first." in answer.text


def test_a_view_is_changed_by_the_address_and_kept_by_the_pager(
    client: FlaskClient, user: User
) -> None:
    view = kept(user)

    page = client.get(f"/shelf?view={view.id}&state=failed").text

    assert labels(page) == ["a"]
    assert f'href="/shelf?sort=-id&amp;view={view.id}"' not in page
    assert f"view={view.id}" in page
    assert f'<input type="hidden" name="view" value="{view.id}">' in page


def test_a_view_beside_an_empty_filter_stays_open(client: FlaskClient, user: User) -> None:
    """Taking the last filter off must not bring the view's own back."""
    view = kept(user)
    page = client.get(f"/shelf?view={view.id}").text

    off = re.search(r'class="chip" href="([^"]*)"', page)

    assert off
    assert labels(client.get(off[1].replace("&amp;", "&")).text) == ["c", "b", "a"]


def test_a_list_begins_with_the_view_somebody_chose(client: FlaskClient, user: User) -> None:
    view = kept(user)

    answer = client.post("/lists/shelf/default", data={"view": view.id})

    assert answer.status_code == 303
    assert labels(client.get("/shelf").text) == ["c", "b"]
    assert labels(client.get("/shelf?view=all").text) == ["a", "b", "c"]
    assert labels(client.get("/shelf?state=failed").text) == ["a"]

    client.post("/lists/shelf/default")
    assert labels(client.get("/shelf").text) == ["a", "b", "c"]


def test_a_view_is_the_beginning_when_it_is_saved_as_one(
    client: FlaskClient, user: User
) -> None:
    client.post(VIEWS, data={"here": "/shelf?state=failed", "name": "Bad", "is_default": "y"})
    (view,) = views()
    assert labels(client.get("/shelf").text) == ["a"]

    edit = client.get(f"{VIEWS}/{view.id}/edit").text
    client.post(f"{VIEWS}/{view.id}", data={"name": "Bad", "version": view.version})

    assert "checked" in edit
    assert labels(client.get("/shelf").text) == ["a", "b", "c"]


def test_a_view_is_renamed(client: FlaskClient, user: User) -> None:
    view = kept(user)

    answer = client.post(f"{VIEWS}/{view.id}", data={"name": "Queue", "version": "1"})

    assert answer.status_code == 303
    assert [one.name for one in views()] == ["Queue"]


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        ({"name": "other", "version": "1"}, 422, "You have a view “Other” already."),
        ({"name": "", "version": "1"}, 422, "A view needs a name."),
        (
            {"name": "Queue", "version": "0"},
            409,
            "has changed this record meanwhile.",
        ),
    ],
)
def test_a_change_that_does_not_fit_comes_back(
    client: FlaskClient, user: User, data: dict[str, str], status: int, reason: str
) -> None:
    view = kept(user)
    kept(user, "Other")

    answer = client.post(f"{VIEWS}/{view.id}", data=data, headers=HTMX)

    assert answer.status_code == status
    assert reason in answer.text
    assert [one.name for one in views()] == ["Waiting", "Other"]


def test_a_view_is_deleted_and_no_list_begins_with_it(client: FlaskClient, user: User) -> None:
    view = kept(user)
    client.post("/lists/shelf/default", data={"view": view.id})

    answer = client.post(f"{VIEWS}/{view.id}/delete", headers=HTMX)

    assert "opsroom:saved" in answer.headers["HX-Trigger"]
    assert views() == []
    assert labels(client.get("/shelf").text) == ["a", "b", "c"]


def test_a_view_is_shared_with_a_role_by_who_may(
    shelf_app: Flask, client: FlaskClient, user: User, shelf_client: ShelfClient
) -> None:
    crew = RoleFactory.create(permissions=["shelf.view"])
    mate = client_of(shelf_app, UserFactory.create(role=crew))
    data = {"name": "Ours", "role_id": str(crew.id), "here": "/shelf?state=failed"}

    assert client.post(VIEWS, data=data).status_code == 303

    (view,) = views()
    assert ">Ours<" in mate.get("/shelf").text
    assert labels(mate.get(f"/shelf?view={view.id}").text) == ["a"]
    assert ">Ours<" not in shelf_client("shelf.view").get("/shelf").text
    assert "role_id" not in mate.get(f"{VIEWS}/new").text


def test_sharing_takes_its_permission(shelf_client: ShelfClient) -> None:
    role = db.session.scalars(select(Role.id)).first()

    shelf_client("shelf.view").post(VIEWS, data={"name": "Ours", "role_id": str(role)})

    assert [view.role_id for view in views()] == [None]


def test_another_persons_view_is_not_there(shelf_client: ShelfClient, user: User) -> None:
    view, stranger = kept(user), shelf_client("shelf.view")

    assert "Waiting" not in re.findall(r">([^<]*)</a>", stranger.get(VIEWS).text)
    assert labels(stranger.get(f"/shelf?view={view.id}").text) == ["a", "b", "c"]
    for path in (f"{VIEWS}/{view.id}", f"{VIEWS}/{view.id}/delete"):
        assert stranger.post(path, data={"name": "Mine"}).status_code == 404
    assert stranger.get(f"{VIEWS}/{view.id}/edit").status_code == 404
    assert stranger.post("/lists/shelf/default", data={"view": view.id}).status_code == 404
    assert [one.name for one in views()] == ["Waiting"]


def test_a_form_as_a_browser_sends_it_is_taken(client: FlaskClient) -> None:
    """With all of its fields, also those that are empty."""
    data = {"name": "All", "role_id": "", "version": "", "here": "/shelf"}

    assert client.post(VIEWS, data=data).status_code == 303
    assert [view.role_id for view in views()] == [None]


@pytest.mark.parametrize("view", ["x", "0", "9" * 30, "all"])
def test_a_view_that_is_none_shows_the_list(client: FlaskClient, view: str) -> None:
    assert labels(client.get(f"/shelf?view={view}").text) == ["a", "b", "c"]


def test_the_pages_of_views_take_the_permission_of_the_list(shelf_client: ShelfClient) -> None:
    stranger = shelf_client("jobs.view")

    for path in (VIEWS, f"{VIEWS}/new", "/lists/shelf/columns/edit"):
        assert stranger.get(path).status_code == 403
    assert stranger.post("/lists/shelf/columns").status_code == 403
    assert stranger.get("/lists/attic/views").status_code == 404


def test_views_are_listed_with_what_can_be_done(client: FlaskClient, user: User) -> None:
    assert "No views yet." in client.get(VIEWS).text
    kept(user)

    page = client.get(VIEWS, headers=HTMX).text

    assert "Only you" in page
    assert "Delete the view “Waiting”?" in page


def test_columns_are_chosen_and_ordered(client: FlaskClient, user: User) -> None:
    stored(label="d", attempts=7)
    chosen = {"columns": ["seven", "state", "label"], "place-seven": "1", "place-label": "2"}

    answer = client.post("/lists/shelf/columns", data=chosen | {"here": "/shelf?state=queued"})

    assert answer.location == "/shelf?state=queued"
    page = client.get("/shelf").text
    assert heads(page) == ["Seven", "Label", "State"]
    assert "<td>7</td>" in page or ">7<" in page
    text = client.get("/shelf?file=csv").data.decode("utf-8-sig")
    assert text.splitlines()[0] == "Seven,Label,State"


def test_a_required_column_stays(client: FlaskClient) -> None:
    client.post("/lists/shelf/columns", data={"columns": ["state", "nonsense"]})

    assert heads(client.get("/shelf").text) == ["Label", "State"]


def test_the_usual_columns_come_back(client: FlaskClient) -> None:
    client.post("/lists/shelf/columns", data={"columns": ["state"]})

    client.post("/lists/shelf/columns", data={"columns": ["state"], "usual": "1"}, headers=HTMX)

    assert heads(client.get("/shelf").text) == ["Number", "Label", "State", "Double", "When"]


def test_columns_are_kept_in_ones_own_view(client: FlaskClient, user: User) -> None:
    view = kept(user)

    client.post(
        "/lists/shelf/columns", data={"columns": ["state"], "here": f"/shelf?view={view.id}"}
    )

    assert views()[0].columns == ["state"]
    assert db.session.scalars(select(ListPreference)).all() == []
    assert heads(client.get(f"/shelf?view={view.id}").text) == ["Label", "State"]


def test_the_columns_of_somebody_elses_view_stay(
    shelf_app: Flask, client: FlaskClient, user: User
) -> None:
    other = UserFactory.create(role=user.role)
    view = kept(other, role_id=user.role_id, columns=["when"])

    answer = client.post(
        "/lists/shelf/columns",
        data={"columns": ["state"], "here": f"/shelf?view={view.id}"},
        headers=HTMX,
    )

    assert answer.status_code == 409
    assert "somebody else" in answer.text
    assert views()[0].columns == ["when"]


def test_an_address_that_leads_elsewhere_leads_to_the_list(client: FlaskClient) -> None:
    for here in ("https://elsewhere.example/", "//elsewhere", "/jobs", ""):
        answer = client.post("/lists/shelf/columns", data={"columns": ["state"], "here": here})
        assert answer.location == "/shelf"


def test_a_program_keeps_lists_changes_and_deletes_views(bearer: Bearer) -> None:
    program = bearer("stock.view")
    body = {"list": "inventory", "name": "Low", "state": {"status": "low"}, "columns": ["sku"]}

    made = program.post("/api/v1/saved-views", json=body)
    view = made.get_json()
    changed = program.put(f"/api/v1/saved-views/{view['id']}", json={"name": "Very low"})
    listed = program.get("/api/v1/saved-views?list=inventory").get_json()

    assert made.status_code == 201
    assert (view["state"], view["is_mine"]) == ({"status": "low"}, True)
    assert changed.get_json()["name"] == "Very low"
    assert [one["name"] for one in listed["items"]] == ["Very low"]
    assert program.get(f"/api/v1/saved-views/{view['id']}").get_json()["columns"] == ["sku"]
    assert program.delete(f"/api/v1/saved-views/{view['id']}").status_code == 204
    assert program.get("/api/v1/saved-views").get_json()["total"] == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"list": "attic"}, 422),
        ({"list": "users"}, 403),
        ({"state": {"colour": "red"}}, 422),
        ({"columns": ["colour"]}, 422),
        ({"role_id": 1}, 403),
        ({"name": ""}, 422),
        ({"name": "Taken"}, 409),
    ],
)
def test_a_program_hears_what_does_not_fit(
    bearer: Bearer, changes: dict[str, Any], status: int
) -> None:
    program = bearer("stock.view")
    body = {"list": "inventory", "name": "Low"}
    program.post("/api/v1/saved-views", json=body | {"name": "Taken"})

    answer = program.post("/api/v1/saved-views", json=body | changes)

    assert answer.status_code == status
    assert [view.name for view in views()] == ["Taken"]


def test_a_program_shares_with_a_role_that_there_is(bearer: Bearer) -> None:
    program = bearer("stock.view", "views.share")
    body = {"list": "inventory", "name": "Low", "role_id": 999_999}
    role = RoleFactory.create(permissions=[])

    assert program.post("/api/v1/saved-views", json=body).status_code == 422
    assert (
        program.post("/api/v1/saved-views", json=body | {"role_id": role.id}).status_code == 201
    )


def test_a_program_sees_no_views_of_others(bearer: Bearer) -> None:
    mine, other = bearer("stock.view"), bearer("stock.view")
    view = mine.post("/api/v1/saved-views", json={"list": "inventory", "name": "A"}).get_json()

    path = f"/api/v1/saved-views/{view['id']}"
    assert other.get(path).status_code == 404
    assert other.put(path, json={"name": "B"}).status_code == 404
    assert other.delete(path).status_code == 404
    assert other.get("/api/v1/saved-views").get_json()["items"] == []


def test_a_view_stays_with_its_list(bearer: Bearer) -> None:
    program = bearer("stock.view")
    made = program.post("/api/v1/saved-views", json={"list": "inventory", "name": "A"})
    path = f"/api/v1/saved-views/{made.get_json()['id']}"

    assert program.put(path, json={"list": "movements"}).status_code == 422
    assert program.put(path, json={"name": "B", "version": 0}).status_code == 409
