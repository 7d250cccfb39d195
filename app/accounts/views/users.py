"""Users, for administrators."""

from flask import Blueprint, render_template, url_for
from werkzeug import Response

from app.accounts import queries, services
from app.accounts.asking import myself
from app.accounts.forms import NewUserForm, UserForm
from app.accounts.models import User, new_secret
from app.accounts.views.lists import USERS, role_names
from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import one_or_404, render, respond_saved

bp = Blueprint("users", __name__, url_prefix="/users")

HISTORY_SHOWN = 50

USERS.add_to(bp)


@bp.get("/<int:user_id>")
@requires("users.view")
def show(user_id: int) -> Response:
    """Show a user with history."""
    user = one_or_404(queries.user(user_id))
    return render(
        "accounts/users/show.html",
        fragment="record",
        user=user,
        is_me=user.id == myself().id,
        is_within=myself().role.covers(user.role.permissions),
        history=db.session.scalars(audit.history(user).limit(HISTORY_SHOWN)).all(),
    )


@bp.get("/new")
@requires("users.edit")
def new() -> Response:
    """Ask who the person is."""
    form = NewUserForm(roles=_role_names(), role="user", time_zone=setting("time_zone"))
    return _form("new", form)


@bp.post("")
@requires("users.edit")
def create() -> Response | str:
    """Add a user with a generated password, and show that this once."""
    form = NewUserForm(roles=_role_names())
    if not form.validate_on_submit():
        return _form("new", form, status=422)
    password = new_secret()
    try:
        user = services.create_user(**form.values, password=password, by=myself())
    except DomainError as error:
        return _form("new", form, status=form.refuse(error))
    return _password(user, password)


@bp.get("/<int:user_id>/edit")
@requires("users.edit")
def edit(user_id: int) -> Response:
    """Ask for what changes."""
    user = one_or_404(queries.user(user_id))
    form = UserForm(roles=_role_names(), obj=user)
    form.role.data = user.role.name
    return _form("edit", form, user_id=user_id)


@bp.post("/<int:user_id>")
@requires("users.edit")
def update(user_id: int) -> Response:
    """Change a user."""
    one_or_404(queries.user(user_id))
    form = UserForm(roles=_role_names())
    if not form.validate_on_submit():
        return _form("edit", form, user_id=user_id, status=422)
    try:
        user = services.revise_user(user_id, **form.values, by=myself())
    except DomainError as error:
        return _form("edit", form, user_id=user_id, status=form.refuse(error))
    return _saved(user, "is saved")


@bp.post("/<int:user_id>/activation")
@requires("users.edit")
def create_activation(user_id: int) -> Response:
    """Let somebody in: a waiting user, or one who was switched off."""
    one_or_404(queries.user(user_id))
    return _saved(services.activate_user(user_id, by=myself()), "may sign in")


@bp.post("/<int:user_id>/activation/delete")
@requires("users.edit")
def delete_activation(user_id: int) -> Response:
    """Switch somebody off: out at once, and not in again."""
    one_or_404(queries.user(user_id))
    return _saved(services.deactivate_user(user_id, by=myself()), "is deactivated")


@bp.post("/<int:user_id>/sessions/delete")
@requires("users.edit")
def delete_sessions(user_id: int) -> Response:
    """Sign somebody out everywhere."""
    user = one_or_404(queries.user(user_id))
    services.sign_out_everywhere(user_id, by=myself())
    return _saved(user, "is signed out everywhere")


@bp.post("/<int:user_id>/password")
@requires("users.edit")
def create_password(user_id: int) -> str:
    """Set a generated password, and show it this once."""
    user = one_or_404(queries.user(user_id))
    return _password(user, services.reset_password(user_id, by=myself()))


def _password(user: User, password: str) -> str:
    return render_template("accounts/passwords/show.html", user=user, password=password)


def _form(
    name: str, form: NewUserForm, *, user_id: int | None = None, status: int = 200
) -> Response:
    """Show a form with the user as they are now: a refusal has made the one in hand stale."""
    user = one_or_404(queries.user(user_id)) if user_id else None
    template = f"accounts/users/{name}.html"
    return render(template, fragment="form", status=status, form=form, user=user)


def _role_names() -> list[str]:
    return [name for name, _label in role_names()]


def _saved(user: User, verb: str) -> Response:
    return respond_saved(
        url_for(".show", user_id=user.id), f"{user.name} {verb}.", event="users:changed"
    )
