"""Commands: `flask import KIND FILE`."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.core.actors import Actor, acting_as
from app.core.errors import DomainError
from app.imports import services
from app.imports.dates import ORDERS
from app.imports.definition import importers

COMMAND_LINE = Actor(None, "command line", None)
COUNTS = ("rows", "created", "updated", "unchanged", "failed")


@click.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", default="", help='JSON {"our field": "their column"}.')
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--no-update", is_flag=True, help="Leave records alone that are there.")
@click.option("--no-header", is_flag=True, help="The first row holds values.")
@click.option("--sheet", default="", help="Name of the sheet.")
@click.option("--header-row", type=int, default=0, help="The row that names the columns.")
@click.option("--encoding", default="", help="As in utf-8, cp1252.")
@click.option("--dates", type=click.Choice([*ORDERS]), help="Order of day and month.")
@click.option("--figures", type=click.Choice([*services.FIGURES]), help="Of rounded numbers.")
@click.option("--fixed", default="", help='JSON {"our field": "what it is in every row"}.')
@click.option("--profile", default="", help="Name of a profile: how another file was read.")
@click.option("--decimal", type=click.Choice([".", ","]), help="What decimals begin with.")
@click.option(
    "--option", "options", multiple=True, help="own_codes; for stock also create_locations."
)
@with_appcontext
def import_file(kind: str, file: Path, **choices: Any) -> None:
    """Import products, customers, vendors or stock from an Excel or CSV file.

    The exit code is 1 if rows could not be imported.
    """
    if kind not in importers():
        raise click.BadParameter(f"Choose one of {', '.join(importers())}.")
    try:
        with acting_as(COMMAND_LINE):
            result = _import(kind, file, **choices)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    except ValueError as error:
        raise click.BadParameter("The mapping is not JSON.") from error
    _tell(result)


def _import(kind: str, file: Path, **choices: Any) -> dict[str, Any]:
    run = services.upload(
        kind,
        file_name=file.name,
        content=file.read_bytes(),
        header=not choices["no_header"],
        sheet=choices["sheet"],
        header_row=choices["header_row"],
        encoding=choices["encoding"],
        decimal=choices["decimal"] or "",
        dates=choices["dates"] or "",
        figures=choices["figures"] or "",
        profile=choices["profile"],
    )
    mapping = json.loads(choices["mapping"] or "{}") or run.mapping
    services.choose(
        run,
        mapping,
        update=run.update and not choices["no_update"],
        options=list(choices["options"]) or run.options,
        fixed={**run.fixed, **json.loads(choices["fixed"] or "{}")},
    )
    return services.run_import(run.id, dry_run=choices["dry_run"])


def _tell(result: dict[str, Any]) -> None:
    """Print the counts and the first errors."""
    for notice in result["notices"]:
        click.echo(notice)
    click.echo(", ".join(f"{result[name]} {name}" for name in COUNTS))
    for error in result["errors"]:
        click.echo(f"row {error['row']}: {error['field']} {error['value']!r}: {error['error']}")
    if result["failed"]:
        raise SystemExit(1)
