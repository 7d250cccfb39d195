"""The pages for people, in plain HTML that fits a telephone."""

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stand-in QuickBooks</title>
<style>body{font:16px/1.5 sans-serif;max-width:44rem;margin:0 auto;padding:1rem}
input,button,select{font:inherit;padding:.4rem;max-width:100%;box-sizing:border-box}
label{display:block;margin:.6rem 0}label input{width:100%}
li,code,dd{overflow-wrap:anywhere}button{margin:.2rem 0}</style>
"""
NAV = """<nav><a href="/">Overview</a> {% for e in entities %}
<a href="/objects/{{ e }}">{{ e }}</a> {% endfor %}<a href="/faults">Faults</a></nav>
"""
CONSENT = (
    HEAD
    + """<h1>Connect {{ company.name }}?</h1>
<p>The application asks to read and write the books of company {{ realm }}.</p>
<form method="post"><button name="connect">Connect</button>
<button name="cancel">Cancel</button></form>"""
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
<button name="do" value="save">Save</button>
{% if switchable %}<button name="do" value="deactivate">Make inactive</button>{% endif %}
<button name="do" value="delete">Delete</button></form>
<details><summary>JSON</summary><pre style="white-space:pre-wrap">{{ object|tojson(2) }}</pre>
</details>"""
)
FAULTS = (
    HEAD
    + NAV
    + """<h1>Faults</h1><ul>{% for f in planned %}
<li>{{ f.name }}: {{ f.times }} times, matching {{ f.match }}</li>
{% else %}<li>None is planned.</li>{% endfor %}</ul>
<form method="post"><label>How many requests
<input name="times" value="1" type="number" min="1"></label>
{% for name in names %}<button name="name" value="{{ name }}">{{ name }}</button>
{% endfor %}<p><button name="name" value="">Clear all</button></p></form>"""
)
