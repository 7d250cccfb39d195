"""The accounting API: company, query, changes, and single objects."""

from flask import Blueprint, Response, request

from tests.standins.around import is_met
from tests.standins.objects import encoded
from tests.standins.quickbooks import answers, grammar, selection, spoil, writing
from tests.standins.quickbooks.answers import Refused, answer
from tests.standins.quickbooks.changes import changes
from tests.standins.quickbooks.company import ENTITIES
from tests.standins.quickbooks.grammar import QueryError
from tests.standins.quickbooks.people import address
from tests.standins.quickbooks.state import State
from tests.standins.quickbooks.table import Row


def api(state: State) -> Blueprint:  # noqa: C901
    """The routes of the API; all want an access token."""
    routes = Blueprint("api", __name__, url_prefix="/v3/company/<realm>")

    @routes.before_request
    def check() -> Response | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        now = state.company.clock()
        if not state.pace.allows():
            return spoil.too_many({})
        if scheme != "Bearer" or not state.grants.allows(token):
            return answers.not_allowed(now)
        if request.view_args and request.view_args["realm"] != state.realm:
            return answers.not_allowed(now, 403, "3100")
        return None

    @routes.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return error.response

    @routes.errorhandler(QueryError)
    def misunderstood(error: QueryError) -> Response:
        return answers.refusal(error.code, error.detail, state.company.clock()).response

    @routes.route("/query", methods=["GET", "POST"])
    def query(realm: str) -> Response:
        text = request.args.get("query") or request.get_data(as_text=True)
        return queried(state, text)

    @routes.get("/cdc")
    def cdc(realm: str) -> Response:
        return captured(state, is_flooded=is_met("cdc_truncated"))

    @routes.route("/<path:rest>", methods=["GET", "POST"])
    def other(realm: str, rest: str) -> Response:
        return writing.written(state, rest) if request.method == "POST" else read(state, rest)

    return routes


def captured(state: State, *, is_flooded: bool) -> Response:
    """Answer with what has changed."""
    names, since = request.args.get("entities", ""), request.args.get("changedSince", "")
    with state.company.lock:
        found = changes(state.company, names, since, flooded=is_flooded)
    return answer(answers.changed(found, state.company.clock()))


def queried(state: State, text: str) -> Response:
    """Answer a query with a count or a page."""
    query, now = grammar.parse(text), state.company.clock()
    if query.entity.lower() == "companyinfo":
        return answer(answers.page("CompanyInfo", [company_info(state)], 1, now))
    with state.company.lock:
        table, ids = selection.matches(state.company, query)
        if query.counts:
            return answer(answers.count(len(ids), now))
        raws = table.raws(ids[query.start - 1 : query.start - 1 + query.limit])
    entity = selection.entity_called(query.entity)
    return answer(answers.page(entity, raws, query.start, now))


def read(state: State, rest: str) -> Response:
    """Answer with one object."""
    name, _, key = rest.partition("/")
    if name.lower() == "companyinfo":
        return answer(answers.one("CompanyInfo", company_info(state), state.company.clock()))
    entity = entity_in_path(state, name, rest)
    return answer(answers.one(entity, row(state, entity, key).raw, state.company.clock()))


def entity_in_path(state: State, name: str, rest: str) -> str:
    """The entity that a path names. Raises Refused."""
    entity = next((one for one in ENTITIES if one.lower() == name.lower()), None)
    if entity is None or rest.count("/") > 1:
        path = f"/v3/company/{state.realm}/{rest}"
        detail = f"Operation Could not find resource for relative : {path} is not supported."
        raise answers.refusal("500", detail, state.company.clock())
    return entity


def row(state: State, entity: str, key: str) -> Row:
    """The row with that id. Raises Refused."""
    now = state.company.clock()
    if not (key.isascii() and key.isdecimal()):
        detail = f"Id should be a valid number. Supplied value:{key}"
        raise answers.refusal("2030", detail, now)
    found = state.company.tables[entity].rows.get(int(key))
    if found is None:
        raise answers.refusal("610", f"Object Not Found : {entity} {key}", now)
    return found


def company_info(state: State) -> bytes:
    """Who the company is."""
    stamp = {"CreateTime": "2019-03-01T09:00:00-08:00"}
    stamp["LastUpdatedTime"] = "2025-01-15T09:00:00-08:00"
    return encoded(
        {
            "CompanyName": state.company.name,
            "LegalName": state.company.name,
            "CompanyAddr": address(1),
            "CompanyStartDate": "2019-03-01",
            "FiscalYearStartMonth": "January",
            "Country": "US",
            "Email": {"Address": "office@cooksmill.example"},
            "SupportedLanguages": "en",
            "domain": "QBO",
            "sparse": False,
            "Id": "1",
            "SyncToken": "4",
            "MetaData": stamp,
        }
    )
