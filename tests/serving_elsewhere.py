"""A host that nobody should be led to: it notes what it is asked."""

from flask import Flask, request

from tests.standins.serving import Served


class Elsewhere(Served):
    """It answers everything, and remembers the headers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    def application(self) -> Flask:
        """Build the application."""
        web = Flask("elsewhere")

        @web.get("/<path:path>")
        def anything(path: str) -> dict[str, str]:
            self.asked.append(dict(request.headers))
            return {"path": path}

        return web
