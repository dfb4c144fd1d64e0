"""The house's own class reaches the house's own engine; the stock one it is made from reaches a stranger."""

from __future__ import annotations

import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import deep_translator.libre
import pytest
from deep_translator import LibreTranslator

from i18n import engine_line
from i18n.careful import CarefulTranslator
from i18n.engine_line import EngineFailed, Kind, Until, ask
from i18n.engines import make_translator
from i18n.onprem import OnPrem, OnPremLibre
from i18n.translator import State, Status
from tests.support.certificate import certificate
from tests.support.engine_double import engine_double

WORDS = "The heron keeps my passport"


class Spy:
    """Stands where the stock class finds `requests`; nothing leaves it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def post(self, address: str, **told: Any) -> object:
        self.asked.append((address, told))
        return SimpleNamespace(status_code=200, json=lambda: {"translatedText": "spied"})


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    spy = Spy()
    monkeypatch.setattr(deep_translator.libre, "requests", spy)
    return spy


def test_the_stock_class_takes_our_address_and_sends_the_words_to_a_stranger(spy: Spy) -> None:
    """Why there is a class of our own. When this fails, read decision 0027 anew; do not make ours simpler before."""
    stock = LibreTranslator(source="en", target="es", api_key="lantern-key", base_url="http://127.0.0.1:5000/")

    stock.translate(WORDS)

    ((address, told),) = spy.asked
    assert address == "https://libretranslate.de/translate"
    assert told["params"] == {
        "q": WORDS,
        "source": "en",
        "target": "es",
        "format": "text",
        "api_key": "lantern-key",
    }  # in the address, where every proxy on the way writes it down
    assert "timeout" not in told


def test_ours_sends_the_same_words_to_the_address_it_was_given_and_nowhere_else(spy: Spy) -> None:
    with engine_double() as double:
        ours = OnPremLibre("en", "es", base_url=double.url, key=None, ca=None, until=Until.after(5))

        assert isinstance(ours, LibreTranslator)
        assert ours.translate("I need help.") == " Necesito ayuda."
        assert len(double.translations) == 1
    assert spy.asked == []
    for wrong in ("custom_url", "use_free_api", "api_key", "proxies"):
        with pytest.raises(TypeError):
            OnPremLibre("en", "es", key=None, ca=None, until=Until.after(1), **{wrong: "x"})


def test_a_file_is_never_read_for_it() -> None:
    ours = OnPremLibre("en", "es", base_url="http://127.0.0.1:1", key=None, ca=None, until=Until.after(1))

    with pytest.raises(EngineFailed):
        ours.translate_file("/nowhere/at/all")


def test_no_proxy_of_the_environment_hears_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with engine_double() as proxy, engine_double() as double:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)

        assert OnPrem(double.url).translate(["I need help."], ("en", "es"), Until.after(5)) == [" Necesito ayuda."]
        assert proxy.asked == []


def test_a_certificate_is_believed_when_the_operator_named_it_and_not_otherwise(tmp_path: Path) -> None:
    known = certificate(tmp_path, "localhost")
    with engine_double(known) as double:
        assert OnPrem(double.url, ca=known.chain).pairs(Until.after(5))
        for address, ca in ((double.url, None), (double.url.replace("localhost", "127.0.0.1"), known.chain)):
            with pytest.raises(EngineFailed) as refused:
                OnPrem(address, ca=ca).pairs(Until.after(5))
            assert refused.value.kind is Kind.BROKEN


def test_a_handshake_that_drips_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_line, "_trust", lambda _: ssl.create_default_context())
    with engine_double() as double:
        double.manner = "hang_languages_too"
        # A server without TLS that waits for the end of what it takes for a line of HTTP.
        with pytest.raises(EngineFailed) as failed:
            ask(double.url.replace("http:", "https:"), until=Until.after(0.3))
    assert failed.value.kind in (Kind.TIMED_OUT, Kind.BROKEN)


@pytest.mark.parametrize("key", ["wrong", None])
async def test_a_key_that_is_not_taken_is_said_by_its_kind(key: str | None) -> None:
    with engine_double() as double:
        double.key = "lantern-key"
        house = CarefulTranslator(OnPrem(double.url, key=key))

        assert (await house.translate("I need help.", "en", "es")).status is Status.FAILED
        # Without any the engine refuses the question and is there; a wrong one turns the house away.
        assert house.state().state is (State.AWAY if key else State.READY)


async def test_a_house_that_sets_no_engine_has_none_and_says_so() -> None:
    house = make_translator()

    said = await house.translate(WORDS, "en", "es")

    assert (house.name, house.is_third_party) == ("none", False)
    assert (said.status, said.text, said.engine) == (Status.SKIPPED, "", "none")
    assert await house.pairs() == frozenset()
    assert house.state().state is State.OFF


def test_an_address_names_the_houses_own_engine_and_a_company_only_its_name() -> None:
    own = make_translator(url="http://127.0.0.1:5000", cloud="google")
    company = make_translator(cloud="google")

    assert (own.name, own.is_third_party) == ("onprem", False)
    assert (company.name, company.is_third_party) == ("google", True)
    with pytest.raises(ValueError, match="strangers"):
        make_translator(url="https://libretranslate.com")
