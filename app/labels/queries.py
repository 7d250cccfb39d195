"""Selects over batches, formats and printers of labels."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, joinedload

from app.labels.models import LabelBatch, LabelFormat, LabelItem, LabelPrinter

AT_MOST = 1000  # formats and printers of one company


def batches(
    *, search: str = "", format_name: str = "", actor_id: int | None = None
) -> Select[LabelBatch]:
    """Batches whose items have a text, of a format, of a person; with job and file of each."""
    found = select(LabelBatch).options(joinedload(LabelBatch.job), joinedload(LabelBatch.file))
    if search:
        named = select(LabelItem.batch_id).where(
            LabelItem.requested.icontains(search, autoescape=True)
        )
        found = found.where(LabelBatch.id.in_(named))
    if format_name:
        found = found.where(LabelBatch.format_name == format_name)
    return found if actor_id is None else found.where(LabelBatch.actor_id == actor_id)


def batch(batch_id: int) -> Select[LabelBatch]:
    """One batch with its job, file and printer."""
    return batches().options(joinedload(LabelBatch.printer)).where(LabelBatch.id == batch_id)


def items(batch_id: int) -> Select[LabelItem]:
    """All items of a batch in their order."""
    return select(LabelItem).where(LabelItem.batch_id == batch_id).order_by(LabelItem.position)


def failed_items(batch_id: int) -> Select[LabelItem]:
    """Items of a batch that cannot be printed, in their order."""
    failed = items(batch_id).where(LabelItem.error.is_not(None))
    return failed.options(defer(LabelItem.content))


def formats() -> Select[LabelFormat]:
    """The company's own formats by name."""
    return select(LabelFormat).order_by(func.lower(LabelFormat.name)).limit(AT_MOST)


def format_named(name: str) -> Select[LabelFormat]:
    """The own format with a name, in any case."""
    return select(LabelFormat).where(func.lower(LabelFormat.name) == name.lower())


def printers() -> Select[LabelPrinter]:
    """All printers by name."""
    return select(LabelPrinter).order_by(func.lower(LabelPrinter.name)).limit(AT_MOST)
