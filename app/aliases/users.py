"""`/api/users`: people with a first and a last name, as the small ERP had them."""

from typing import Any

import marshmallow as ma
from flask import url_for

from app.accounts import queries, services
from app.accounts.models import User
from app.accounts.myself import myself
from app.core.api import Blueprint, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "alias_users",
    __name__,
    url_prefix="/api/users",
    description="Older address of /api/v1/users",
)

SORTS = {"id": User.id, "username": User.username}
SHORT = ma.validate.Length(min=1, max=100)


class NamePart(ma.fields.Str):
    """What stands before (0) or after (2) the first blank of a name."""

    def __init__(self, part: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.part = part

    def get_value(self, obj: Any, *_rest: Any, **_more: Any) -> str:
        """Take the name apart."""
        return str(obj.name.partition(" ")[self.part])


class PlainUserSchema(ma.Schema):
    """A person. Opsroom keeps one name: what follows the first word is the last name."""

    id = ma.fields.Int(dump_only=True)
    username = ma.fields.Str(validate=SHORT)
    email = ma.fields.Str(validate=ma.validate.Length(max=254))
    first_name = NamePart(0)
    last_name = NamePart(2)
    role = ma.fields.Str(attribute="role.name")
    is_active = ma.fields.Bool()
    created_at = ma.fields.AwareDateTime(dump_only=True)


def sent_part(**more: Any) -> Text:
    """Give the field of a part of a name: what is wrong with it is said of this part."""
    return Text(parse_line, validate=ma.validate.Length(max=100), **more)


class PlainNewUserSchema(ma.Schema):
    """A person to be made."""

    username = ma.fields.Str(required=True, validate=SHORT)
    email = ma.fields.Str(required=True, validate=ma.validate.Length(max=254))
    password = ma.fields.Str(required=True, load_only=True)
    first_name = sent_part(load_default="")
    last_name = sent_part(load_default="")
    role = ma.fields.Str(load_default="user")


class PlainUserChangeSchema(ma.Schema):
    """What changes of a person; what is not named stays."""

    username = ma.fields.Str(validate=SHORT)
    email = ma.fields.Str(validate=ma.validate.Length(max=254))
    first_name = sent_part()
    last_name = sent_part()
    role = ma.fields.Str()
    is_active = ma.fields.Bool()


@bp.get("")
@requires("users.view")
@bp.doc(deprecated=True)
@bp.arguments(sorted_query(SORTS), location="query")
@bp.response(200, page_schema(PlainUserSchema))
def list_users(query: dict[str, Any]) -> dict[str, Any]:
    """List users."""
    return page_of(queries.users(), query, sorts=SORTS)


@bp.post("")
@requires("users.edit")
@idempotent
@bp.doc(deprecated=True)
@bp.arguments(PlainNewUserSchema)
@bp.response(201, PlainUserSchema)
@bp.alt_response(409, description="Somebody has this username or e-mail address")
def create_user(given: dict[str, Any]) -> tuple[User, int, dict[str, str]]:
    """Add a user."""
    user = services.create_user(**whole_name(given), by=myself())
    return user, 201, {"Location": url_for(".get_user", user_id=user.id)}


@bp.get("/<int:user_id>")
@requires("users.view")
@bp.doc(deprecated=True)
@bp.response(200, PlainUserSchema)
def get_user(user_id: int) -> User:
    """Show a user."""
    return one_or_404(queries.user(user_id))


@bp.put("/<int:user_id>")
@requires("users.edit")
@idempotent
@bp.doc(deprecated=True)
@bp.arguments(PlainUserChangeSchema)
@bp.response(200, PlainUserSchema)
@bp.alt_response(409, description="The last administrator, or yourself")
def update_user(changes: dict[str, Any], user_id: int) -> User:
    """Change a user; what is not named stays."""
    user = one_or_404(queries.user(user_id))
    if {"first_name", "last_name"} & changes.keys():
        first, _, last = user.name.partition(" ")
        changes = whole_name({"first_name": first, "last_name": last} | changes)
    return services.revise_user(user_id, by=myself(), version=None, **changes)


@bp.delete("/<int:user_id>")
@requires("users.edit")
@idempotent
@bp.doc(deprecated=True)
@bp.response(204)
@bp.alt_response(409, description="The last administrator, or yourself")
def delete_user(user_id: int) -> None:
    """Deactivate a user."""
    one_or_404(queries.user(user_id))
    services.deactivate_user(user_id, by=myself())


def whole_name(given: dict[str, Any]) -> dict[str, Any]:
    """Put first and last name together; without either, the username is the name."""
    parts = (given.pop("first_name", ""), given.pop("last_name", ""))
    name = " ".join(filter(None, parts)) or given.get("username", "")
    return given | {"name": name}
