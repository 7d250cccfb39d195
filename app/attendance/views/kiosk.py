"""The screen at the door. It belongs to a device, not to a person: no session of it can end."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, g, jsonify, make_response, render_template, request
from flask_sock import Sock
from flask_wtf.csrf import generate_csrf
from simple_websocket import Server
from werkzeug import Response

from app.accounts.myself import current_token_id
from app.accounts.sign_in import DEVICE_COOKIE, DEVICE_PAGES, device_token
from app.attendance import services
from app.attendance.errors import NoKiosk
from app.attendance.forms import KioskPinForm, SentCards, SentState
from app.attendance.models import Device
from app.attendance.permissions import PUNCH
from app.attendance.screens import ALL, channel_of
from app.core.errors import DomainError
from app.core.permissions import requires
from app.realtime import views as realtime
from app.realtime.access import Access

bp = Blueprint("kiosk", __name__, url_prefix=DEVICE_PAGES)

LONGEST_COOKIE = 400 * 24 * 3600  # seconds: browsers keep none for longer, so it is renewed
PART = "X-Kiosk"  # the page's own script asks for a part of it


@bp.before_request
def guard() -> None:
    """Give a screen its socket, beside those of people."""
    if request.endpoint == f"{bp.name}.live":
        realtime.take_seat(-_device().id)


bp.teardown_request(realtime.release)


@bp.get("")
@requires(PUNCH)
def show() -> Response:
    """Show the clock, who is in, and the pad for a PIN."""
    return _page(_device(), KioskPinForm(formdata=None))


@bp.get("/state")
@requires(PUNCH)
def show_state() -> Response:
    """Say who is in and what time it is, to a screen that was away, and now and then."""
    _device()
    present = services.look_who_is_in()
    html = render_template("attendance/kiosk/_present.html", present=present)
    return renewed(jsonify(now=datetime.now(UTC).isoformat(), csrf=generate_csrf(), html=html))


@bp.post("/heartbeats")
@requires(PUNCH)
def create_heartbeat() -> Response:
    """Note up to when a screen has sent all its cards: nobody is absent before that."""
    device, said = _device(), SentState(request)
    services.note_heartbeat(
        device,
        services.Heartbeat(said.clock, watermark=said.watermark, queued=said.queued),
    )
    return Response(status=204)


@bp.post("/punches")
@requires(PUNCH)
def create_punches() -> Response:
    """Keep the cards that were presented at a reader of this screen, each once."""
    device, sent = _device(), SentCards(request)
    answers = services.take_punches(device, sent.punches, services.Heartbeat(sent.clock))
    names = ("boot_id", "device_seq", "outcome", "reason")
    return jsonify(items=[{name: getattr(one, name) for name in names} for one in answers])


@bp.post("/pins")
@requires(PUNCH)
def create_pin_punch() -> Response:
    """Punch for whoever types their number and PIN."""
    device, form = _device(), KioskPinForm()
    if not form.validate_on_submit():
        return _page(device, form, problem="Type your number and your PIN.", status=422)
    try:
        punch = services.punch_with_pin(device, **form.values)
    except DomainError as error:
        return _page(device, form, problem=str(error), status=error.status)
    return _page(device, KioskPinForm(formdata=None), greeting=services.greet(punch.id))


@Sock().route("/ws", bp, websocket=True)
@requires(PUNCH)
def live(socket: Server) -> None:
    """Send what is greeted at the place of this screen, and who is in."""
    realtime.serve(socket, Access(f"{channel_of(_device().place)},{ALL}"))


def _device() -> Device:
    if "device" not in g:
        if (token_id := current_token_id()) is None:
            raise NoKiosk
        g.device = services.device_of_token(token_id)
    device: Device = g.device
    return device


def _page(
    device: Device,
    form: KioskPinForm,
    *,
    problem: str = "",
    greeting: services.Greeting | None = None,
    status: int = 200,
) -> Response:
    if problem:
        greeting = services.Greeting(punch_id=0, kind="problem", words=problem)
    template = "_part" if request.headers.get(PART) else "show"
    html = render_template(
        f"attendance/kiosk/{template}.html",
        device=device,
        form=form,
        greeting=greeting,
        present=services.look_who_is_in(),
        now=datetime.now(UTC),
    )
    return renewed(make_response(html, status))


def renewed(response: Response) -> Response:
    """Let the browser keep the token of this screen for as long as it can."""
    if token := device_token(request):
        remember(response, token)
    return response


def remember(response: Response, token: str) -> None:
    """Have a browser keep a token, for the pages of kiosks alone."""
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=LONGEST_COOKIE,
        path=DEVICE_PAGES,
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
