"""Commands of the hub."""

import click
from flask.cli import with_appcontext

from app.core import crypto
from app.core.errors import DomainError


@click.command("rotate-keys")
@with_appcontext
def rotate_keys() -> None:
    """Seal the secrets of outside systems anew with the first of ENCRYPTION_KEYS."""
    try:
        count = crypto.rotate_keys()
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} secrets are sealed with the first key.")
