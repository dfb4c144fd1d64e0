"""Speaks with a company's engine through deep-translator's own class for it, over a line that ends in time.

Only where an operator has named the company. The stock classes wait for ever, follow redirects and obey proxies: each
takes `requests` from its module's own names, so that name is pointed to a door of ours, which opens to that company's
host alone.
"""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from deep_translator.constants import DEEPL_LANGUAGE_TO_CODE, GOOGLE_LANGUAGES_TO_CODES
from deep_translator.deepl import DeeplTranslator
from deep_translator.google import GoogleTranslator
from deep_translator.microsoft import MicrosoftTranslator

from i18n.engine_codes import pairs_of
from i18n.engine_line import Answer, EngineFailed, Kind, Until, ask

HOSTS: Final[Mapping[str, frozenset[str]]] = {
    "deepl": frozenset({"api.deepl.com", "api-free.deepl.com"}),
    "google": frozenset({"translate.google.com"}),
    "microsoft": frozenset({"api.cognitive.microsofttranslator.com"}),
}
MOST_PIECES: Final = 12
"""These are asked a piece at a time; a text with more of them is not sent."""


@dataclass(frozen=True)
class _Response:
    """The part of a response that the stock classes read."""

    answer: Answer

    @property
    def status_code(self) -> int:
        return self.answer.status

    @property
    def text(self) -> str:
        return self.answer.body.decode("utf-8", "replace")

    def json(self) -> Any:  # whatever a company says; the stock classes pick it apart
        return json.loads(self.answer.body)

    def close(self) -> None:
        """Nothing is open any more."""


class _Door:
    """What a stock class finds under the name `requests`."""

    def __init__(self, hosts: frozenset[str], exceptions: object) -> None:
        self._hosts = hosts
        self.exceptions = exceptions  # those of `requests`, by which one of them catches
        self._now = threading.local()

    def opened(self, until: Until) -> None:
        """Until when this thread may ask."""
        self._now.until = until

    def get(self, address: str, params: Mapping[str, str] | None = None, **_: object) -> _Response:
        # DeepL takes words and key in the body and a header just as well: there they reach no log of addresses.
        if params and "auth_key" in params:
            rest = {name: said for name, said in params.items() if name != "auth_key"}
            return self._ask(address, urlencode(rest).encode(), {**_FORM, "Authorization": _deepl(params["auth_key"])})
        return self._ask(f"{address}?{urlencode(params)}" if params else address.strip(), None, {})

    def post(
        self, address: str, params: Mapping[str, str], headers: Mapping[str, str], json: object, **_: object
    ) -> _Response:
        return self._ask(f"{address}&{urlencode(params)}", _encoded(json), headers)

    def _ask(self, address: str, body: bytes | None, headers: Mapping[str, str]) -> _Response:
        parts = urlsplit(address)
        if parts.scheme != "https" or parts.hostname not in self._hosts:
            raise EngineFailed(Kind.REDIRECTED)
        answer = ask(address, until=self._now.until, body=body, headers=headers)
        if answer.status != 200:
            raise EngineFailed(Kind.TURNED_AWAY if answer.status in (401, 403, 429, 456) else Kind.ENGINE_ERROR)
        return _Response(answer)


_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def _deepl(key: str) -> str:
    return f"DeepL-Auth-Key {key}"


def _encoded(body: object) -> bytes:
    return json.dumps(body).encode()


class _Microsoft(MicrosoftTranslator):  # type: ignore[misc]  # the package tells no types
    """The stock class, which asks for its languages before every message, with the two it needs."""

    def __init__(self, source: str, target: str, key: str) -> None:
        self._needed = {source: source, target: target}
        super().__init__(source=source, target=target, api_key=key)

    def _get_supported_languages(self) -> Mapping[str, str]:
        return self._needed


class Cloud:
    """One company's engine. Blocks; each call ends at its `until`."""

    is_third_party: Final = True

    def __init__(self, name: str, key: str | None) -> None:
        self.name = name
        self._key = key or ""
        stock: Any = importlib.import_module(f"deep_translator.{name}")
        stock.requests = self._door = _Door(HOSTS[name], stock.requests.exceptions)

    def pairs(self, until: Until) -> Mapping[tuple[str, str], tuple[str, str]]:
        """Every language it has into every other."""
        self._door.opened(until)
        codes = list(self._languages().values())
        return pairs_of(dict.fromkeys(codes, codes))

    def translate(self, pieces: Sequence[str], codes: tuple[str, str], until: Until) -> list[str]:
        """Each piece, translated, one after the other."""
        if len(pieces) > MOST_PIECES:
            raise EngineFailed(Kind.REFUSED)
        self._door.opened(until)
        translator = self._made(*codes)
        return [translator.translate(piece) or "" for piece in pieces]

    def _languages(self) -> Mapping[str, str]:
        if self.name == "google":
            return GOOGLE_LANGUAGES_TO_CODES  # type: ignore[no-any-return]
        if self.name == "deepl":
            return DEEPL_LANGUAGE_TO_CODE  # type: ignore[no-any-return]
        return MicrosoftTranslator(source="auto", api_key=self._key).get_supported_languages(as_dict=True)  # type: ignore[no-any-return]

    def _made(self, source: str, target: str) -> Any:  # a stock class
        if self.name == "google":
            return GoogleTranslator(source=source, target=target)
        if self.name == "deepl":
            # The company's own sign of a free key.
            is_free = self._key.endswith(":fx")
            return DeeplTranslator(source=source, target=target, api_key=self._key, use_free_api=is_free)
        return _Microsoft(source, target, self._key)
