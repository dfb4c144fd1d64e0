"""What an operator sets about being seen: where metrics are asked for, how lines of the log look, which certificate."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final

from portal.readings import THIS_MACHINE

LOG_FORMATS: Final = ("words", "json")
# The networks nobody is reached in from outside (RFC 1918, RFC 4193), and this machine itself.
_PRIVATE: Final = tuple(
    ip_network(each) for each in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)

Place = tuple[str, int]


@dataclass(frozen=True)
class Seeing:
    """The part of the settings that is about seeing how the house is."""

    metrics: Place | None = None
    certificate: Path | Place | None = None
    log_format: str = "words"


def private_place(text: str) -> Place:
    """An address of this machine that nobody reaches from outside, and a port: `127.0.0.1:9108`, `[fd00::1]:9108`."""
    wrong = ValueError("must be a loopback or private address and a port, like 127.0.0.1:9108")
    host, found, port = text.rpartition(":")
    if not found or not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        raise wrong
    try:
        address = ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise wrong from None
    is_bracketed = host.startswith("[") and host.endswith("]")
    if is_bracketed != (address.version == 6) or not any(address in each for each in _PRIVATE):
        raise wrong
    return str(address), int(port)


def certificate(text: str) -> Path | Place:
    """A certificate's file by its full path, or the port of this machine where the proxy answers."""
    if text.startswith("/"):
        path = Path(text)
        if not path.is_file():
            raise ValueError("must be a file that is there, or a port of this machine like 127.0.0.1:443")
        return path
    host, _, port = text.rpartition(":")
    if host.strip("[]") not in THIS_MACHINE or not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        raise ValueError("must be a file's full path, or a port of this machine like 127.0.0.1:443")
    return host.strip("[]"), int(port)
