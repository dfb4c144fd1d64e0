"""A company's engine is asked where an operator named it, at that company's host alone, with the key in no address.

What the companies would answer stands here as they document it: from a test nothing is ever sent to them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from i18n import clouds
from i18n.careful import CarefulTranslator
from i18n.clouds import HOSTS, MOST_PIECES, Cloud
from i18n.engine_line import Answer, EngineFailed, Kind, Until
from i18n.translator import State, Status

SAID: Mapping[str, tuple[str, object]] = {
    "deepl": ("https://api-free.deepl.com/v2/translate", {"translations": [{"text": "Necesito ayuda."}]}),
    "google": ("https://translate.google.com/m", '<div class="result-container">Necesito ayuda.</div>'),
    "microsoft": (
        "https://api.cognitive.microsofttranslator.com/translate",
        [{"translations": [{"text": "Necesito ayuda.", "to": "es"}]}],
    ),
}
LANGUAGES = {"translation": {"en": {"name": "English"}, "es": {"name": "Spanish"}, "zh-Hans": {"name": "Chinese"}}}
KEY = "lantern-key:fx"


class Line:
    """Stands where the line out would be; keeps what would have gone over it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.answer: object = ""
        self.status = 200
        monkeypatch.setattr(clouds, "ask", self.ask)

    def ask(self, address: str, *, until: Until, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        assert until.left() > 0
        self.asked.append((address, body or b"", headers))
        said = LANGUAGES if "/languages?" in address else self.answer
        return Answer(self.status, said.encode() if isinstance(said, str) else json.dumps(said).encode())


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(monkeypatch)


@pytest.mark.parametrize("name", sorted(SAID))
async def test_a_company_is_asked_at_its_own_host(line: Line, name: str) -> None:
    address, line.answer = SAID[name]
    house = CarefulTranslator(Cloud(name, KEY))

    said = await house.translate("I need help. Call 555-0142", "en", "es")

    assert (said.text, said.engine, said.status) == ("Necesito ayuda. 555-0142", name, Status.DONE)
    assert house.is_third_party
    assert ("es", "en") in await house.pairs()
    assert any(asked.split("?")[0] == address for asked, _, _ in line.asked)
    assert not any("lantern" in asked or b"0142" in body or "0142" in asked for asked, body, _ in line.asked)


async def test_a_pair_a_company_lacks_is_not_sent_to_it(line: Line) -> None:
    assert (await CarefulTranslator(Cloud("deepl", KEY)).translate("Kumusta ka", "tl", "en")).status is Status.SKIPPED
    assert line.asked == []


@pytest.mark.parametrize("name", sorted(SAID))
async def test_a_company_that_refuses_is_a_failure_and_no_other_is_asked(line: Line, name: str) -> None:
    line.status = 403
    house = CarefulTranslator(Cloud(name, KEY))

    assert (await house.translate("I need help.", "en", "es")).status is Status.FAILED
    assert house.state().state is State.AWAY
    assert {asked.split("/")[2] for asked, _, _ in line.asked} <= HOSTS[name]


def test_the_door_opens_to_the_companys_host_alone_and_by_tls(line: Line) -> None:
    door = Cloud("google", None)._door
    door.opened(Until.after(5))

    for address in ("http://translate.google.com/m", "https://api.mymemory.example/get", "https://libretranslate.de/"):
        with pytest.raises(EngineFailed) as refused:
            door.get(address, params={"q": "words"})
        assert refused.value.kind is Kind.REDIRECTED
    assert line.asked == []


def test_a_text_of_very_many_pieces_goes_to_no_company(line: Line) -> None:
    with pytest.raises(EngineFailed) as refused:
        Cloud("google", None).translate(["a b"] * (MOST_PIECES + 1), ("en", "es"), Until.after(5))

    assert refused.value.kind is Kind.REFUSED
    assert line.asked == []
