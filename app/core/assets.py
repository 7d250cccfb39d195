"""Our CSS, JS and icons: browsers keep them until they change.

Modules import each other by relative addresses, so that their version stands in the path: one
for all of them. Without it a browser asks for each again at every page.
"""

import hashlib
import re
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from markupsafe import Markup

KEPT = "public, max-age=31536000, immutable"
MODULES = "js/"
ICONS = "icons.svg"
GLYPH = Markup('<svg class="glyph" aria-hidden="true"><use href="{}#{}"></use></svg>')


def init_app(app: Flask) -> None:
    """Let templates name a file; the address changes with what is in it."""
    app.extensions["assets"] = {}
    app.extensions["icons"] = {}
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["glyph"] = glyph
    app.view_functions["static"] = _send
    app.add_url_rule(f"{app.static_url_path}/js-<version>/<path:filename>", endpoint="static")
    app.after_request(_keep)


def asset(name: str) -> str:
    """Address of a file below static/, worked out once per process."""
    known: dict[str, str] = current_app.extensions["assets"]
    if name not in known:
        if name.startswith(MODULES):
            module, version = name.removeprefix(MODULES), _version_of_modules()
            known[name] = url_for("static", filename=module, version=version)
        else:
            known[name] = url_for("static", filename=name, v=_version([_static() / name]))
    return known[name]


def _static() -> Path:
    return Path(current_app.static_folder or "")


def _version_of_modules() -> str:
    known: dict[str, str] = current_app.extensions["assets"]
    if MODULES not in known:
        known[MODULES] = _version(sorted(_static().glob(f"{MODULES}**/*.js")))
    return known[MODULES]


def _version(files: list[Path]) -> str:
    content = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(content).hexdigest()[:12]


def glyph(name: str) -> Markup:
    """Draw an icon: a symbol of static/icons.svg, in the colour of the text.

    Raises:
        KeyError: if there is none of that name.
    """
    drawn: dict[str, Markup] = current_app.extensions["icons"]
    if not drawn:
        symbols = (_static() / ICONS).read_text()
        for known in re.findall(r'<symbol id="([^"]+)"', symbols):
            drawn[known] = GLYPH.format(asset(ICONS), known)
    return drawn[name]


def _send(filename: str, version: str | None = None) -> Response:
    """Send a file; a page that is older than the modules gets those of today."""
    return current_app.send_static_file(f"{MODULES}{filename}" if version else filename)


def _keep(response: Response) -> Response:
    """What has no version, or another than today's, is asked for again."""
    if request.endpoint == "static" and response.status_code < 400:  # noqa: PLR2004
        version = (request.view_args or {}).get("version")
        if "v" in request.args or version == _version_of_modules():
            response.headers["Cache-Control"] = KEPT
    return response
