"""The permissions of attendance: who sees, fills and decides what."""

from app.core.permissions import Area, Verb

RATES = "employees.rates"
PUNCH = "attendance.punch"  # the only scope that the token of a reader has
OWN = "attendance.own"

AREAS = (
    Area(
        "employees",
        order=102,
        verbs=(
            Verb("view", "See employees", ("manager",)),
            Verb("edit", "Create and change employees and their contracts", ("manager",)),
            Verb("import", "Import and export employees", ("manager",)),
            Verb("rates", "See what an hour is paid", ("manager",)),
        ),
    ),
    Area(
        "attendance",
        order=104,
        verbs=(
            Verb(
                "own",
                "See own time, punch from the web where allowed, ask for absences",
                ("manager", "warehouse", "sales_rep", "user"),
            ),
            Verb("view", "See punches, who is at work, timesheets", ("manager",)),
            Verb("roster", "Make shifts and rosters", ("manager",)),
            Verb("approve", "Correct punches, approve corrections and absences", ("manager",)),
            Verb("enrol", "Set up devices, give cards to people", ("manager",)),
            Verb("payroll", "Give hours to payroll, lock days", ("manager",)),
            Verb("punch", "Send punches, as a device does", ("manager",)),
        ),
    ),
)
