"""Writing to people about what they are asked for."""

from app.attendance import queries
from app.attendance.models import ShiftSwap
from app.core.db import transaction
from app.core.mail import public_url, send_mail
from app.core.settings import setting

TEXT = """\
{name} asks whether you take their shift {code} on {day:%A}, {day}, from {begins:%H:%M} to
{ends:%H:%M}.{reason}

Accept or decline: {address}

The roster changes once you have accepted and it is approved.
"""


def mail_swap(swap_id: int) -> int:
    """Write to the colleague whom somebody asks to take a shift; say how many were written to.

    Nobody is, who cannot sign in to answer, nor once it is answered or withdrawn.
    """
    with transaction() as session:
        swap = session.scalars(queries.swap_to_mail(swap_id)).one_or_none()
        if swap is None or swap.colleague is None or swap.colleague.user is None:
            return 0
        to, text = swap.colleague.user.email, _text(swap)
        company = setting("company_name")
        subject = " ".join(f"[{company}] {swap.employee.name} asks about a shift".split())
    return int(send_mail(to=[to], subject=subject, text=text))


def _text(swap: ShiftSwap) -> str:
    return TEXT.format(
        name=swap.employee.name,
        code=swap.shift.code,
        day=swap.day,
        begins=swap.shift.begins,
        ends=swap.shift.ends,
        reason=f"\n\n“{swap.reason}”" if swap.reason else "",
        address=public_url("/my-time"),
    )
