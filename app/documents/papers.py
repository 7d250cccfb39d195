"""What goes out on paper of a kind of document, to whom, and who may send it.

A slice provides its kind under the name `document:<table>`; views and jobs find it there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select

from app.core.errors import DomainError
from app.core.slices import slices
from app.documents.models import Document


def _nothing_follows(_document_id: int, _kind: str) -> None:
    """Most documents do not mind that somebody has sent them."""


class Paper(NamedTuple):
    """One thing that is printed of a document: its title, template, and name as a file."""

    title: str
    template: str
    file: str


@dataclass(frozen=True, kw_only=True)
class DocumentType:
    """A kind of document as others meet it: its papers, its page, and its permissions.

    `find` gives a document with all that its papers name, `printing` what a paper says beside
    the document, `recipient` the address that it usually goes to. `path` is that of its list,
    `argument` the name of a document's id in addresses of pages. `on_send` is told in the unit
    of work in which a paper is sent, and may refuse.
    """

    model: type[Document]
    noun: str  # within a sentence
    papers: Mapping[str, Paper]
    find: Callable[[int], Select[Any]]
    printing: Callable[[Any, str], Mapping[str, Any]]
    recipient: Callable[[Any], str]
    path: str
    argument: str
    topic: str
    view_permission: str
    send_permission: str
    on_send: Callable[[int, str], object] = _nothing_follows

    @property
    def name(self) -> str:
        """Its table, by which what was sent of it is found."""
        return self.model.__tablename__

    @property
    def provided_as(self) -> str:
        """The name under which its slice provides it."""
        return f"document:{self.name}"

    def paper(self, kind: str) -> Paper:
        """Give a paper.

        Raises:
            NoSuchPaper: There is none of that name.
        """
        if kind not in self.papers:
            raise NoSuchPaper(f"There is no such paper of {self.noun}: {kind}.")
        return self.papers[kind]

    def url(self, document_id: int) -> str:
        """Where a document is shown; jobs ask too, whom Flask would tell no address."""
        return f"{self.path}/{document_id}"


class NoSuchPaper(DomainError):
    """A kind of document is not printed as that."""

    status = 404


def document_type(name: str) -> DocumentType:
    """Give the kind of document of a table."""
    found: DocumentType = slices().provided[f"document:{name}"]
    return found


def document_types() -> list[DocumentType]:
    """Give every kind of document that a slice provides."""
    return [what for what in slices().provided.values() if isinstance(what, DocumentType)]
