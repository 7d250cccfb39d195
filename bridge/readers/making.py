"""Which reader does what: the decoder, the speed and the debounce of each kind."""

from collections.abc import Callable, Mapping

from bridge.debounce import Debounce
from bridge.frames import (
    Decoder,
    Em18Decoder,
    Frame7941Decoder,
    Id12Decoder,
    LineDecoder,
    Rdm6300Decoder,
)
from bridge.ports import PortLister, plugged_in
from bridge.readers.base import Reader, Sink
from bridge.readers.cards import KeyboardReader, SerialCardReader
from bridge.readers.fingerprints import FingerprintReader
from bridge.readers.serial_port import Names, SerialPort
from bridge.settings import ReaderSettings

CARD_BAUDRATE, SENSOR_BAUDRATE = 9600, 57600
# RDM6300 repeats its frame while the card is there, and makes up cards now and then. The others
# say a card once, so one frame has to do.
CONFIRMATIONS = {"rdm6300": 2}
_DECODERS: Mapping[str, Callable[[], Decoder]] = {
    "rdm6300": Rdm6300Decoder,
    "id12": Id12Decoder,
    "em18": Em18Decoder,
    "7941": Frame7941Decoder,
}


def make_reader(
    settings: ReaderSettings,
    sink: Sink,
    *,
    names: Names,
    claimed: set[str] | None = None,
    lister: PortLister = plugged_in,
) -> Reader:
    """Make the reader that settings describe."""
    if settings.kind == "keyboard":
        return KeyboardReader(settings, sink, _decoder(settings), _debounce(settings))
    is_sensor = settings.kind == "r30x"
    port = SerialPort(
        settings.port,
        baudrate=settings.baudrate or (SENSOR_BAUDRATE if is_sensor else CARD_BAUDRATE),
        names=names,
        claimed=claimed,
        lister=lister,
    )
    if is_sensor:
        return FingerprintReader(settings, sink, port=port)
    return SerialCardReader(settings, sink, _decoder(settings), _debounce(settings), port=port)


def _decoder(settings: ReaderSettings) -> Decoder:
    if make := _DECODERS.get(settings.kind):
        return make()
    return LineDecoder(digits=settings.digits, is_hex=settings.is_hex)


def _debounce(settings: ReaderSettings) -> Debounce:
    return Debounce(confirmations=settings.confirmations or CONFIRMATIONS.get(settings.kind, 1))
