"""The API's pages for people: Swagger UI and Redoc, without a CDN; and other origins."""

from flask import Blueprint, Flask, make_response, render_template
from flask_cors import CORS
from werkzeug import Response

from app.core.permissions import SIGNED_IN, requires
from app.core.web import SECURITY_HEADERS

bp = Blueprint("api_docs", __name__, url_prefix="/api")

POLICY = "Content-Security-Policy"
# Both draw with style elements of their own; Redoc searches in a worker made of a blob.
RELAXED = SECURITY_HEADERS[POLICY].replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'; worker-src blob:"
)


def init_app(app: Flask) -> None:
    """Let pages of the configured origins call the API, with a token and without cookies."""
    if origins := app.config["CORS_ORIGINS"]:
        CORS(
            app,
            resources={r"/api/*": {"origins": origins}},
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match"],
            expose_headers=[
                "ETag",
                "Location",
                "Retry-After",
                "WWW-Authenticate",
                "X-Request-ID",
            ],
            max_age=3600,
        )


@bp.get("/docs")
@requires(SIGNED_IN)
def swagger() -> Response:
    """Show the API in Swagger UI, where it can be tried."""
    return _relaxed("api/docs.html")


@bp.get("/redoc")
@requires(SIGNED_IN)
def redoc() -> Response:
    """Show the API in Redoc, to be read."""
    return _relaxed("api/redoc.html")


def _relaxed(template: str) -> Response:
    response = make_response(render_template(template))
    response.headers[POLICY] = RELAXED
    return response
