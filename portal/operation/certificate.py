"""Reads how long the certificate of the house's own address is still good: from a file, or from whoever serves it here.

What is asked is a port of this very machine, by the name the address has; nothing leaves it, and no name server is
asked. Whether browsers trust the certificate is not looked at: only its days.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

WITHIN_S: Final = 3.0
MOST_BYTES: Final = 256 * 1024


class NoCertificate(Exception):
    """None could be read. The text is one dull word: `file`, `silent` or `tls`."""


@dataclass(frozen=True, slots=True)
class Life:
    """From when to when a certificate is good."""

    begins: datetime
    ends: datetime

    def left(self, now: datetime) -> float:
        """Which part of its life is still to come: 1 at its beginning, 0 and less at its end."""
        whole = (self.ends - self.begins).total_seconds()
        return (self.ends - now).total_seconds() / whole if whole > 0 else 0.0


def of_file(path: Path) -> Life:
    """Of the first certificate in a PEM file: a proxy's chain begins with its own. Blocks. Raises NoCertificate."""
    try:
        with path.open("rb") as file:
            return _life(x509.load_pem_x509_certificate(file.read(MOST_BYTES)))
    except (OSError, ValueError):
        raise NoCertificate("file") from None


def of_port(host: str, port: int, name: str) -> Life:
    """Of what answers there by this name. Blocks, for at most `WITHIN_S` a step. Raises NoCertificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    # Its days are read, and nothing is sent: one that is over, or signed by nobody, is what is looked for.
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            closing(socket.create_connection((host, port), timeout=WITHIN_S)) as line,
            context.wrap_socket(line, server_hostname=name) as told,
        ):
            found = told.getpeercert(binary_form=True)
    except ssl.SSLError:
        raise NoCertificate("tls") from None
    except (OSError, ValueError):
        raise NoCertificate("silent") from None
    if found is None:
        raise NoCertificate("tls")
    try:
        return _life(x509.load_der_x509_certificate(found))
    except ValueError:
        raise NoCertificate("tls") from None


def _life(certificate: x509.Certificate) -> Life:
    return Life(certificate.not_valid_before_utc, certificate.not_valid_after_utc)
