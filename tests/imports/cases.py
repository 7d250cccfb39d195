"""Small files from the life of people who import tables, each with its right result."""

from pathlib import Path
from typing import Any

import pytest

from app.imports import services
from app.imports.models import ImportRun

CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "imports"


def case(name: str) -> bytes:
    """The content of a case; where they are not beside the repository, the test is skipped."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"The cases are not here: {CASES}")
    return path.read_bytes()


def read(kind: str, name: str, **layout: Any) -> ImportRun:
    return services.upload(kind, file_name=name, content=case(name), **layout)


def tried(
    kind: str, name: str, *, mapping: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """Import a case as it is proposed; the rest is how to read it."""
    options = more.pop("options", ())
    run = read(kind, name, **more)
    services.choose(run, mapping or run.mapping, options=options)
    return services.run_import(run.id, dry_run=False)
