"""An import of sales is taken back, as far as no other one stands on it."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.imports.models import ImportRun
from app.imports.services import NotReady
from app.sales.models import SalesOverlap
from app.sales.services.lines import delete_lines
from app.sales.tables import sales_line


def delete_import(session: Session, import_id: int) -> int:
    """Delete the lines of an import; gives how many there were.

    Raises:
        NotReady: Another import has some of them too: they would be missing from it.
    """
    also = (
        select(ImportRun.file_name, SalesOverlap.lines)
        .join(ImportRun, ImportRun.id == SalesOverlap.import_id)
        .where(SalesOverlap.holder_id == import_id, ImportRun.stage == "applied")
        .order_by(SalesOverlap.import_id.desc())
    )
    if other := session.execute(also).first():
        raise NotReady(
            f"{other.file_name} holds {other.lines:,} of these lines too, and would lose them: "
            "undo that import first, and import its file again afterwards."
        )
    lines = sales_line.c
    days = select(func.min(lines.sold_on), func.max(lines.sold_on))
    first, last = session.execute(days.where(lines.import_id == import_id)).one()
    session.execute(delete(SalesOverlap).where(SalesOverlap.import_id == import_id))
    if first is None:
        return 0
    return delete_lines(
        session, lines.sold_on.between(first, last), lines.import_id == import_id
    )
