"""My second factors: an authenticator app, passkeys, recovery codes."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, make_response, render_template, url_for
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from sqlalchemy import Select, select
from werkzeug import Response

from app.accounts import services
from app.accounts.forms import AuthenticatorForm, ConfirmForm, PasskeyForm
from app.accounts.models import SecondFactor
from app.accounts.myself import myself
from app.accounts.views.blueprint import bp
from app.accounts.views.second_step import site
from app.accounts.views.sessions import enter
from app.accounts.views.tokens import CHANGED
from app.core.errors import Invalid
from app.core.pages import Action, Resource
from app.core.permissions import SIGNED_IN
from app.core.web import respond_redirect

AN_HOUR = 3600  # seconds that a form for a new one stays good


def my_factors() -> Mapping[str, Any]:
    """Give what the page of one's own account shows of second factors."""
    return {
        "factors": services.factors_of(current_user.id),
        "codes_left": services.codes_left(current_user.id),
        "add_app": add_app,
        "add_passkey": add_passkey,
        "new_codes": new_codes,
        "remove_factor": remove_factor,
    }


def _mine(factor_id: int) -> Select[SecondFactor]:
    return select(SecondFactor).where(
        SecondFactor.user_id == current_user.id, SecondFactor.id == factor_id
    )


def _begin_app(form: AuthenticatorForm, _none: None) -> None:
    form.secret.data = _sealed(services.new_app(myself()).secret)


def _begin_passkey(form: PasskeyForm, _none: None) -> None:
    form.challenge.data = _sealed(services.new_challenge())


def _add_app(secret: str, **given: str) -> list[str]:
    return _entered(services.add_app(myself(), secret=_opened(secret, "code"), **given))


def _add_passkey(challenge: str, **given: str) -> list[str]:
    asked = _opened(challenge, "credential")
    return _entered(services.add_passkey(myself(), challenge=asked, site=site(), **given))


def _entered(codes: list[str]) -> list[str]:
    """Stay signed in where the first second factor has signed out everywhere."""
    if codes:
        enter(myself())
    return codes


def _remove(factor_id: int, current: str) -> None:
    services.remove_factor(myself(), factor_id, current=current)


def _new_codes(current: str) -> list[str]:
    return services.new_recovery_codes(myself(), current=current)


def _shown(_none: None, codes: list[str]) -> Response:
    """Show recovery codes, this once; there are some with the first second factor."""
    if not codes:
        there = url_for("accounts.show_account")
        return respond_redirect(there, "It is added. From now on you can sign in with it.")
    return make_response(render_template("accounts/factors/codes.html", codes=codes))


def _app_of(form: AuthenticatorForm) -> Mapping[str, Any]:
    """Give what the app is to be told, as text and as a picture."""
    import segno  # noqa: PLC0415  (only where it draws)

    try:
        app = services.described_app(myself(), _opened(form.secret.data or "", "code"))
    except Invalid:  # too old: the form says so
        return {}
    drawn = segno.make_qr(app.uri).svg_inline(scale=5, dark="#000", light="#fff")
    return {"secret": app.secret, "picture": Markup(drawn)}  # noqa: S704  (of segno alone)


def _options_of(form: PasskeyForm) -> str:
    try:
        challenge = _opened(form.challenge.data or "", "credential")
    except Invalid:
        return ""
    return services.passkey_to_register(myself(), challenge=challenge, site=site())


def _sealed(text: str) -> str:
    return _signer().dumps([current_user.id, text])


def _opened(sealed: str, field: str) -> str:
    try:
        user_id, text = _signer().loads(sealed, max_age=AN_HOUR)
    except (BadData, ValueError, TypeError):
        user_id, text = None, ""
    if user_id != current_user.id:
        raise Invalid(field, "This page is too old. Please open it again.")
    return str(text)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="opsroom factor")


FACTOR = Resource(
    name="factor",
    area="accounts",
    query=_mine,
    rule="/account/second-factors/<int:factor_id>",
    keys={"factor_id": "id"},
    event=CHANGED,
    listed_at="show_account",
)
add_app = Action(
    resource=FACTOR,
    name="create_authenticator",
    path="/authenticator",
    is_new=True,
    title="Add authenticator app",
    subtitle="An app on your phone makes a code that is asked for besides your password.",
    submit="Add app",
    permission=SIGNED_IN,
    form=AuthenticatorForm,
    fill=_begin_app,
    fields="accounts/factors/_app_fields.html",
    context=lambda _none: {"app_of": _app_of},
    act=_add_app,
    reply=_shown,
    icon="shield",
    is_page=True,
)
add_passkey = Action(
    resource=FACTOR,
    name="create_passkey",
    path="/passkey",
    is_new=True,
    title="Add passkey",
    subtitle="A security key, or the lock of this device, proves who you are.",
    submit="Add passkey",
    permission=SIGNED_IN,
    form=PasskeyForm,
    fill=_begin_passkey,
    fields="accounts/factors/_passkey_fields.html",
    context=lambda _none: {"options_of": _options_of},
    act=_add_passkey,
    reply=_shown,
    icon="key",
    is_page=True,
)
new_codes = Action(
    resource=FACTOR,
    name="create_recovery_codes",
    path="/recovery-codes",
    is_new=True,
    title="New recovery codes",
    subtitle="The ones you have are void then.",
    submit="Make new codes",
    permission=SIGNED_IN,
    form=ConfirmForm,
    act=_new_codes,
    reply=_shown,
    icon="history",
    is_page=True,
)
remove_factor = Action(
    resource=FACTOR,
    name="create_factor_removal",
    path="/removal",
    title="Remove",
    heading="Remove {0.name}",
    submit="Remove",
    permission=SIGNED_IN,
    form=ConfirmForm,
    is_danger=True,
    act=_remove,
    done="{0.name} is removed.",
    to=lambda _factor: url_for("accounts.show_account"),
    kind="quiet",
)

for action in (add_app, add_passkey, new_codes, remove_factor):
    action.add_to(bp)
