"""Pages on which people look at the account, make things happen, and let them go wrong."""

from typing import Any

from flask import Blueprint, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from tests.standins import look
from tests.standins.stripe.account import Account
from tests.standins.stripe.api import LISTS
from tests.standins.stripe.faults import GROUPS, USUAL
from tests.standins.stripe.state import NUMBER, State

MATCHES = (*GROUPS, "page", "object")
SHOWN = 30
NAV = """<nav><a href="/">Overview</a> {% for name in lists %}<a href="/objects/{{ name }}">
{{ name.replace("_", " ") }}</a> {% endfor %}<a href="/faults">Faults</a></nav>
"""
OVERVIEW = """<h1>Kitchen &amp; Co</h1><p>A stand-in for Stripe. Nothing here is real.</p>
<dl><dt>Number of the account</dt><dd><code>{{ number }}</code></dd>
<dt>Restricted key (of a test)</dt><dd><code>{{ state.key }}</code></dd>
<dt>Signing secret of the webhook</dt><dd><code>{{ state.secret }}</code></dd></dl>
<h2>Balance</h2><ul>{% for one in balance.available %}<li>{{ one.currency }}:
{{ one.amount }} available, {{ balance.pending[loop.index0].amount }} pending</li>{% endfor %}
</ul><h2>Let something happen</h2><form method="post"><div class="grid">
<label>Amount in smallest units<input name="amount" type="number" min="1" value="1999"></label>
<label>Currency<input name="currency" value="eur"></label>
<label>Number of the order<input name="order" placeholder="SO-000001"></label></div>
{% for name, label in deeds.items() %}<button name="do" value="{{ name }}">{{ label }}</button>
{% endfor %}</form>
<h2>Webhooks</h2><form method="post"><label>Address<input name="url"
value="{{ state.webhook_url or "" }}"></label><button name="do" value="tell">Tell there</button>
</form><ul>{% for one in state.deliveries %}<li>{{ one }}</li>{% endfor %}</ul>"""
OBJECTS = """<h1>{{ name.replace("_", " ") }}</h1><p>{{ total }}, the newest first</p><ul>
{% for one in objects %}<li><details><summary>{{ one.id }} {{ one.amount }} {{ one.currency }}
{{ one.status }}</summary><pre style="white-space:pre-wrap">{{ one|tojson(2) }}</pre></details>
</li>{% endfor %}</ul>"""
DEEDS = {
    "sell": "Sell", "refund": "Refund the newest payment", "dispute": "Dispute it",
    "fee": "Charge a fee", "payout": "Pay out, and let it arrive",
    "lacking": "Pay out, and leave a payment out", "manual": "Pay out by hand",
}  # fmt: skip


def pages(state: State) -> Blueprint:
    """The routes for people."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def overview() -> str:
        told = {"state": state, "number": NUMBER, "deeds": DEEDS}
        return shown(OVERVIEW, balance=state.account.balance(), **told)

    @routes.post("/")
    def act() -> ResponseReturnValue:
        if request.form["do"] == "tell":
            state.webhook_url = request.form.get("url", "").strip() or None
        else:
            do(state.account, request.form["do"])
        return redirect("/")

    @routes.get("/objects/<name>")
    def objects(name: str) -> str:
        table = state.account.tables[LISTS[name]]
        found = [row.fields for row in table.rows[: -SHOWN - 1 : -1]]
        return shown(OBJECTS, name=name, objects=found, total=len(table))

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
    return render_template_string(look.head("Stripe") + NAV + template, lists=LISTS, **told)


def do(account: Account, what: str) -> None:
    """Do what a button says, with the currency of the form."""
    form, currency = request.form, request.form.get("currency", "eur").lower()
    newest = account.charges.rows[-1].fields["id"] if account.charges.rows else ""
    amount = max(form.get("amount", 1, int), 1)
    match what:
        case "sell":
            account.sell(amount, currency, order=form.get("order", "").strip())
        case "refund" | "dispute" if newest:
            getattr(account, what)(newest)
        case "fee":
            account.charge_fee(amount, currency)
        case "payout" | "lacking" | "manual" if account.open.get(currency):
            lacks, is_automatic = int(what == "lacking"), what != "manual"
            made = account.pay_out(currency, lacks=lacks, is_automatic=is_automatic)
            account.arrive(made["id"])
