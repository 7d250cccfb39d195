"""What is done with documents of every kind."""

from app.documents.services.choosing import Quantities, chosen
from app.documents.services.numbering import next_number, number_of_part
from app.documents.services.splitting import close_lines, split_off

__all__ = [
    "Quantities",
    "chosen",
    "close_lines",
    "next_number",
    "number_of_part",
    "split_off",
]
