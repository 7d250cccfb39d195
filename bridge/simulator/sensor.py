"""An R30x that has fingers in a list instead of a window to lay them on."""

from bridge.frames.r30x import ACK, Packet, PacketDecoder

PASSWORD_WRONG, BAD_SLOT, DIFFERENT, UNKNOWN, NO_IMAGE, NO_FINGER = 0x13, 0x0B, 0x0A, 9, 0x15, 2
SCORE = 120


class Refused(Exception):
    """The sensor says no, by a code."""

    def __init__(self, code: int) -> None:
        self.code = code


class SimulatedSensor:
    """Answers the commands that the bridge uses; a finger is any text."""

    def __init__(self, slots: int = 200, *, says_parameters: bool = True) -> None:
        self.slots, self.says_parameters = slots, says_parameters
        self.finger: str | None = None  # what lies on it now
        self.fingers: dict[int, str] = {}  # by slot
        self._image: str | None = None
        self._buffers: dict[int, str] = {}
        self._model: str | None = None
        self._decoder = PacketDecoder()

    def answer(self, data: bytes) -> bytes:
        """Answer what is whole by these bytes."""
        replies = [self._reply(packet) for packet in self._decoder.feed(data)]
        return b"".join(Packet(ACK, payload).encode() for payload in replies)

    def _reply(self, packet: Packet) -> bytes:
        code, arguments = packet.payload[0], packet.payload[1:]
        commands = {
            0x01: self._look,
            0x02: self._features,
            0x04: self._search,
            0x05: self._combine,
            0x06: self._store,
            0x0C: self._delete,
            0x0F: self._parameters,
            0x13: self._password,
        }
        try:
            return b"\0" + commands[code](arguments)
        except Refused as refused:
            return bytes([refused.code])

    def _password(self, arguments: bytes) -> bytes:
        if arguments != bytes(4):
            raise Refused(PASSWORD_WRONG)
        return b""

    def _parameters(self, _arguments: bytes) -> bytes:
        if not self.says_parameters:
            raise Refused(0x01)
        return bytes(4) + self.slots.to_bytes(2, "big") + bytes(10)

    def _look(self, _arguments: bytes) -> bytes:
        if self.finger is None:
            raise Refused(NO_FINGER)
        self._image = self.finger
        return b""

    def _features(self, arguments: bytes) -> bytes:
        if self._image is None:
            raise Refused(NO_IMAGE)
        self._buffers[arguments[0]] = self._image
        return b""

    def _search(self, arguments: bytes) -> bytes:
        for slot, finger in self.fingers.items():
            if finger == self._buffers.get(arguments[0]):
                return slot.to_bytes(2, "big") + SCORE.to_bytes(2, "big")
        raise Refused(UNKNOWN)

    def _combine(self, _arguments: bytes) -> bytes:
        first, second = self._buffers.get(1), self._buffers.get(2)
        if first is None or first != second:
            raise Refused(DIFFERENT)
        self._model = first
        return b""

    def _store(self, arguments: bytes) -> bytes:
        self.fingers[self._slot(arguments[1:3])] = self._model or ""
        return b""

    def _delete(self, arguments: bytes) -> bytes:
        self.fingers.pop(self._slot(arguments[:2]), None)
        return b""

    def _slot(self, arguments: bytes) -> int:
        if (slot := int.from_bytes(arguments, "big")) >= self.slots:
            raise Refused(BAD_SLOT)
        return slot
