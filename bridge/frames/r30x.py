"""The packets of R30x, AS608 and ZFM fingerprint sensors, written and read by us alone.

EF01, address (4), packet id (1), length (2) of payload and checksum, payload, checksum (2): the
sum of everything from the packet id on.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

HEADER = b"\xef\x01"
ANYBODY = 0xFFFF_FFFF  # the address a sensor has until somebody gives it another
COMMAND, DATA, ACK, END_OF_DATA = 0x01, 0x02, 0x07, 0x08
PACKET_IDS = frozenset({COMMAND, DATA, ACK, END_OF_DATA})
BEFORE_PAYLOAD = 9
CHECKSUM = 2
LONGEST = 256 + CHECKSUM  # of payload and checksum


class Packet(NamedTuple):
    """What one side says to the other."""

    packet_id: int
    payload: bytes
    address: int = ANYBODY

    def encode(self) -> bytes:
        """Write it as it goes over the wire."""
        length = (len(self.payload) + CHECKSUM).to_bytes(2, "big")
        summed = bytes([self.packet_id]) + length + self.payload
        return HEADER + self.address.to_bytes(4, "big") + summed + checksum(summed)


def checksum(summed: bytes) -> bytes:
    """Add up the bytes from the packet id to the end of the payload, in 16 bits."""
    return (sum(summed) & 0xFFFF).to_bytes(CHECKSUM, "big")


def command(code: int, *arguments: tuple[int, int]) -> bytes:
    """Write a command; each argument is a number and its length in bytes."""
    parts = [value.to_bytes(length, "big") for value, length in arguments]
    return Packet(COMMAND, bytes([code]) + b"".join(parts)).encode()


class PacketDecoder:
    """Finds packets among whatever else is on the wire."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Packet]:
        """Take some bytes and give the packets that are whole by them."""
        self._buffer += data
        return [*self._packets()]

    def reset(self) -> None:
        """Forget half a packet: whoever sent it has fallen silent."""
        self._drop(len(self._buffer))

    def _packets(self) -> Iterator[Packet]:
        while self._buffer:
            begun = self._buffer.find(HEADER)
            if begun < 0:
                self._drop(len(self._buffer) - self._buffer.endswith(HEADER[:1]))
                return
            self._drop(begun)
            if len(self._buffer) < BEFORE_PAYLOAD:
                return
            packet_id, length = self._buffer[6], int.from_bytes(self._buffer[7:9], "big")
            if packet_id not in PACKET_IDS or not CHECKSUM <= length <= LONGEST:
                self._drop(len(HEADER))
                continue
            if len(self._buffer) < BEFORE_PAYLOAD + length:
                return
            yield from self._whole(BEFORE_PAYLOAD + length)

    def _whole(self, end: int) -> Iterator[Packet]:
        summed = bytes(self._buffer[6 : end - CHECKSUM])
        if checksum(summed) != self._buffer[end - CHECKSUM : end]:
            self.counts["checksum"] += 1
            self._drop(len(HEADER))  # the packet it tore may begin in the middle of it
            return
        address, payload = int.from_bytes(self._buffer[2:6], "big"), summed[3:]
        packet = Packet(self._buffer[6], payload, address)
        del self._buffer[:end]
        self.counts["frames"] += 1
        yield packet

    def _drop(self, length: int) -> None:
        self.counts["noise"] += length
        del self._buffer[:length]
