"""What is done with documents of every kind."""

from app.documents.services.choosing import Quantities, chosen
from app.documents.services.delivering import deliver, give_up
from app.documents.services.numbering import next_number, next_numbers, number_of_part
from app.documents.services.printing import PrintedPaper, print_paper, today
from app.documents.services.sending import (
    NO_SERVER,
    Letter,
    NoMailServer,
    refuse_without_server,
    resend,
    send_document,
    usual_letter,
)
from app.documents.services.splitting import close_lines, split_off

__all__ = [
    "NO_SERVER",
    "Letter",
    "NoMailServer",
    "PrintedPaper",
    "Quantities",
    "chosen",
    "close_lines",
    "deliver",
    "give_up",
    "next_number",
    "next_numbers",
    "number_of_part",
    "print_paper",
    "refuse_without_server",
    "resend",
    "send_document",
    "split_off",
    "today",
    "usual_letter",
]
