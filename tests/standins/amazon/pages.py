"""Pages on which people look at the seller, make things happen, and let them go wrong."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from tests.standins import look
from tests.standins.amazon.faults import GROUPS, USUAL
from tests.standins.amazon.seller import Seller
from tests.standins.amazon.state import NUMBER, State

MATCHES = (*GROUPS, "page", "make", "poll", "document", "file", "sign_in", "object")
NAV = '<nav><a href="/">Overview</a> <a href="/faults">Faults</a></nav>'
OVERVIEW = """<h1>Kitchen &amp; Co</h1><p>A stand-in for Amazon. Nothing here is real.</p>
<dl><dt>Merchant token</dt><dd><code>{{ number }}</code></dd>
<dt>Region and marketplace</dt><dd>Europe, <code>DE</code></dd>
<dt>Client identifier</dt><dd><code>{{ state.client }}</code></dd>
<dt>Client secret</dt><dd><code>{{ state.secret }}</code></dd>
<dt>Refresh token</dt><dd><code>{{ state.refresh }}</code></dd></dl>
<h2>Let something happen</h2><form method="post"><div class="grid">
<label>SKU<select name="sku">{% for sku in state.seller.goods %}<option>{{ sku }}</option>
{% endfor %}</select></label>
<label>Pieces<input name="quantity" type="number" min="1" value="1"></label>
<label>Polls before a report is made<input name="polls" type="number" min="0"
value="{{ state.polls }}"></label></div>
{% for name, label in deeds.items() %}<button name="do" value="{{ name }}">{{ label }}</button>
{% endfor %}</form>
<h2>Stock</h2><ul>{% for one in state.seller.goods.values() %}<li>{{ one.sku }}
({{ one.fnsku }}): {{ one.sellable }} to sell, {{ one.unsellable }} not</li>{% endfor %}</ul>"""
DEEDS = {
    "sell": "Sell", "lose": "Lose in the warehouse", "find": "Find again",
    "return": "Let a buyer send one back", "reimburse": "Reimburse",
    "receive": "Receive a shipment", "short": "Receive one less than was sent",
    "remove": "Send back to us", "polls": "Set the polls",
}  # fmt: skip


def pages(state: State) -> Blueprint:
    """The routes for people."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def overview() -> str:
        return shown(OVERVIEW, state=state, number=NUMBER, deeds=DEEDS)

    @routes.post("/")
    def act() -> ResponseReturnValue:
        state.polls = max(request.form.get("polls", 0, int), 0)
        do(state.seller, request.form["do"], request.form.get("sku", ""))
        return redirect("/")

    @routes.get("/faults")
    def faults() -> str:
        return shown(look.FAULTS, state=state, usual=USUAL, matches=MATCHES)

    @routes.post("/faults")
    def plan() -> ResponseReturnValue:
        look.change_plan(state.faults, MATCHES)
        return redirect("/faults")

    return routes


def shown(template: str, **told: Any) -> str:
    """Write a page."""
    return render_template_string(look.head("Amazon") + NAV + template, **told)


def do(seller: Seller, what: str, sku: str) -> None:
    """Do what a button says, with the SKU and the pieces of the form."""
    if sku not in seller.goods:
        return
    quantity = max(request.form.get("quantity", 1, int), 1)
    deed = DEEDS_OF.get(what)
    if deed is not None:
        deed(seller, sku, quantity)


DEEDS_OF: dict[str, Callable[[Seller, str, int], object]] = {
    "sell": lambda seller, sku, quantity: seller.sell(sku, quantity),
    "lose": lambda seller, sku, quantity: seller.lose(sku, quantity),
    "find": lambda seller, sku, quantity: seller.happen(
        sku, "Adjustments", quantity, reason="F"
    ),
    "return": lambda seller, sku, _quantity: seller.take_back(sku, seller.sell(sku)),
    "reimburse": lambda seller, sku, quantity: seller.reimburse(sku, "9.50", quantity=quantity),
    "receive": lambda seller, sku, quantity: seller.send_in({sku: (quantity, quantity)}),
    "short": lambda seller, sku, quantity: seller.send_in({sku: (quantity, quantity - 1)}),
    "remove": lambda seller, sku, quantity: seller.remove(sku, quantity),
}
