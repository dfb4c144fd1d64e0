"""Speaks with a LibreTranslate of the house's own, by a deep-translator class that can reach nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from deep_translator.base import BaseTranslator
from deep_translator.libre import LibreTranslator

from i18n.engine_address import checked_address
from i18n.engine_codes import pairs_of
from i18n.engine_line import Answer, EngineFailed, Kind, Until, ask

MOST_AT_ONCE: Final = 5
"""Pieces in one question; a server's LT_BATCH_LIMIT may not be less."""
MOST_LANGUAGES_BYTES: Final = 256 * 1024

_JSON: Final = {"Content-Type": "application/json", "Accept": "application/json"}


Said = TypeVar("Said")


class _Spoken(msgspec.Struct):
    """One line of what `/languages` says."""

    code: str
    targets: list[str] = []


class _Translated(msgspec.Struct):
    """What `/translate` says to a list."""

    texts: list[str] = msgspec.field(name="translatedText")


class OnPremLibre(LibreTranslator):  # type: ignore[misc]  # the package tells no types
    """deep-translator's LibreTranslate with its way out walled up.

    The stock class takes an unknown `base_url=` without a word and sends the text to a stranger's server; it puts text
    and key into the address, follows redirects, obeys proxies, waits for ever, and quotes the text in its errors. Here
    the address has no default, the languages are the server's own, and the line is `i18n.engine_line`.
    """

    def __init__(
        self, source: str, target: str, *, base_url: str, key: str | None, ca: Path | None, until: Until
    ) -> None:
        self.api_key = key
        self._ca = ca
        self._until = until
        # Not LibreTranslator's: that one demands a key, and knows an address of its own.
        BaseTranslator.__init__(self, base_url, {source: source, target: target}, source, target)

    def translate(self, text: str, **_: object) -> str:
        """One text, translated. Raises EngineFailed."""
        return self.translate_batch([text])[0]

    def translate_batch(self, batch: Sequence[str], **_: object) -> list[str]:
        """Each text, translated, in one question. Raises EngineFailed."""
        asked = {"q": list(batch), "source": self._source, "target": self._target, "format": "text"}
        if self.api_key:
            asked["api_key"] = self.api_key
        body = msgspec.json.encode(asked)
        answer = ask(f"{self._base_url}/translate", until=self._until, body=body, headers=_JSON, ca=self._ca)
        texts = _understood(answer, _Translated).texts
        if len(texts) != len(batch):
            raise EngineFailed(Kind.NOT_UNDERSTOOD)
        return texts

    def translate_file(self, path: str, **_: object) -> str:
        """Never: the stock one ends the process when there is no such file."""
        raise EngineFailed(Kind.REFUSED)


class OnPrem:
    """The house's own LibreTranslate. Blocks; each call ends at its `until`. Raises EngineFailed and nothing else."""

    name: Final = "onprem"
    is_third_party: Final = False

    def __init__(self, address: str, *, allowed: Sequence[str] = (), ca: Path | None = None, key: str | None = None):
        self._address = checked_address(address, allowed)
        self._ca = ca
        self._key = key

    def pairs(self, until: Until) -> Mapping[tuple[str, str], tuple[str, str]]:
        """Each pair of our tags with the server's own codes."""
        answer = ask(f"{self._address}/languages", until=until, headers=_JSON, ca=self._ca, most=MOST_LANGUAGES_BYTES)
        return pairs_of({spoken.code: spoken.targets for spoken in _understood(answer, list[_Spoken])})

    def translate(self, pieces: Sequence[str], codes: tuple[str, str], until: Until) -> list[str]:
        """Each piece, translated; a few to a question."""
        source, target = codes
        engine = OnPremLibre(source, target, base_url=self._address, key=self._key, ca=self._ca, until=until)
        texts: list[str] = []
        for at in range(0, len(pieces), MOST_AT_ONCE):
            texts += engine.translate_batch(pieces[at : at + MOST_AT_ONCE])
        return texts


def _understood(answer: Answer, kind: type[Said]) -> Said:
    if answer.status != 200:
        raise EngineFailed(_refusal(answer.status))
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    raise EngineFailed(Kind.NOT_UNDERSTOOD)


def _refusal(status: int) -> Kind:
    if status in (401, 403, 408, 429):
        return Kind.TURNED_AWAY
    return Kind.REFUSED if status == 400 else Kind.ENGINE_ERROR
