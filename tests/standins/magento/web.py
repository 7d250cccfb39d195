"""The Flask application: the routes, with faults and recording around them."""

from functools import partial

from flask import Flask

from tests.standins.around import Spoiling, surround
from tests.standins.magento import spoil
from tests.standins.magento.api import api
from tests.standins.magento.counter import counter
from tests.standins.magento.pages import pages
from tests.standins.magento.shelves import shelves
from tests.standins.magento.state import State


def web(state: State) -> Flask:
    """Build the application around a state."""
    app = Flask(__name__)
    app.register_blueprint(api(state), url_prefix="/rest")
    app.register_blueprint(api(state), url_prefix="/rest/<store>", name="store")
    app.register_blueprint(pages(state))
    app.register_blueprint(counter(state.shop))
    app.register_blueprint(shelves(state.shop))

    before = partial(spoil.before, shop=state.shop)
    surround(app, state, Spoiling(spoil.kind_of, before, spoil.after, spoil.DROPPED))
    return app
