"""Our registration with an outside system, as its developer pages gave it to us."""

from sqlalchemy import select

from app.core.db import db, locked, transaction
from app.core.errors import Invalid
from app.integrations.hub.auth import OAuthConnector, Registration
from app.integrations.hub.connector import find_connector
from app.integrations.hub.errors import NotConnected
from app.integrations.hub.models import SystemApp

LONGEST = 300


def system_app(system: str) -> SystemApp | None:
    """Give what is known of our registration; None if nothing is."""
    found = select(SystemApp).where(SystemApp.system == system)
    return db.session.scalars(found).one_or_none()


def save_app(
    system: str, *, version: int | None, environment: str, client_id: str,
    client_secret: str | None = None, webhook_secret: str | None = None,
) -> SystemApp:  # fmt: skip
    """Remember our registration. A secret that is None stays as it is; "" forgets it.

    Raises:
        Invalid: Something is missing, or there is no such environment.
        StaleVersion: Somebody else was faster.
    """
    if environment not in oauth_connector(system).environments():
        raise Invalid("environment", "There is no such environment.")
    values: dict[str, str | None] = {"environment": environment}
    values["client_id"] = _line("client_id", client_id)
    if client_secret is not None:
        values["client_secret"] = _line("client_secret", client_secret)
    if webhook_secret is not None:
        line = _line("webhook_secret", webhook_secret) if webhook_secret else None
        values["webhook_secret"] = line
    with transaction() as session:
        mine = select(SystemApp).where(SystemApp.system == system)
        app = session.scalars(locked(mine, SystemApp)).one_or_none()
        if app is None:
            if "client_secret" not in values:
                raise Invalid("client_secret", "This is needed.")
            app = SystemApp(system=system, **values)
            session.add(app)
        else:
            app.revise(version=version, **values)
        session.flush()
    return app


def oauth_connector(system: str) -> OAuthConnector:
    """Give a system that people sign in to.

    Raises:
        KeyError: There is none such.
    """
    connector = find_connector(system)
    if not isinstance(connector, OAuthConnector):
        raise KeyError(system)
    return connector


def registration(system: str, *, redirect_uri: str = "") -> Registration:
    """Give our registration with its secret.

    Raises:
        NotConnected: There is none.
    """
    app = system_app(system)
    if app is None:
        raise NotConnected(f"{find_connector(system).label} has not been set up yet.")
    return Registration(app.client_id, app.client_secret, app.environment, redirect_uri)


def _line(name: str, text: str) -> str:
    line = text.strip()
    if not line or len(line) > LONGEST or not line.isprintable():
        raise Invalid(name, "This does not look right: copy it anew.")
    return line
