"""The invented people of the demonstration: they act over HTTP and a websocket, as anybody outside would."""

import http.client
import json
import re
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from urllib.parse import urlencode

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

# Younger than this a form counts as pressed by a machine.
READING_SECONDS: Final = 3.2
HEARTBEAT_SECONDS: Final = 15.0
_WAIT: Final = 20

Fields = Iterable[tuple[str, str]]


class DemoBroke(Exception):
    """The house did not answer as it should; the text says where."""


@dataclass
class Browser:
    """One person's browser: cookies, forms, and the way a 303 leads."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    path: str = ""

    @property
    def origin(self) -> str:
        """Where its pages come from."""
        return f"http://{self.host}:{self.port}"

    def open(self, path: str) -> str:
        """Go to a page and follow where it leads; its text."""
        return self._go("GET", path, None)

    def send(self, path: str, fields: Fields) -> str:
        """Post a form, with the token of the page it stands on; the text of the page it leads to."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page)
        return self._go("POST", path, [*fields, *([("csrf", token[1])] if token else [])])

    def post_json(self, path: str, message: Mapping[str, str]) -> dict[str, str]:
        """Post as a page's own script does."""
        status, text, _ = self._ask("POST", path, json.dumps(message), "application/json")
        if status != 200:
            raise DemoBroke(f"{path} answered {status}")
        answer: dict[str, str] = json.loads(text)
        return answer

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]+)"', self.page)
        if not found:
            raise DemoBroke(f"no field {name} on {self.path}")
        return unescape(found[1])

    def slip(self) -> list[str]:
        """The groups of a code, or of digits, that a page of the desk shows."""
        return next(iter(self.slips()), [])

    def slips(self) -> list[list[str]]:
        """The same for a page that shows several, in their order."""
        found = re.findall(r'class="desk-digits"[^>]*>(.*?)</bdi>', self.page, re.DOTALL)
        return [re.findall(r"<span>([^<]+)</span>", each) for each in found]

    def _go(self, method: str, path: str, fields: Fields | None) -> str:
        body = None if fields is None else urlencode(list(fields))
        status, text, onward = self._ask(method, path, body, "application/x-www-form-urlencoded")
        for _ in range(5):
            if status != 303:
                break
            path = onward
            status, text, onward = self._ask("GET", path, None, "")
        if status not in (200, 203):
            raise DemoBroke(f"{path} answered {status}")
        self.page, self.path = text, path
        return text

    def _ask(self, method: str, path: str, body: str | None, kind: str) -> tuple[int, str, str]:
        line = http.client.HTTPConnection(self.host, self.port, timeout=_WAIT)
        headers = {"Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        except OSError as broke:
            raise DemoBroke(f"{path} did not answer ({type(broke).__name__})") from None
        finally:
            line.close()
        for each in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = each.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")


@dataclass(frozen=True)
class Sample:
    """One invented tip, in the language it was written in."""

    language: str
    fields: Mapping[str, str]


def send_tips(host: str, port: int, samples: Iterable[Sample]) -> int:
    """Send the samples through the public form, each from a browser of its own; how many were kept."""
    waiting = []
    for sample in samples:
        browser = Browser(host, port)
        browser.open(f"/{sample.language}/note")
        waiting.append((browser, sample, browser.hidden("k")))
    threading.Event().wait(READING_SECONDS)
    for browser, sample, start in waiting:
        browser.send(f"/{sample.language}/note", [("k", start), ("keep", "2"), *sample.fields.items()])
        if browser.path.count("/") != 3 or 'name="words"' in browser.page:
            raise DemoBroke("a sample tip was not kept")
    return len(waiting)


class Visitor(threading.Thread):
    """Somebody who waits in line until the demonstration ends, and answers a little when she is taken."""

    def __init__(self, host: str, port: int, language: str, answers: Mapping[str, str], lines: list[str]) -> None:
        super().__init__(name="visitor", daemon=True)
        self._browser = Browser(host, port)
        self._language = language
        self._answers = answers
        self._lines = lines
        self._line: ClientConnection | None = None

    def ask_for_help(self) -> None:
        """Press Start and stand in line; returns once the first words are kept."""
        talk = f"/{self._language}/talk"
        self._browser.open(talk)
        start = self._browser.hidden("start")
        threading.Event().wait(READING_SECONDS)
        token = self._browser.post_json(talk, {"start": start})["token"]
        self._line = connect(
            f"ws://{self._browser.host}:{self._browser.port}/line/talk",
            origin=Origin(self._browser.origin),
            subprotocols=[Subprotocol("line.1")],
            compression=None,
            proxy=None,
            open_timeout=_WAIT,
        )
        self._tell("Resume", token=token, last=0)
        self._hear("Welcome")
        for question, choice in self._answers.items():
            self._tell("Answer", key=_key(), question=question, choice=choice)
        self._say_next()
        self._hear("MessageAccepted")
        self.start()

    def run(self) -> None:
        """Keep the line alive, and say the next line whenever the advocate has written."""
        try:
            while self._line is not None:
                try:
                    frame = json.loads(self._line.recv(timeout=HEARTBEAT_SECONDS))
                except TimeoutError:
                    self._tell("Here")
                    continue
                if frame["type"] == "MessagePosted" and frame["author"] == "advocate":
                    threading.Event().wait(2)
                    self._say_next()
        except (WebSocketException, OSError):
            return  # The talk is over, or the house is; either ends the part.

    def leave(self) -> None:
        """Let go of the line."""
        if self._line is not None:
            self._line.close()

    def _say_next(self) -> None:
        if self._lines:
            self._tell("Say", key=_key(), text=self._lines.pop(0))

    def _hear(self, kind: str) -> None:
        for _ in range(20):
            if self._line is not None and json.loads(self._line.recv(timeout=_WAIT))["type"] == kind:
                return
        raise DemoBroke(f"the line never said {kind}")

    def _tell(self, kind: str, **fields: str | int) -> None:
        if self._line is not None:
            self._line.send(json.dumps({"type": kind, **fields}))


def _key() -> str:
    return secrets.token_urlsafe(16)
