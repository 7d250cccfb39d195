"""Pages by which a document goes out: its papers as PDF, and the form of an e-mail.

A kind of document hangs them on its own blueprint: `add_papers(bp, of)`. Its page has the menu
`papers_menu(of, area)`, and "documents/_sending.html" with what `sending(of, document)` gives.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Blueprint, request, url_for
from flask import Response as Answer
from werkzeug import Response

from app.core.db import db
from app.core.pages import Action, Menu, RecordLink, Resource
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_saved
from app.documents import queries, services
from app.documents.forms import LetterForm
from app.documents.models import SentDocument
from app.documents.papers import DocumentType

View = Callable[..., Response]


def add_papers(bp: Blueprint, of: DocumentType, *, event: str) -> None:
    """Give a kind of document its papers and its e-mail; its page listens to `event`."""
    pages = PaperPages(of, event)
    one = f"/<int:{of.argument}>"
    sent = f"{one}/sent-documents"
    see, send = of.view_permission, of.send_permission
    for rule, name, view, permission, method in (
        (f"{one}/documents/<kind>", "document", pages.show, see, "GET"),
        (sent, "sent_documents", pages.index, see, "GET"),
        (f"{sent}/<int:sent_id>/copies", "resend", pages.resend, send, "POST"),
        (f"{sent}/<int:sent_id>/dismissal", "give_up", pages.give_up, send, "POST"),
    ):
        bp.add_url_rule(rule, name, _view(view, permission, of.argument), methods=[method])
    _send(bp, pages).add_to(bp)


def papers_menu(of: DocumentType, area: str) -> Menu:
    """Give the menu by which a document is printed and sent; `area` is its blueprint."""
    kinds = [*of.papers]
    items = [_paper_link(of, area, kind) for kind in kinds]
    items += [_letter_link(of, area, kind) for kind in kinds]
    return Menu(label="Documents", name="Documents", icon="print", items=items)


def sending(of: DocumentType, document: Any) -> Mapping[str, Any]:
    """Give what templates say of what was sent of a document."""
    sent = db.session.scalars(queries.sent_of(of.name, document.id)).all()
    return {"of": of, "document": document, "sent_documents": sent}


def _paper_link(of: DocumentType, area: str, kind: str) -> RecordLink:
    return RecordLink(
        label=of.papers[kind].title,
        href=lambda document: url_for(
            f"{area}.document", **{of.argument: document.id}, kind=kind
        ),
        icon="file",
        is_plain=True,
    )


def _letter_link(of: DocumentType, area: str, kind: str) -> RecordLink:
    return RecordLink(
        label=f"Send {of.papers[kind].title.lower()}",
        href=lambda document: url_for(
            f"{area}.new_sent_document", **{of.argument: document.id}, kind=kind
        ),
        permission=of.send_permission,
        kind="quiet",
        icon="mail",
        is_dialog=True,
    )


def _send(bp: Blueprint, pages: "PaperPages") -> Action:
    """Declare that a document is sent by e-mail."""
    of = pages.of
    resource = Resource(
        name="document",
        area=bp.name,
        query=of.find,
        rule=f"/<int:{of.argument}>",
        keys={of.argument: "id"},
        event=pages.event,
    )
    return Action(
        resource=resource,
        name="create_sent_document",
        path="/sent-documents",
        title="Send",
        permission=of.send_permission,
        form=LetterForm,
        fill=pages.begin,
        page=pages.letter,
        is_asked=True,
        act=pages.send,
        done="On its way to {1.recipient}.",
        to=lambda document: of.url(document.id),
    )


def _view(view: View, permission: str, argument: str) -> View:
    """Make a plain function of a method: a view carries its permission and its name."""

    @requires(permission)
    @wraps(view)
    def call(**named: Any) -> Response:
        return view(named.pop(argument), **named)

    return call


class PaperPages:
    """What is shown and done on paper of one kind of document."""

    def __init__(self, of: DocumentType, event: str) -> None:
        self.of = of
        self.event = event

    def show(self, document_id: int, kind: str) -> Response:
        """Print a paper as PDF."""
        document = one_or_404(self.of.find(document_id))
        printed = services.print_paper(self.of, document, kind)
        answer = Answer(printed.content, mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'inline; filename="{printed.name}"'
        return answer

    def index(self, document_id: int) -> Response:
        """Show what was sent, as the page of the document has it."""
        document = one_or_404(self.of.find(document_id))
        return render(
            "documents/sent.html",
            fragment="sent",
            **sending(self.of, document),
        )

    def letter(self, document: Any, form: LetterForm, status: int) -> Response:
        """Show the form of an e-mail with the paper that goes with it."""
        paper = self.of.paper(form.kind.data or "")
        return render(
            "documents/letter.html",
            fragment="form",
            status=status,
            of=self.of,
            document=document,
            form=form,
            paper=paper,
            refusal=_refusal(),
            action=url_for(".create_sent_document", **{self.of.argument: document.id}),
            preview=url_for(
                ".document", **{self.of.argument: document.id}, kind=form.kind.data
            ),
        )

    def send(self, document_id: int, kind: str, **letter: str) -> SentDocument:
        """Send a paper by e-mail."""
        document = one_or_404(self.of.find(document_id))
        return services.send_document(self.of, document, kind, services.Letter(**letter))

    def begin(self, form: LetterForm, document: Any) -> None:
        """Fill the form as most people send it."""
        kind = request.args.get("kind") or next(iter(self.of.papers))
        letter = services.usual_letter(self.of, document, kind)
        form.process(formdata=None, data={"kind": kind} | letter._asdict())

    def resend(self, document_id: int, sent_id: int) -> Response:
        """Send the same once more."""
        self._sent(document_id, sent_id)
        again = services.resend(sent_id)
        return self._done(document_id, f"Once more on its way to {again.recipient}.")

    def give_up(self, document_id: int, sent_id: int) -> Response:
        """Be reminded of a failure no more."""
        self._sent(document_id, sent_id)
        services.give_up(sent_id)
        return self._done(document_id, "Given up.")

    def _sent(self, document_id: int, sent_id: int) -> SentDocument:
        query = queries.sent_of(self.of.name, document_id)
        return one_or_404(query.where(SentDocument.id == sent_id))

    def _done(self, document_id: int, message: str) -> Response:
        return respond_saved(self.of.url(document_id), message, event=self.event)


def _refusal() -> str:
    """Say why nothing can be sent at all, if so."""
    try:
        services.refuse_without_server()
    except services.NoMailServer as error:
        return str(error)
    return ""
