"""The page of a user, and what an administrator does with one."""

from functools import partial
from typing import Any, NamedTuple

from flask import make_response, render_template, url_for
from werkzeug import Response

from app.accounts import queries, services
from app.accounts.forms import NewUserForm, UserForm
from app.accounts.models import User, new_secret
from app.accounts.myself import by_me, myself
from app.accounts.views.lists import role_names
from app.accounts.views.users import bp
from app.core.pages import Action, Menu, RecordPage, Resource
from app.core.settings import setting

USER = Resource(
    name="user",
    area="users",
    query=queries.user,
    rule="/<int:user_id>",
    keys={"user_id": "id"},
    event="users:changed",
)


class NewPassword(NamedTuple):
    """A password that was generated: it is shown this once."""

    user: User
    password: str


def _create(**values: Any) -> NewPassword:
    password = new_secret()
    user = services.create_user(**values, password=password, by=myself())
    return NewPassword(user, password)


def _reset(user_id: int) -> str:
    return services.reset_password(user_id, by=myself())


def _new_form() -> NewUserForm:
    return NewUserForm(roles=_role_names())


def _form(**begin: Any) -> UserForm:
    return UserForm(roles=_role_names(), **begin)


def _begin_new(form: NewUserForm, _user: None) -> None:
    form.role.data, form.time_zone.data = "user", setting("time_zone")


def _begin(form: UserForm, user: User) -> None:
    form.role.data = user.role.name


def _show_password(user: User, password: str) -> Response:
    page = render_template("accounts/passwords/show.html", user=user, password=password)
    return make_response(page)


def _is_within(user: User) -> bool:
    """Tell whether the person asking may do all that this one may."""
    return myself().covers(user.role.permissions)


def _is_another(user: User) -> bool:
    return _is_within(user) and user.id != myself().id


_verb = partial(Action, resource=USER, permission="users.edit")

create = _verb(
    name="create",
    is_new=True,
    title="New user",
    subtitle="A password is made and shown once.",
    submit="Add user",
    form=_new_form,
    fill=_begin_new,
    fields="accounts/users/_fields.html",
    act=_create,
    reply=lambda _user, made: _show_password(made.user, made.password),
)
update = _verb(
    name="update",
    title="Edit",
    heading="Edit {0.name}",
    form=_form,
    fill=_begin,
    fields="accounts/users/_fields.html",
    act=by_me(services.revise_user),
    done="{0.name} is saved.",
    icon="edit",
    when=_is_within,
)
activate = _verb(
    name="create_activation",
    path="/activation",
    title="Activate",
    act=by_me(services.activate_user),
    done="{0.name} may sign in.",
    icon="check",
    when=lambda user: _is_within(user) and not user.is_active and not user.is_waiting,
)
approve = activate.but(
    title="Approve", kind="primary", when=lambda user: _is_within(user) and user.is_waiting
)
deactivate = _verb(
    name="delete_activation",
    path="/activation/delete",
    title="Deactivate",
    question="Deactivate {0.name}?",
    act=by_me(services.deactivate_user),
    done="{0.name} is deactivated.",
    kind="danger",
    when=lambda user: _is_another(user) and user.is_active,
)
refuse = deactivate.but(
    title="Refuse",
    question="Refuse {0.name}?",
    when=lambda user: _is_another(user) and user.is_waiting,
)
sign_out = _verb(
    name="delete_sessions",
    path="/sessions/delete",
    title="Sign out everywhere",
    question="Sign {0.name} out everywhere?",
    confirm="Sign out",
    act=by_me(services.sign_out_everywhere),
    done="{0.name} is signed out everywhere.",
    kind="quiet",
    icon="leave",
    when=_is_another,
)
reset_password = _verb(
    name="create_password",
    path="/password",
    title="Reset password",
    question="Set a new password for {0.name} and sign out everywhere?",
    act=_reset,
    reply=_show_password,
    kind="quiet",
    icon="lock",
    when=_is_another,
)

reset_second_factor = _verb(
    name="delete_second_factor",
    path="/second-factor/delete",
    title="Reset second factor",
    question="Take away the second factor of {0.name}, end their tokens and sign them out?",
    confirm="Reset",
    act=by_me(services.reset_second_factor),
    done="{0.name} has no second factor any more.",
    kind="quiet",
    icon="shield",
    when=lambda user: _is_another(user) and user.second_factor_at is not None,
)

user_page = RecordPage(
    resource=USER,
    permission="users.view",
    heading="{0.name}",
    subtitle="{0.username}",
    crumbs=lambda _user: [("Users", url_for("users.index"))],
    buttons=(
        update,
        approve,
        activate,
        refuse,
        deactivate,
        Menu(label="More actions", items=(reset_password, reset_second_factor, sign_out)),
    ),
    body="accounts/users/_user.html",
    labels={"is_active": "Active", "is_waiting": "Waiting", "email": "E-mail"},
    history_shown=50,
)

user_page.add_to(bp)
_actions = (create, update, activate, deactivate, sign_out, reset_password)
for action in (*_actions, reset_second_factor):
    action.add_to(bp)


def _role_names() -> list[str]:
    return [name for name, _label in role_names()]
