"""Where orders come from: our own ways, and the systems that sell for us, which say so."""

from collections.abc import Mapping

from flask import Flask, current_app

OWN = {"hand": "By hand", "api": "API", "import": "Import"}


def register_channels(app: Flask, labels: Mapping[str, str]) -> None:
    """Make those of systems known: name, as orders keep it, and what people call it."""
    app.extensions["sales_channels"] = dict(labels)


def channels() -> dict[str, str]:
    """Every sales channel there is, by name."""
    return {**OWN, **current_app.extensions.get("sales_channels", {})}
