"""Finding a reader again that was unplugged: numbers of ports change, names do not."""

import os
from collections.abc import Callable, Iterable
from typing import Protocol

from serial.tools import list_ports


class Port(Protocol):
    """What is known of a serial port of this machine."""

    device: str
    serial_number: str | None
    location: str | None
    vid: int | None
    pid: int | None


PortLister = Callable[[], Iterable[Port]]


def plugged_in() -> Iterable[Port]:
    """List the serial ports that there are now."""
    ports: Iterable[Port] = list_ports.comports()
    return ports


def stable_name(device: str, ports: Iterable[Port]) -> str | None:
    """Name what is at a port, none if it is no USB device: then its path is its name.

    A serial number that several adapters share, or none at all as with CH340, is no name: there
    it is the socket it is plugged into.
    """
    ports = [*ports]
    found = next((port for port in ports if _is_at(port, device)), None)
    return _name(found, ports) if found else None


def find(name: str, ports: Iterable[Port]) -> str | None:
    """Say at which port something is now."""
    ports = [*ports]
    return next((port.device for port in ports if _name(port, ports) == name), None)


def _is_at(port: Port, device: str) -> bool:
    return os.path.realpath(port.device) == os.path.realpath(device)


def _name(port: Port, ports: list[Port]) -> str | None:
    if port.serial_number and len([one for one in ports if _is_alike(one, port)]) == 1:
        return f"usb {port.vid or 0:04x}:{port.pid or 0:04x} {port.serial_number}"
    return f"socket {port.location}" if port.location else None


def _is_alike(one: Port, other: Port) -> bool:
    return (one.vid, one.pid, one.serial_number) == (other.vid, other.pid, other.serial_number)
