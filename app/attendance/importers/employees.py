"""Employees from a file, and into one."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Date, Select, func, or_, select, update

from app.accounts.models import User
from app.attendance import queries
from app.attendance.models import Employee
from app.attendance.reckoning.holidays import UnknownPlace, check_place
from app.attendance.rules import parse_region, parse_zone
from app.core.codes import parse_code
from app.core.countries import parse_country
from app.core.settings import setting
from app.core.texts import parse_line
from app.imports.definition import ASK_OWN_CODES, Field, Importer
from app.imports.parsers import code, own_code
from app.imports.upsert import Columns, Upsert

STATES: Mapping[str, bool | None] = {"left": False, "all": None}

FIELDS = (
    Field(
        name="number",
        label="Employee number",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=("employee no", "employee id", "personnel number", "Personalnummer", "number"),
        hint="How they are matched; everybody has another one.",
    ),
    Field(
        name="name",
        label="Name",
        parse=parse_line,
        aliases=("employee", "employee name", "full name", "display name"),
        hint="A new one needs it.",
    ),
    Field(
        name="department",
        label="Department",
        parse=parse_line,
        aliases=("team", "Abteilung"),
    ),
    Field(
        name="cost_centre",
        label="Cost centre",
        parse=parse_line,
        aliases=("cost center", "Kostenstelle"),
    ),
    Field(
        name="time_zone",
        label="Time zone",
        parse=parse_zone,
        aliases=("zone", "timezone", "Zeitzone"),
        hint="Such as Europe/Berlin.",
    ),
    Field(
        name="country",
        label="Country of the workplace",
        parse=parse_country,
        aliases=("country", "country code", "work country"),
    ),
    Field(
        name="region",
        label="Region of the workplace",
        parse=parse_region,
        aliases=("region", "state", "province", "Bundesland"),
        hint="As ISO 3166-2 writes it: BY.",
    ),
    Field(
        name="hire_date",
        label="First day",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        aliases=("hire date", "hired", "start date", "Eintritt"),
        hint="A new one needs it.",
    ),
    Field(
        name="leave_date",
        label="Last day",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        aliases=("leave date", "end date", "termination date", "Austritt"),
    ),
    Field(
        name="username",
        label="User",
        parse=parse_line,
        aliases=("user", "login", "user name"),
        hint="The username or the e-mail address of a user.",
    ),
)


class EmployeeUpsert(Upsert):
    """Loads employees, matched by their number however it is written."""

    model = Employee
    key = "number"
    required: ClassVar[Mapping[str, str]] = {
        "name": "A new one needs a name.",
        "hire_date": "A new one needs a first day.",
    }

    def resolve(self) -> None:
        """Find the users, and refuse what does not go together."""
        self._find_users()
        self._refuse_places()

    def _find_users(self) -> None:
        if "username" not in self.staging.mapped:
            return
        rows, name = self.rows.c, func.lower(self.rows.c.username)
        is_named = or_(func.lower(User.username) == name, func.lower(User.email) == name)
        self.session.execute(update(self.rows).values(user_id=User.id).where(is_named))
        unknown = rows.username.is_not(None) & rows.user_id.is_(None)
        reason = "There is no user with this username or e-mail address."
        self.staging.refuse_where("username", unknown, reason)
        self._refuse_taken_users()

    def _refuse_taken_users(self) -> None:
        """A user is one employee: neither another one has it, nor another row."""
        rows = self.rows.c
        others = select(Employee.user_id).where(
            Employee.user_id.is_not(None),
            func.normal_code(Employee.number) != func.normal_code(rows.number),
        )
        self.staging.refuse_where(
            "username", rows.user_id.in_(others), "This user is another employee already."
        )
        twice = (
            select(rows.user_id)
            .where(rows.user_id.is_not(None))
            .group_by(rows.user_id)
            .having(func.count() > 1)
        )
        self.staging.refuse_where(
            "username", rows.user_id.in_(twice), "Several rows of the file have this user."
        )

    def _refuse_places(self) -> None:
        """Of a place only what the file itself says can be wrong together."""
        if "region" not in self.staging.mapped or "country" not in self.staging.mapped:
            return
        rows = self.rows.c
        places = select(rows.country, rows.region).where(rows.region.is_not(None)).distinct()
        for country, region in self.session.execute(places).all():
            try:
                check_place(country or "", region)
            except UnknownPlace as error:
                is_it = (rows.region == region) & rows.country.is_not_distinct_from(country)
                self.staging.refuse_where("region", is_it, str(error))

    def _refuse_incomplete(self) -> None:
        """Besides what is missing: nobody leaves before they have come."""
        super()._refuse_incomplete()
        named = self.staging.mapped
        if "leave_date" not in named:
            return
        rows = self.rows.c
        known = select(Employee.hire_date).where(Employee.id == rows.target_id)
        first = func.coalesce(
            rows.hire_date if "hire_date" in named else None, known.scalar_subquery()
        )
        self.staging.refuse_where(
            "leave_date", rows.leave_date < first, "The last day is not before the first."
        )

    def loaded(self) -> Columns:
        """The user is loaded by id."""
        columns = dict(super().loaded())
        if "username" in self.staging.mapped:
            columns["user_id"] = self.rows.c.user_id
        return columns

    def defaults(self) -> Mapping[str, Any]:
        """They live by the company's clock, if nobody says otherwise."""
        return {"time_zone": setting("time_zone")}


def export_employees(filters: Mapping[str, str]) -> Select[Any]:
    """The employees that the filters of their list let through."""
    columns: list[Any] = [
        User.username if field.name == "username" else getattr(Employee, field.name)
        for field in FIELDS
    ]
    found = queries.employees(
        search=filters.get("search") or filters.get("q") or "",
        department=filters.get("department", "").replace("\0", ""),
        is_employed=STATES.get(filters.get("state", ""), True),
        today=datetime.now(UTC).date(),
    )
    found_columns: Select[Any] = found.with_only_columns(*columns)
    return found_columns.outerjoin(User, User.id == Employee.user_id).order_by(
        func.normal_code(Employee.number)
    )


EMPLOYEES = Importer(
    kind="employees",
    label="Employees",
    permission="employees.import",
    fields=FIELDS,
    key=("number",),
    options=ASK_OWN_CODES,
    load=lambda staging: EmployeeUpsert(staging)(),
    export=export_employees,
    scratch={"user_id": BigInteger()},
)
