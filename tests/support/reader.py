"""A browser without script, in a few lines: follows links, fills forms, keeps the desk's one cookie."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from tests.support.again import pressed
from tests.support.chromium import AGENT
from tests.support.html import Document, HtmlForm
from tests.support.web import NOBODY


class Reader:
    """One person at one origin. `answers` holds every answer as it came, redirects one by one."""

    def __init__(self, origin: str, *, agent: str = AGENT, address: str | None = None, timeout: float = 30) -> None:
        self.origin = origin
        self.cookies: dict[str, str] = {}
        self.answers: list[httpx.Response] = []
        self.web = httpx.Client(
            # No connection outlives its answer: a person who is never closed leaves no socket behind.
            transport=httpx.HTTPTransport(
                verify=NOBODY if origin.startswith("http:") else True,
                local_address=address,
                limits=httpx.Limits(max_keepalive_connections=0),
            ),
            headers={"User-Agent": agent, "Accept-Language": "en", "Accept-Encoding": "gzip"},
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )
        self.at = origin + "/"
        self.page = Document("")

    @property
    def answer(self) -> httpx.Response:
        return self.answers[-1]

    @property
    def cookie(self) -> str:
        """The Cookie header this person would send."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def opens(self, path: str, *, follow: bool = True) -> Document:
        """Goes to an address of this origin, and on to wherever it sends one."""
        return self._go("GET", urljoin(self.at, path), None, follow)

    def sends(
        self,
        form: HtmlForm,
        typed: Mapping[str, str | list[str]] | None = None,
        *,
        press: str | None = None,
        follow: bool = True,
    ) -> Document:
        """Sends a form of the page with what was typed; `press` names the button by its value."""
        fields: dict[str, str | list[str]] = {**form.fields, **(typed or {})}
        unknown = set(typed or {}) - set(form.names) - {button.get("name", "") for button in form.buttons}
        assert not unknown, f"the form has no field {unknown}; it has {form.names}"
        pressed = [b for b in form.buttons if press is not None and b.get("value") == press]
        assert press is None or pressed, f"no button {press!r} among {form.buttons}"
        for button in pressed:
            fields[button["name"]] = button["value"]
        return self._go("POST", urljoin(self.at, form.action), fields, follow)

    def _go(self, method: str, url: str, fields: Mapping[str, str | list[str]] | None, follow: bool) -> Document:
        headers = {"Cookie": self.cookie} if self.cookies else {}
        if method == "POST":
            headers |= {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
        answer = pressed(lambda: self.web.request(method, url, data=fields, headers=headers))
        self.answers.append(answer)
        self._keep_cookies(answer)
        if follow and answer.is_redirect:
            onward = urljoin(url, answer.headers["location"])
            if "/".join(onward.split("/")[:3]) == self.origin:
                return self._go("GET", onward, None, follow)
        self.at = url
        text = answer.text if "html" in answer.headers.get("content-type", "") else ""
        self.page = Document(text)
        return self.page

    def _keep_cookies(self, answer: httpx.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value

    @property
    def path(self) -> str:
        return urlsplit(self.at).path

    def close(self) -> None:
        self.web.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
