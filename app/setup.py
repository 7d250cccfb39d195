"""What every installation begins with: `flask setup`. Running it again changes nothing."""

import click
from flask.cli import with_appcontext

from app.accounts import services as accounts
from app.core.db import transaction
from app.core.slices import slices


def install() -> None:
    """Make what the application cannot do without, as its slices say: roles, locations."""
    with transaction():
        for install_slice in slices().installs:
            install_slice()


@click.command("setup")
@with_appcontext
def setup() -> None:
    """Prepare a new database; on the very first start, make the administrator."""
    install()
    if password := accounts.create_first_admin():
        click.echo(f"\n  First start. Sign in as admin, password {password}")
        click.echo("  It is shown only now.\n")
