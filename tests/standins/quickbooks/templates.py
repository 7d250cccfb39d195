"""The pages for people, in plain HTML that fits a telephone."""

from tests.standins import look

HEAD = look.head("QuickBooks")
NAV = """<nav><a href="/">Overview</a>{% for e in entities %}
<a href="/objects/{{ e }}">{{ e }}</a>{% endfor %}
<a href="/faults">Faults</a> <a href="/webhook">Webhooks</a></nav>
"""
CONSENT = (
    HEAD
    + """<main class="card"><h1>Connect {{ company.name }}?</h1>
<p>The application asks to read and write the books of company {{ realm }}.
Afterwards you go back to <code>{{ address }}</code>.</p>
<p>This is a stand-in for QuickBooks: nothing here is real.</p>
<form method="post"><button class="first" name="connect">Connect</button>
<button name="cancel">Cancel</button></form></main>"""
)
MISTAKEN = (
    HEAD
    + """<main class="card"><h1>The application could not be connected</h1>
<p>It sent you here with a <code>{{ wrong }}</code> that is missing or not valid.
Check how the application is set up; the <a href="/">overview</a> shows what it needs.</p>
</main>"""
)
OVERVIEW = (
    HEAD
    + NAV
    + """<h1>{{ state.company.name }}</h1>
<p>A stand-in for QuickBooks Online. Nothing here is real.</p>
<ul>{% for e in entities %}<li><a href="/objects/{{ e }}">{{ e }}</a>:
{{ state.company.tables[e].all|length }} objects</li>{% endfor %}</ul>
<dl><dt>Company (realm)</dt><dd><code>{{ state.realm }}</code></dd>
<dt>Client ID</dt><dd><code>{{ state.client_id }}</code></dd>
<dt>Client secret</dt><dd><code>{{ state.client_secret }}</code></dd>
<dt>Verifier token</dt><dd><code>{{ state.verifier_token }}</code></dd>
<dt>Discovery</dt><dd><code>{{ request.url_root }}.well-known/openid_configuration</code></dd>
<dt>Connections</dt><dd>{{ state.grants.living|length }}</dd>
<dt>Refreshed</dt><dd>{{ state.grants.refresh_count }} times</dd></dl>
<form method="post" action="/tokens"><button name="do" value="expire">End access tokens</button>
<button name="do" value="rotate">Replace refresh tokens unseen</button>
<button name="do" value="revoke">Revoke all connections</button></form>"""
)
LISTING = (
    HEAD
    + NAV
    + """<h1>{{ entity }}</h1>
<form><input name="q" value="{{ q }}" aria-label="Search"> <button>Search</button></form>
<p>{{ total }} found</p>
<ul>{% for o in objects %}<li><a href="/objects/{{ entity }}/{{ o.Id }}">
{{ o.Name or o.DisplayName or o.DocNumber or "no name" }}</a>
{{ o.Sku or "" }} {{ o.TotalAmt or "" }}</li>{% endfor %}</ul>
{% if page > 1 %}<a href="?q={{ q|urlencode }}&page={{ page - 1 }}">Previous</a>{% endif %}
{% if more %}<a href="?q={{ q|urlencode }}&page={{ page + 1 }}">Next</a>{% endif %}"""
)
FORM = (
    HEAD
    + NAV
    + """<h1>{{ entity }} {{ key }}</h1><p>Version {{ object.SyncToken }},
changed {{ object.MetaData.LastUpdatedTime }}</p>
<form method="post">{% for name, value in fields.items() %}
<label>{{ name }}<input name="{{ name }}" value="{{ value }}"></label>{% endfor %}
<button class="first" name="do" value="save">Save</button>
{% if switchable and object.Active %}<button name="do" value="deactivate">Make inactive</button>
{% elif switchable %}<button name="do" value="activate">Make active</button>{% endif %}
<button name="do" value="delete">Delete</button></form>
<details><summary>JSON</summary><pre style="white-space:pre-wrap">{{ object|tojson(2) }}</pre>
</details>"""
)
FAULTS = (
    HEAD
    + NAV
    + look.FAULTS
    + """<h2>Pace</h2>
<p>{% if state.pace.limit %}At most {{ state.pace.limit[0] }} requests a second and
{{ state.pace.limit[1] }} a minute.{% else %}No limit.{% endif %}</p>
<form method="post"><button name="pace" value="vendor">Limit as the vendor does</button>
<button name="pace" value="off">No limit</button></form>"""
)
WEBHOOK = (
    HEAD
    + NAV
    + """<h1>Webhooks</h1>
<p>Each change made on these pages or through the API is told to the address.</p>
<form method="post"><label>Address
<input name="url" type="url" value="{{ state.webhook_url or "" }}"></label>
<label>Form<select name="form">{% for f in forms %}
<option{% if f == state.webhook_form %} selected{% endif %}>{{ f }}</option>{% endfor %}
</select></label>
<button class="first" name="do" value="save">Save</button>
<h2>Send one now</h2><div class="grid"><label>Entity<select name="entity">
{% for e in entities %}<option>{{ e }}</option>{% endfor %}</select></label>
<label>Id<input name="key" value="1"></label>
<label>Operation<select name="operation">{% for o in operations %}
<option{% if o == "Update" %} selected{% endif %}>{{ o }}</option>{% endfor %}</select></label>
</div><button name="do" value="send">Save and send</button></form>
<h2>The newest</h2><ul>{% for d in state.deliveries|reverse %}
<li{% if not d.is_good %} class="bad"{% endif %}>{{ d.outcome }}: {% for c in d.changes %}
{{ c|join(" ") }}{% endfor %} to {{ d.url }}</li>
{% else %}<li>None was sent.</li>{% endfor %}</ul>"""
)
