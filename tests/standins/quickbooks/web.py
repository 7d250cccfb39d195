"""The Flask application: the routes, with faults and recording around them."""

from functools import partial

from flask import Flask

from tests.standins.around import Spoiling, surround
from tests.standins.quickbooks import spoil
from tests.standins.quickbooks.api import api
from tests.standins.quickbooks.consent import consent
from tests.standins.quickbooks.controls import controls
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

    before = partial(spoil.before, grants=state.grants)
    surround(app, state, Spoiling(spoil.kind_of, before, spoil.after))
    return app
