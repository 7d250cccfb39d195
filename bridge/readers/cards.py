"""Readers of cards: bytes of a serial port, or keys of a keyboard."""

import time

from bridge.debounce import Debounce
from bridge.frames.decoding import Decoder
from bridge.readers.base import CARD, Reader, ReaderLost, Sink
from bridge.readers.serial_port import SerialPort, lost_when_it_fails
from bridge.settings import ReaderSettings


class CardReader(Reader):
    """Makes presented cards out of what a decoder finds."""

    def __init__(
        self, settings: ReaderSettings, sink: Sink, decoder: Decoder, debounce: Debounce
    ) -> None:
        super().__init__(settings, sink)
        self._decoder, self._debounce = decoder, debounce

    def take(self, data: bytes) -> None:
        """Take what the reader sent, if anything."""
        now = time.monotonic()
        for number in self._decoder.feed(data, now):
            sighting = self._debounce.sighted(number, now)
            if sighting and not self.present(CARD, sighting):
                self._debounce.forget(number)  # held on, it is tried again
        self.status.counts = self._decoder.counts + self._debounce.counts


class SerialCardReader(CardReader):
    """A card reader at a serial port."""

    def __init__(
        self,
        settings: ReaderSettings,
        sink: Sink,
        decoder: Decoder,
        debounce: Debounce,
        *,
        port: SerialPort,
    ) -> None:
        super().__init__(settings, sink, decoder, debounce)
        self._port = port

    def listen(self) -> None:
        """Read what comes, and notice by reading nothing that time passes."""
        with lost_when_it_fails(), self._port.opened() as serial:
            self.is_ready()
            while not self.is_stopped:
                self.take(serial.read(serial.in_waiting or 1))


class KeyboardReader(CardReader):
    """A reader that types, at a USB port, taken away from every other program.

    Without that, whoever is signed in at the machine would find numbers of cards typed.
    """

    def listen(self) -> None:
        """Read the keys that are pressed."""
        from bridge.readers.keyboard import pressed  # noqa: PLC0415  (an extra of Linux)

        try:
            for data in pressed(self.settings.port):
                self.is_ready()
                if self.is_stopped:
                    return
                self.take(data)
        except OSError as error:
            raise ReaderLost(str(error)) from error
