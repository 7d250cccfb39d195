"""`/api/auth`: registering and signing in, as the small ERP had it."""

from typing import Any

import marshmallow as ma
from flask import request

from app.accounts import access_tokens, services
from app.accounts.api.schemas import CODE, ReceivedSchema
from app.accounts.myself import origin
from app.aliases.users import PlainUserSchema, sent_part, whole_name
from app.core.api import Blueprint
from app.core.permissions import public

bp = Blueprint(
    "alias_auth", __name__, url_prefix="/api/auth", description="Older address of /api/v1/auth"
)
SHORT = ma.validate.Length(min=1, max=100)


class PlainRegistrationSchema(ma.Schema):
    """What somebody tells of themselves."""

    username = ma.fields.Str(required=True, validate=SHORT)
    email = ma.fields.Str(required=True, validate=ma.validate.Length(max=254))
    password = ma.fields.Str(required=True, load_only=True)
    first_name = sent_part(load_default="")
    last_name = sent_part(load_default="")


class PlainLoginSchema(ma.Schema):
    """Username or e-mail address, and password."""

    username = ma.fields.Str()
    email = ma.fields.Str()
    password = ma.fields.Str(required=True, load_only=True)
    code = CODE

    @ma.validates_schema
    def _one_name(self, given: dict[str, str], **_rest: Any) -> None:
        if ("username" in given) == ("email" in given):
            raise ma.ValidationError("Give either a username or an e-mail.", "username")


class PlainGrantSchema(ma.Schema):
    """What a program signs its next requests with, and who it is."""

    access_token = ma.fields.Str(required=True)
    refresh_token = ma.fields.Str(required=True)
    token_type = ma.fields.Str(required=True)
    expires_in = ma.fields.Int(required=True, metadata={"description": "Seconds"})
    user = ma.fields.Nested(PlainUserSchema, required=True)


@bp.post("/register")
@public
@bp.doc(deprecated=True)
@bp.arguments(PlainRegistrationSchema)
@bp.response(202, ReceivedSchema)
@bp.alt_response(403, description="People cannot register themselves here")
@bp.alt_response(409, description="Somebody has this username")
def register(given: dict[str, Any]) -> dict[str, str]:
    """Make an account that waits for an administrator; a known e-mail address is not told."""
    services.register(**whole_name(given), address=request.remote_addr)
    return {"message": "You can sign in once an administrator has approved your account."}


@bp.post("/login")
@public
@bp.doc(deprecated=True)
@bp.arguments(PlainLoginSchema)
@bp.response(200, PlainGrantSchema)
@bp.alt_response(401, description="Name and password do not match")
@bp.alt_response(403, description="The account waits for approval")
def login(given: dict[str, str]) -> dict[str, Any]:
    """Sign in with a username or an e-mail address."""
    name = given.get("username") or given.get("email", "")
    address = request.remote_addr
    user = services.authenticate(name, password=given["password"], address=address)
    services.prove_second_factor(user, given.get("code", ""), address=address)
    granted = services.open_session(user, origin=origin())
    access = access_tokens.issue(granted.user, session_id=granted.session_id)
    return {
        "access_token": access.token,
        "refresh_token": granted.refresh_token,
        "token_type": "bearer",
        "expires_in": access.expires_in,
        "user": user,
    }
