"""The Flask application: the routes, with faults and recording around them."""

from flask import Flask, Response, request

from tests.standins.amazon import spoil
from tests.standins.amazon.api import api, refusal
from tests.standins.amazon.pages import pages
from tests.standins.amazon.reports import reports
from tests.standins.amazon.state import State
from tests.standins.around import Spoiling, surround

OPEN = ("/auth/", "/files/")  # where no token is shown


def web(state: State) -> Flask:
    """Build the application around a state."""
    app = Flask(__name__)
    surround(app, state, Spoiling(spoil.kind_of, spoil.before, spoil.after))

    @app.before_request
    def check() -> Response | None:
        is_open = request.path.startswith(OPEN) or spoil.kind_of(request) is None
        return None if is_open else refusal(state)

    for routes in (api(state), reports(state), pages(state)):
        app.register_blueprint(routes)
    return app
