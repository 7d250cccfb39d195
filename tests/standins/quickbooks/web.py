"""The Flask application: the routes, with faults and recording around them."""

from flask import Flask, Response, g, request

from tests.standins.quickbooks import spoil
from tests.standins.quickbooks.api import api
from tests.standins.quickbooks.consent import consent
from tests.standins.quickbooks.controls import controls
from tests.standins.quickbooks.exchanges import exchange
from tests.standins.quickbooks.oauth import oauth
from tests.standins.quickbooks.pages import pages
from tests.standins.quickbooks.state import State


def web(state: State) -> Flask:
    """Build the application around a state."""
    app = Flask(__name__)
    app.register_blueprint(consent(state))
    app.register_blueprint(oauth(state))
    app.register_blueprint(api(state))
    app.register_blueprint(pages(state))
    app.register_blueprint(controls(state))

    @app.before_request
    def meet_fault() -> Response | None:
        request.get_data()
        g.kind = spoil.kind_of(request)
        g.fault = state.faults.take(g.kind) if g.kind else None
        return spoil.before(g.fault, state.grants) if g.fault else None

    @app.after_request
    def finish(response: Response) -> Response:
        if g.fault:
            spoil.after(g.fault, response, state.previous_page)
        elif g.kind == "page" and response.status_code == 200:
            state.previous_page = response.get_data()
        if state.record and g.kind:
            name = g.fault.name if g.fault else None
            state.exchanges.append(exchange(request, response, name))
        if g.fault and g.fault.name == "drop":
            spoil.hang_up(request)
        return response

    return app
