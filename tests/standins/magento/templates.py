"""The pages for people, in plain HTML that fits a telephone."""

from tests.standins import look

HEAD = look.head("Magento")
NAV = """<nav><a href="/">Overview</a> <a href="/orders">Orders</a>
<a href="/products">Products</a> <a href="/faults">Faults</a></nav>
"""
OVERVIEW = (
    HEAD
    + NAV
    + """<h1>{{ shop.name }}</h1>
<p>A stand-in for Magento 2. Nothing here is real.</p>
<ul><li><a href="/orders">{{ shop.orders.rows|length }} orders</a>,
{{ shop.invoices.rows|length }} invoices, {{ shop.shipments.rows|length }} shipments</li>
<li><a href="/products">{{ shop.products.rows|length }} products</a></li></ul>
<h2>Where the shop is</h2>
<dl><dt>Base URL</dt><dd><code>{{ request.url_root.rstrip("/") }}</code></dd>
<dt>Store views</dt><dd>{% for code in views %}<code>{{ code }}</code> {% endfor %}</dd></dl>
<h2>1. OAuth 1.0a: an integration's four credentials</h2>
<p>Each request is signed with HMAC-SHA256. Shops take this way unless set up otherwise.
The integration is {{ "on" if access.is_active else "switched off" }}.</p>
<dl><dt>Consumer key</dt><dd><code>{{ access.consumer_key }}</code></dd>
<dt>Consumer secret</dt><dd><code>{{ access.consumer_secret }}</code></dd>
<dt>Access token</dt><dd><code>{{ access.access_token }}</code></dd>
<dt>Access token secret</dt><dd><code>{{ access.access_token_secret }}</code></dd></dl>
<h2>2. The integration's access token as a bearer token</h2>
<p>This shop {{ "allows" if access.allows_bearer else "refuses" }} it; since 2.4.4 shops refuse
it unless set up otherwise.</p>
<dl><dt>Access token</dt><dd><code>{{ access.access_token }}</code></dd></dl>
<h2>3. An administrator's token</h2>
<p>For four hours, from a user name and a password. {{ access.admin_tokens|length }} were given
out.</p>
<dl><dt>User name</dt><dd><code>{{ access.user }}</code></dd>
<dt>Password</dt><dd><code>{{ access.password }}</code></dd></dl>
<form method="post" action="/access">
<button name="do" value="expire">End administrators' tokens</button>
<button name="do" value="bearer">{{ "Refuse" if access.allows_bearer else "Allow" }} bare
tokens</button>
<button name="do" value="active">Switch the integration
{{ "off" if access.is_active else "on" }}</button></form>"""
)
PAGING = """{% if page > 1 %}<a href="?q={{ q|urlencode }}&page={{ page - 1 }}">Previous</a>
{% endif %}{% if more %}<a href="?q={{ q|urlencode }}&page={{ page + 1 }}">Next</a>
{% endif %}"""
ORDERS = (
    HEAD
    + NAV
    + """<h1>Orders</h1>
<form><input name="q" value="{{ q }}" aria-label="Search"> <button>Search</button></form>
<p>{{ total }} found, the newest first</p>
<div class="wide"><table><tr><th>Order</th><th>Status</th><th>Buyer</th><th class="n">Total</th>
<th>Changed</th></tr>{% for o in objects %}<tr><td>
<a href="/orders/{{ o.entity_id }}">{{ o.increment_id }}</a></td>
<td>{{ o.status or "none" }}</td>
<td>{{ o.billing_address.firstname }} {{ o.billing_address.lastname }}</td>
<td class="n">{{ o.grand_total }} {{ o.order_currency_code }}</td>
<td>{{ o.updated_at }}</td></tr>
{% endfor %}</table></div>"""
    + PAGING
    + """<h2>Place an order</h2><form method="post"><div class="grid">
{% for n in range(3) %}<label>Product<select name="product{{ n }}">
<option value="">{{ "by chance" if n == 0 else "none" }}</option>
{% for p in choices %}<option value="{{ p.entity_id }}">{{ p.sku }} ({{ p.type_id }})</option>
{% endfor %}</select></label><label>How many
<input name="quantity{{ n }}" type="number" min="1" max="999" value="1"></label>{% endfor %}
<label>Currency<select name="currency">{% for c in currencies %}<option>{{ c }}</option>
{% endfor %}</select></label></div>
<button class="first" name="do" value="place">Place</button>
<button name="do" value="pay">Place and pay</button></form>"""
)
ORDER = (
    HEAD
    + NAV
    + """<h1>Order {{ o.increment_id }}</h1>
<p>Id {{ o.entity_id }}, state {{ o.state }}, status {{ o.status or "none" }},
store {{ o.store_id }}, {{ o.grand_total }} {{ o.order_currency_code }}
({{ o.base_grand_total }} {{ o.base_currency_code }}), paid {{ o.total_paid }},
changed {{ o.updated_at }} UTC
{%- if o.relation_child_id %}, replaced by
<a href="/orders/{{ o.relation_child_id }}">{{ o.relation_child_real_id }}</a>{% endif %}
{%- if o.relation_parent_id %}, in place of
<a href="/orders/{{ o.relation_parent_id }}">{{ o.relation_parent_real_id }}</a>{% endif %}</p>
<div class="wide"><table><tr><th>Line</th><th>Sku</th><th>Name</th><th class="n">Ordered</th>
<th class="n">Billed</th><th class="n">Sent</th></tr>{% for one in o["items"] %}<tr>
<td>{{ one.item_id }}</td><td>{{ "└ " if one.parent_item_id }}{{ one.sku }}</td>
<td>{{ one.name }}</td><td class="n">{{ one.qty_ordered }}</td>
<td class="n">{{ one.qty_invoiced }}</td><td class="n">{{ one.qty_shipped }}</td></tr>
{% endfor %}</table></div>
{% if said %}<p class="bad">{{ said }}</p>{% endif %}
<form method="post">{% for what, label in buttons.items() %}
<button name="do" value="{{ what }}">{{ label }}</button>{% endfor %}</form>
<h2>Shipments</h2><ul>{% for s in shipments %}
<li>{{ s.increment_id }} of {{ s.created_at }} from
{{ s.extension_attributes.source_code }}:
{% for one in s["items"] %}{{ one.qty }} × {{ one.sku }}
{% endfor %}<ul>{% for t in s.tracks %}<li>{{ t.title }} ({{ t.carrier_code }}):
<code>{{ t.track_number }}</code></li>{% endfor %}
{% for c in s.comments %}
<li>“{{ c.comment }}”{{ ", buyer told" if c.is_customer_notified }}</li>
{% endfor %}</ul></li>
{% else %}<li>None yet: ship it from the application, or with a button above.</li>
{% endfor %}</ul>
<h2>Invoices</h2><ul>{% for i in invoices %}<li>{{ i.increment_id }} of {{ i.created_at }}:
{{ i.grand_total }} {{ i.order_currency_code }}, {{ i.total_qty }} pieces</li>
{% else %}<li>Nothing is paid yet.</li>{% endfor %}</ul>
<details><summary>JSON</summary><pre style="white-space:pre-wrap">{{ o|tojson(2) }}</pre>
</details>"""
)
PRODUCTS = (
    HEAD
    + NAV
    + """<h1>Products</h1>
<form><input name="q" value="{{ q }}" aria-label="Search"> <button>Search</button></form>
<p>{{ total }} found</p>
<div class="wide"><table><tr><th>Sku</th><th>Name</th><th>Kind</th><th class="n">Price</th>
{% for s in sources %}<th class="n">{{ s }}</th>{% endfor %}</tr>
{% for p in objects %}<tr><td><a href="/products/{{ p.sku }}">{{ p.sku }}</a></td>
<td>{{ p.name }}</td><td>{{ p.type_id }}{{ ", off" if p.status == 2 }}</td>
<td class="n">{{ p.price }}</td>{% for s in sources %}
<td class="n">{{ stock.get((p.sku, s), {"columns": {}}).columns.quantity }}</td>
{% endfor %}</tr>
{% endfor %}</table></div>"""
    + PAGING
)
PRODUCT = (
    HEAD
    + NAV
    + """<h1>{{ p.sku }}</h1><p>{{ p.type_id }}, changed {{ p.updated_at }} UTC</p>
<form method="post"><label>Name<input name="name" value="{{ p.name }}"></label>
<label>Price<input name="price" value="{{ p.price }}"></label>
{% for s in sources if (p.sku, s) in stock %}<label>In {{ s }}
<input name="in_{{ s }}" value="{{ stock[p.sku, s].columns.quantity }}"></label>{% endfor %}
<button class="first" name="do" value="save">Save</button>
<button name="do" value="switch">Switch {{ "on" if p.status == 2 else "off" }}</button></form>
<details><summary>JSON</summary><pre style="white-space:pre-wrap">{{ p|tojson(2) }}</pre>
</details>"""
)
FAULTS = (
    HEAD
    + NAV
    + look.FAULTS
    + """<h2>Habits</h2><p>A shipment of too many is
{{ "cut to what is left" if shop.clamps_quantities else "refused" }}. A part sent
{{ "changes" if shop.shipping_touches_orders else "does not change" }} the time of its
order.</p>
<form method="post">
<button name="habit" value="clamps_quantities">Cut or refuse too many</button>
<button name="habit" value="shipping_touches_orders">Touch or leave the order</button></form>"""
)
