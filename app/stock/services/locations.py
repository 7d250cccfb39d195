"""Changing the tree of locations."""

import re
from typing import Any

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.codes import parse_code
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.settings import set_settings
from app.core.uses import ensure_unused
from app.stock import queries
from app.stock.errors import LocationInUse
from app.stock.models import KINDS, PARENT_KINDS, Balance, HomeLocation, Location
from app.stock.uses import settings_naming

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
CODE_ADVICE = "1 to 50 letters, digits, dots, dashes or underscores."


def create_location(
    *, code: str, kind: str, parent_id: int | None = None, **details: Any
) -> Location:
    """Make a location. `details`: name, barcode, is_pickable, is_blocked, pick_sequence.

    Raises:
        AlreadyExists: Another one has this code or barcode.
        Invalid: The code cannot be used, or such a location cannot lie there.
    """
    with transaction() as session:
        hold_tree(session)
        code = _code(code)
        _tidy_barcode(details)
        location = Location(code=code, kind=kind, parent_id=parent_id, **details)
        location.path = refuse_misplaced(code, kind, parent_id) + f"{code}/"
        _refuse_twins(location)
        session.add(location)
        _flush(session)
    return location


def revise_location(
    location_id: int, *, version: int | None, code: str, parent_id: int | None, **details: Any
) -> Location:
    """Change a location; what lies below it moves along in the tree.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another one has this code or barcode.
        Invalid: It would lie in itself, or cannot lie there.
    """
    with transaction() as session:
        hold_tree(session)
        location = _locked(location_id)
        code = _code(code)
        _tidy_barcode(details)
        was, old = location.path, location.code
        with session.no_autoflush:
            location.revise(version=version, code=code, parent_id=parent_id, **details)
            above = refuse_misplaced(location.code, location.kind, location.parent_id)
            if above.startswith(was):
                raise Invalid("parent_id", f"{location.code} cannot lie in itself.")
            location.path = f"{above}{location.code}/"
            _refuse_twins(location)
            _rename_in_settings(old, location.code)
        _flush(session)
        _carry_along(session, location_id, was, location.path)
    return location


def _rename_in_settings(old: str, new: str) -> None:
    """Let the settings that name a location name it as it is called now."""
    if old != new and (keys := settings_naming(old)):
        set_settings(version=None, **dict[str, Any].fromkeys(keys, new))


def deactivate_location(location_id: int) -> Location:
    """Take a location out of use. It stays in the ledger.

    Raises:
        LocationInUse: Goods lie there, or others that are in use lie in it.
        InUse: A setting names it, products live there, or it is being counted.
    """
    with transaction() as session:
        hold_tree(session)
        location = _locked(location_id)
        held = exists().where(Balance.location_id == location_id, Balance.on_hand > 0)
        if session.scalar(select(held)):
            raise LocationInUse(f"{location.code} still holds goods: move them first.")
        if session.scalars(queries.children(location_id).limit(1)).first():
            raise LocationInUse(f"Take the locations in {location.code} out of use first.")
        ensure_unused(location)
        location.revise(version=None, is_active=False)
    return location


def activate_location(location_id: int) -> Location:
    """Take a location into use again.

    Raises:
        Invalid: What it lies in is not in use.
    """
    with transaction() as session:
        hold_tree(session)
        location = _locked(location_id)
        refuse_misplaced(location.code, location.kind, location.parent_id)
        location.revise(version=None, is_active=True)
    return location


def set_home(product_id: int, *, location_id: int | None) -> None:
    """Say where a product lives, or that it lives nowhere.

    Raises:
        Invalid: Nothing can lie at the location.
    """
    with transaction() as session:
        home = session.scalars(queries.home(product_id).with_for_update(of=HomeLocation))
        present = home.one_or_none()
        if location_id is None:
            if present:
                session.delete(present)
            return
        location = session.get(Location, location_id)
        if location is None or not (location.holds_stock and location.is_active):
            raise Invalid("location", "Choose a bin that is in use.")
        if present:
            present.location_id = location_id
        else:
            session.add(HomeLocation(product_id=product_id, location_id=location_id))


def hold_tree(session: Session) -> None:
    """Let one person at a time change the tree: two at once could close a circle."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('location tree'))"))


def refuse_misplaced(code: str, kind: str, parent_id: int | None) -> str:
    """Give the path of what a location lies in, "" for the root.

    Raises:
        Invalid: The code cannot be used, or such a location cannot lie there.
    """
    if not CODE.fullmatch(code):
        raise Invalid("code", CODE_ADVICE)
    if kind not in KINDS:
        raise Invalid("kind", f"There is no kind of location called {kind}.")
    parent = db.session.get(Location, parent_id) if parent_id else None
    if parent_id and (parent is None or not parent.is_active):
        raise Invalid("parent_id", "There is no such location in use.")
    if (parent.kind if parent else None) not in PARENT_KINDS[kind]:
        raise Invalid("parent_id", _where(kind))
    return parent.path if parent else ""


def _code(code: str) -> str:
    try:
        return parse_code(code)
    except ValueError as error:
        raise Invalid("code", str(error)) from error


def _tidy_barcode(details: dict[str, Any]) -> None:
    if "barcode" in details:
        try:
            details["barcode"] = parse_code(details["barcode"] or "") or None
        except ValueError as error:
            raise Invalid("barcode", str(error)) from error


def _where(kind: str) -> str:
    if PARENT_KINDS[kind] == (None,):
        return f"A location of the kind “{KINDS[kind]}” lies in no other one."
    return f"A location of the kind “{KINDS[kind]}” lies in a warehouse or a zone."


def _locked(location_id: int) -> Location:
    """Lock a location: who is posting there ends first, who comes later sees what we did."""
    query = locked(select(Location).where(Location.id == location_id), Location)
    location = db.session.scalars(query).one_or_none()
    if location is None:
        raise Invalid("location", "There is no such location.")
    return location


def _refuse_twins(location: Location) -> None:
    others = select(Location.id).where(Location.id != (location.id or 0))
    code = func.lower(Location.code) == func.lower(location.code)
    if db.session.scalar(others.where(code).limit(1)):
        raise AlreadyExists("code", f"There is a location {location.code} already.")
    same = func.barcode_key(Location.barcode) == func.barcode_key(location.barcode)
    if location.barcode and db.session.scalar(others.where(same).limit(1)):
        raise AlreadyExists("barcode", "Another location has this barcode.")


def _flush(session: Session) -> None:
    """Write; somebody may have been faster since we looked."""
    try:
        session.flush()
    except IntegrityError as error:
        field = "barcode" if "uq_location_normal_barcode" in str(error) else "code"
        raise AlreadyExists(field, "Another location has this already.") from error


def _carry_along(session: Session, location_id: int, was: str, path: str) -> None:
    """Put the new beginning before the paths of all that lies below."""
    if was == path:
        return
    below = Location.path.startswith(was, autoescape=True)
    moved = func.overlay(Location.path, path, 1, len(was))
    session.execute(
        update(Location).where(below, Location.id != location_id).values(path=moved),
        execution_options={"synchronize_session": False},
    )
