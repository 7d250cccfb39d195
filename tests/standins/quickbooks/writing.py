"""Creating, changing, voiding and deleting through the API."""

from flask import Response, request

from tests.standins.objects import Object, encoded
from tests.standins.quickbooks import answers, api
from tests.standins.quickbooks.answers import answer
from tests.standins.quickbooks.company import NAMES, name_field
from tests.standins.quickbooks.state import State

KEPT = {"Id", "SyncToken", "MetaData", "domain", "sparse", "Active", "FullyQualifiedName"}
READ_ONLY = {"Id", "SyncToken", "MetaData", "domain", "sparse", "status"}


def written(state: State, rest: str) -> Response:
    """Carry out a write once, however often the same requestid comes."""
    key = request.args.get("requestid", "")
    with state.company.lock:
        if key and key in state.answered:
            return answer(*state.answered[key])
        response = carried_out(state, rest)
        if key:
            state.answered[key] = response.get_data(), response.status_code
    return response


def carried_out(state: State, rest: str) -> Response:
    """Do what the request says."""
    entity = api.entity_in_path(state, rest, rest)
    body = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise answers.refusal("2010", "The body is not an object", state.company.clock())
    operation = request.args.get("operation", "update" if "Id" in body else "create")
    if operation == "create":
        return created(state, entity, body)
    check_version(state, entity, body)
    if operation == "delete":
        return deleted(state, entity, body["Id"])
    fields = voided(state, entity, body["Id"]) if operation == "void" else body
    return updated(state, entity, fields, operation)


def check_version(state: State, entity: str, body: Object) -> None:
    """Refuse a change to anything but the newest version."""
    found = api.row(state, entity, str(body.get("Id", ""))).fields
    if found["SyncToken"] != body.get("SyncToken"):
        detail = "You and another user were working on the same object"
        raise answers.refusal("5010", detail, state.company.clock())


def created(state: State, entity: str, body: Object) -> Response:
    """Make a new object."""
    check_name(state, entity, body)
    key = state.company.create(entity, **writable(body))
    state.announce(entity, key, "Create")
    return shown(state, entity, key)


def check_name(state: State, entity: str, body: Object) -> None:
    """Refuse a name that another object has."""
    name = body.get(name_field(entity)) if entity in NAMES else None
    if name and state.company.named(entity, name) not in {None, body.get("Id")}:
        detail = "The name supplied already exists. : null"
        raise answers.refusal("6240", detail, state.company.clock())


def writable(body: Object) -> Object:
    """The fields of a body that are the client's to set."""
    return {k: v for k, v in body.items() if k not in READ_ONLY}


def updated(state: State, entity: str, body: Object, operation: str) -> Response:
    """Change fields; without `sparse` the fields left out go away."""
    check_name(state, entity, body)
    key, fields = body["Id"], writable(body)
    if not body.get("sparse"):
        before = state.company.get(entity, key)
        fields = {k: None for k in before if k not in KEPT} | fields
    if entity in NAMES and fields.get("Active") is False:
        name = name_field(entity)
        old = fields.get(name) or state.company.get(entity, key)[name]
        fields[name] = old.removesuffix(" (deleted)") + " (deleted)"
    state.company.change(entity, key, **fields)
    state.announce(entity, key, "Void" if operation == "void" else "Update")
    return shown(state, entity, key)


def voided(state: State, entity: str, key: str) -> Object:
    """An invoice at nothing."""
    if entity != "Invoice":
        raise answers.refusal("500", f"{entity} cannot be voided", state.company.clock())
    lines = [line | {"Amount": 0} for line in state.company.get(entity, key)["Line"]]
    zero = {"TotalAmt": 0, "Balance": 0, "Line": lines, "PrivateNote": "Voided"}
    return zero | {"Id": key, "sparse": True}


def deleted(state: State, entity: str, key: str) -> Response:
    """Delete a transaction; names can only be made inactive."""
    if entity in NAMES:
        detail = f"Operation delete is not supported for {entity}"
        raise answers.refusal("500", detail, state.company.clock())
    state.company.delete(entity, key)
    state.announce(entity, key, "Delete")
    gone = encoded({"domain": "QBO", "status": "Deleted", "Id": key})
    return answer(answers.one(entity, gone, state.company.clock()))


def shown(state: State, entity: str, key: str) -> Response:
    """Answer with the object as it is now."""
    raw = state.company.tables[entity].rows[int(key)].raw
    return answer(answers.one(entity, raw, state.company.clock()))
