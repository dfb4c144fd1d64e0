"""Carries an alert out of the house: by mail, by the operator's webhook, or by the operator's own command.

Where it may go is the operator's word alone: the mail server, the address of the hook, the command. A person adds only
whom it is for there. An alert says the house's name and that the desk is to be opened, and nothing else, whatever it is
about: mail servers, telephone companies and locked screens read it too.
"""

import asyncio
import contextlib
import http.client
import json
import logging
import os
import shlex
import smtplib
import ssl
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Final, TypeVar
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from portal.readings import THIS_MACHINE
from portal.settings import Settings

THREADS: Final = 4
WITHIN_S: Final = 10.0  # under the 15 seconds after which another process calls again
MAIL, WEBHOOK, COMMAND = "mail", "webhook", "command"

Where = TypeVar("Where")
_REFUSALS: Final = (smtplib.SMTPException, http.client.HTTPException, subprocess.SubprocessError)
_log = logging.getLogger("porchlight.alerts")


class Ways:
    """The ways this house has. Nothing that fails here is raised: a call that went nowhere is called again."""

    def __init__(self, settings: Settings) -> None:
        self._smtp = None if settings.alert_smtp_url is None else urlsplit(settings.alert_smtp_url.reveal())
        self._hook = None if settings.alert_webhook_url is None else urlsplit(settings.alert_webhook_url.reveal())
        self._command = shlex.split(settings.alert_command)
        # Threads of their own: one that hangs in a name server holds up no page, and nobody waits for it.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="alert")

    @property
    def offered(self) -> tuple[str, ...]:
        """The ways that the operator has set up."""
        has = {MAIL: self._smtp is not None, WEBHOOK: self._hook is not None, COMMAND: bool(self._command)}
        return tuple(way for way, is_set in has.items() if is_set)

    async def send(self, way: str, target: str, words: str) -> bool:
        """Send `words` to `target`; whether the other side took it, within WITHIN_S."""
        try:
            async with asyncio.timeout(WITHIN_S):
                if way == MAIL and self._smtp is not None:
                    await self._apart(_mail, self._smtp, target, words)
                elif way == WEBHOOK and self._hook is not None:
                    await self._apart(_post, self._hook, target, words)
                elif way == COMMAND and self._command:
                    await self._apart(_run, self._command, target, words)
                else:
                    return False
        except (OSError, TimeoutError, ValueError, *_REFUSALS) as error:
            # Only the kind: the text of such an error quotes addresses and answers.
            _log.warning("alert_not_sent way=%s error=%s", way, type(error).__name__)
            return False
        return True

    async def _apart(self, send: Callable[[Where, str, str], None], where: Where, target: str, words: str) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, send, where, target, words)


def _mail(server: SplitResult, target: str, words: str) -> None:
    letter = EmailMessage()
    letter["From"] = parse_qs(server.query)["from"][0]
    letter["To"] = target
    letter["Subject"] = words
    letter.set_content(words + "\n")
    host, is_near = server.hostname or "", server.hostname in THIS_MACHINE
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(host, server.port or 465, timeout=WITHIN_S, context=context)
    else:
        connection = smtplib.SMTP(host, server.port or 587, timeout=WITHIN_S)
    with connection:
        if server.scheme == "smtp" and not is_near:
            connection.starttls(context=context)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(letter)


def _post(hook: SplitResult, target: str, words: str) -> None:
    host, path = hook.hostname or "", (hook.path or "/") + (f"?{hook.query}" if hook.query else "")
    connection: http.client.HTTPConnection
    if hook.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, hook.port, timeout=WITHIN_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, hook.port, timeout=WITHIN_S)
    with contextlib.closing(connection):
        body = json.dumps({"to": target, "words": words})
        connection.request("POST", path, body=body, headers={"Content-Type": "application/json"})
        status = connection.getresponse().status
    if not 200 <= status < 300:
        raise ConnectionRefusedError("the hook said no")


def _run(command: list[str], target: str, words: str) -> None:
    subprocess.run(  # noqa: S603 - the operator's own command, from the settings
        command,
        # By its input and never as an argument: arguments stand in the machine's list of processes for everybody.
        input=f"{target}\n{words}\n".encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath},  # the house's own may hold addresses and passwords of its stores
        timeout=WITHIN_S,
        check=True,
    )
