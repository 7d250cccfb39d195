"""How people, roles and tokens travel."""

import marshmallow as ma

from app.accounts.models import ApiToken

SHORT, LONG = ma.validate.Length(min=1, max=100), ma.validate.Length(max=254)


CODE = ma.fields.Str(
    load_only=True,
    validate=LONG,
    metadata={"description": "Of an authenticator app, or a recovery code; works once"},
)


class UserSchema(ma.Schema):
    """A person."""

    id = ma.fields.Int()
    username = ma.fields.Str()
    email = ma.fields.Str()
    name = ma.fields.Str()
    role = ma.fields.Str(attribute="role.name")
    role_id = ma.fields.Int()
    time_zone = ma.fields.Str()
    is_active = ma.fields.Bool()
    is_waiting = ma.fields.Bool()
    signed_in_at = ma.fields.AwareDateTime(allow_none=True)
    version = ma.fields.Int()
    created_at = ma.fields.AwareDateTime()
    updated_at = ma.fields.AwareDateTime()


class MeSchema(UserSchema):
    """Whoever asks, and what they may do; `*` is everything."""

    permissions = ma.fields.List(ma.fields.Str(), attribute="permissions")


class OwnChangeSchema(ma.Schema):
    """What changes of one's own account; what is not named stays."""

    name = ma.fields.Str(validate=SHORT)
    time_zone = ma.fields.Str()
    version = ma.fields.Int(strict=True)


class RegistrationSchema(ma.Schema):
    """What somebody tells of themselves."""

    username = ma.fields.Str(required=True, validate=SHORT)
    email = ma.fields.Str(required=True, validate=LONG)
    name = ma.fields.Str(required=True, validate=SHORT)
    password = ma.fields.Str(required=True, load_only=True)


class NewUserSchema(RegistrationSchema):
    """A person to be made."""

    role = ma.fields.Str(load_default="user")
    time_zone = ma.fields.Str()


class UserChangeSchema(ma.Schema):
    """What changes of a person; what is not named stays."""

    username = ma.fields.Str(validate=SHORT)
    email = ma.fields.Str(validate=LONG)
    name = ma.fields.Str(validate=SHORT)
    role = ma.fields.Str()
    time_zone = ma.fields.Str()
    is_active = ma.fields.Bool()
    version = ma.fields.Int(strict=True)


class RoleSchema(ma.Schema):
    """A set of permissions."""

    id = ma.fields.Int()
    name = ma.fields.Str()
    description = ma.fields.Str()
    permissions = ma.fields.List(ma.fields.Str())
    needs_second_factor = ma.fields.Bool()
    is_built_in = ma.fields.Bool()
    version = ma.fields.Int()
    created_at = ma.fields.AwareDateTime()
    updated_at = ma.fields.AwareDateTime()


class RoleChangeSchema(ma.Schema):
    """What changes of a role; what is not named stays."""

    name = ma.fields.Str(validate=ma.validate.Length(min=1, max=50))
    description = ma.fields.Str(validate=ma.validate.Length(max=200))
    permissions = ma.fields.List(ma.fields.Str())
    needs_second_factor = ma.fields.Bool()
    version = ma.fields.Int(strict=True)


class NewRoleSchema(ma.Schema):
    """A role to be made."""

    name = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=50))
    description = ma.fields.Str(load_default="", validate=ma.validate.Length(max=200))
    permissions = ma.fields.List(ma.fields.Str(), load_default=list)
    needs_second_factor = ma.fields.Bool(load_default=False)


class CredentialsSchema(ma.Schema):
    """Username or e-mail address, and password."""

    username = ma.fields.Str(validate=LONG)
    email = ma.fields.Str(validate=LONG)
    password = ma.fields.Str(required=True, load_only=True)
    code = CODE

    @ma.validates_schema
    def one_name(self, given: dict[str, str], **_: object) -> None:
        """Want one of the two names."""
        if ("username" in given) == ("email" in given):
            raise ma.ValidationError("Give either a username or an e-mail.", "username")


class PasswordChangeSchema(ma.Schema):
    """One's own password."""

    current = ma.fields.Str(required=True, load_only=True, metadata={"description": "Now"})
    password = ma.fields.Str(required=True, load_only=True, metadata={"description": "New"})


class ResetAskedSchema(ma.Schema):
    """Who has forgotten their password."""

    name = ma.fields.Str(
        required=True, validate=LONG, metadata={"description": "Username or e-mail address"}
    )


class ResetSchema(ma.Schema):
    """A new password, by a link that came by mail."""

    token = ma.fields.Str(required=True, load_only=True, validate=SHORT)
    password = ma.fields.Str(required=True, load_only=True)


class IssuedPasswordSchema(ma.Schema):
    """A password that was made for somebody, this once; they change it as they sign in."""

    password = ma.fields.Str()


class ReceivedSchema(ma.Schema):
    """What was asked is received; what comes of it is not said here."""

    message = ma.fields.Str()


class RefreshSchema(ma.Schema):
    """A refresh token."""

    refresh_token = ma.fields.Str(required=True, load_only=True)


class GrantSchema(ma.Schema):
    """What a program signs its next requests with."""

    access_token = ma.fields.Str()
    refresh_token = ma.fields.Str()
    token_type = ma.fields.Str()
    expires_in = ma.fields.Int(metadata={"description": "Seconds"})


class UserSessionSchema(ma.Schema):
    """A sign-in that has not ended."""

    id = ma.fields.Int()
    kind = ma.fields.Str(metadata={"description": "`browser` or `program`"})
    device = ma.fields.Str(metadata={"description": "As the device calls itself"})
    address = ma.fields.Str(allow_none=True)
    created_at = ma.fields.AwareDateTime()
    seen_at = ma.fields.AwareDateTime(metadata={"description": "Used last, to the minute"})
    is_current = ma.fields.Bool(metadata={"description": "Whether it is the one that asks"})


class TokenSchema(ma.Schema):
    """A named token; its secret is told only when it is made."""

    id = ma.fields.Int()
    name = ma.fields.Str()
    scopes = ma.fields.List(
        ma.fields.Str(), metadata={"description": "Permissions; none means all of its owner's"}
    )
    created_at = ma.fields.AwareDateTime()
    last_used_at = ma.fields.AwareDateTime(allow_none=True)
    expires_at = ma.fields.AwareDateTime(allow_none=True)


class NewTokenSchema(ma.Schema):
    """A named token to be made."""

    name = ma.fields.Str(required=True, validate=SHORT)
    expires_at = ma.fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        metadata={"description": "Without it, the longest that the settings allow"},
    )
    scopes = ma.fields.List(
        ma.fields.Str(validate=SHORT),
        load_default=list,
        metadata={"description": "Permissions it has of its owner's; none means all"},
    )


class IssuedTokenSchema(TokenSchema):
    """A named token with its secret, this once."""

    secret = ma.fields.Str(data_key="token")


def issued(token: ApiToken, secret: str) -> dict[str, object]:
    """Put a token and its secret together."""
    names = ("id", "name", "scopes", "created_at", "last_used_at", "expires_at")
    return {name: getattr(token, name) for name in names} | {"secret": secret}
