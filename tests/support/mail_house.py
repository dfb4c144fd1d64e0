"""A real mail server on loopback: by TLS from the first byte or by STARTTLS, with a name, a password and a will."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.certificate import Certificate
from tests.support.house import free_port

NAME, PASSWORD = "desk", "seven lanterns"


@dataclass
class MailHouse:
    """What came, each letter with whom it was for and whether its line was closed to others."""

    url: str = ""
    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    was_private: list[bool] = field(default_factory=list)
    refuses: str = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        if self.refuses or not session.authenticated:
            return self.refuses or "530 who is it?"
        assert isinstance(envelope.content, bytes)
        self.letters.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=default)))
        self.was_private.append(server.transport is not None and server.transport.get_extra_info("cipher") is not None)
        return "250 OK"


@contextlib.contextmanager
def mail_house(known: Certificate, *, host: str = "localhost", starts_in_clear: bool = False) -> Iterator[MailHouse]:
    """A server that takes letters from whoever says the password on a private line."""
    house, port = MailHouse(), free_port()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(known.chain, known.key)
    told: dict[str, Any] = {"authenticator": _knows, "hostname": host, "port": port}
    if starts_in_clear:
        told |= {"tls_context": context, "require_starttls": True}
    else:
        # The line is private already: this server counts only its own STARTTLS.
        told |= {"ssl_context": context, "auth_require_tls": False}
    server = Controller(house, **told)
    scheme = "smtp" if starts_in_clear else "smtps"
    house.url = f"{scheme}://{NAME}:{PASSWORD.replace(' ', '%20')}@{host}:{port}?from=desk@lantern.example"
    server.start()
    try:
        yield house
    finally:
        server.stop()


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any) -> AuthResult:
    is_right = isinstance(said, LoginPassword) and said == LoginPassword(NAME.encode(), PASSWORD.encode())
    return AuthResult(success=is_right)
