"""Our CSS, JS and icons: browsers keep them until they change."""

import hashlib
import re
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from markupsafe import Markup

KEPT = "public, max-age=31536000, immutable"
ICONS = "icons.svg"
GLYPH = Markup('<svg class="glyph" aria-hidden="true"><use href="{}#{}"></use></svg>')


def init_app(app: Flask) -> None:
    """Let templates name a file; the address changes with what is in it."""
    app.extensions["assets"] = {}
    app.extensions["icons"] = {}
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["glyph"] = glyph
    app.after_request(_keep)


def asset(name: str) -> str:
    """Address of a file below static/, worked out once per process."""
    known: dict[str, str] = current_app.extensions["assets"]
    if name not in known:
        content = Path(current_app.static_folder or "", name).read_bytes()
        version = hashlib.sha256(content).hexdigest()[:12]
        known[name] = url_for("static", filename=name, v=version)
    return known[name]


def glyph(name: str) -> Markup:
    """Draw an icon: a symbol of static/icons.svg, in the colour of the text.

    Raises:
        KeyError: if there is none of that name.
    """
    drawn: dict[str, Markup] = current_app.extensions["icons"]
    if not drawn:
        symbols = Path(current_app.static_folder or "", ICONS).read_text()
        for known in re.findall(r'<symbol id="([^"]+)"', symbols):
            drawn[known] = GLYPH.format(asset(ICONS), known)
    return drawn[name]


def _keep(response: Response) -> Response:
    """Modules that others import come without a version: those are asked for again."""
    if request.endpoint == "static" and "v" in request.args and response.status_code < 400:  # noqa: PLR2004
        response.headers["Cache-Control"] = KEPT
    return response
