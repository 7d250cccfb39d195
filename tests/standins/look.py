"""How the pages for people look: plain HTML that fits a telephone, and their controls."""

from typing import Any

from flask import abort, request

from tests.standins.faults import Faults

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stand-in {system}</title>
<style>:root{{color-scheme:light dark}}
body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1rem}}
nav{{display:flex;flex-wrap:wrap;gap:.2rem .9rem;padding-bottom:.6rem;
border-bottom:1px solid #8886}}
h1{{font-size:1.4rem}}h2{{font-size:1.1rem;margin-top:1.6rem}}
input,button,select{{font:inherit;padding:.4rem .6rem;max-width:100%;box-sizing:border-box;
border:1px solid #8888;border-radius:.3rem}}
button{{margin:.2rem 0;cursor:pointer}}button.first{{background:#177a3c;color:#fff}}
label{{display:block;margin:.6rem 0}}label input,label select{{display:block;width:100%}}
li,code,dd,td{{overflow-wrap:anywhere}}dd{{margin:0 0 .5rem}}dt{{font-weight:600}}
li form{{display:inline}}.card{{border:1px solid #8886;border-radius:.5rem;padding:1rem 1.2rem}}
.grid{{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:0 .8rem}}
.bad{{color:#c62828}}.wide{{overflow-x:auto}}.wide td{{overflow-wrap:normal}}
.wide td:first-child{{white-space:nowrap}}table{{border-collapse:collapse;width:100%}}
th,td{{text-align:left;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #8884}}
td.n,th.n{{text-align:right}}</style>
"""
FAULTS = """<h1>Faults</h1><h2>Planned</h2><ul>{% for f in state.faults.planned %}
<li>{{ f.name }}: {{ f.times or "until cleared, all" }} times, matching {{ f.match }}
{% if f.after %}after {{ f.after }} good ones{% endif %}
<form method="post"><button name="remove" value="{{ f.name }}">Off</button></form></li>
{% else %}<li>None is planned.</li>{% endfor %}</ul>
<form method="post"><button>Clear all</button></form>
<h2>Plan one</h2>
<form method="post"><div class="grid"><label>How many requests, 0 until cleared
<input name="times" value="1" type="number" min="0"></label>
<label>After so many good ones<input name="after" value="0" type="number" min="0"></label>
<label>Which requests<select name="match"><option value="">as usual for it</option>
{% for m in matches %}<option>{{ m }}</option>{% endfor %}</select></label>
<label>Retry-After of too_many<input name="retry_after" type="number" min="0"></label>
<label>Seconds of slow<input name="seconds" type="number" min="0" step="any"></label></div>
{% for name, match in usual.items() %}
<button name="name" value="{{ name }}" title="usually {{ match }}">{{ name }}</button>
{% endfor %}</form>
"""


def head(system: str) -> str:
    """The beginning of every page of a stand-in."""
    return HEAD.format(system=system)


def change_plan(faults: Faults, matches: tuple[str, ...]) -> None:
    """Do what a button of the page of faults says."""
    form = request.form
    if name := form.get("name"):
        faults.add(known_fault(faults, name), **planned(matches))
    elif name := form.get("remove"):
        faults.remove(name)
    else:
        faults.clear()


def known_fault(faults: Faults, name: str) -> str:
    """The name of a fault that there is."""
    return name if name in faults.known.usual else abort(400, f"No fault is called {name}.")


def planned(matches: tuple[str, ...]) -> dict[str, Any]:
    """How often, from when on, for which requests and how a fault is to be met."""
    form, times = request.form, request.form.get("times", 1, int)
    options: dict[str, Any] = {"retry_after": form.get("retry_after", None, int)}
    if seconds := form.get("seconds", None, float):
        options["seconds"] = min(seconds, 120)
    match = form.get("match") or None
    if match and match not in matches:
        abort(400, f"No requests are called {match}.")
    after = max(0, form.get("after", 0, int))
    return {"times": times or None, "after": after, "match": match, **options}
