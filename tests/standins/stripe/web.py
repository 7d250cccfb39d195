"""The Flask application: the routes, with faults and recording around them."""

from flask import Flask

from tests.standins.around import Spoiling, surround
from tests.standins.stripe import spoil
from tests.standins.stripe.api import api
from tests.standins.stripe.pages import pages
from tests.standins.stripe.state import State


def web(state: State) -> Flask:
    """Build the application around a state."""
    app = Flask(__name__)
    app.register_blueprint(api(state))
    app.register_blueprint(pages(state))
    surround(app, state, Spoiling(spoil.kind_of, spoil.before, spoil.after))
    return app
