"""The words of whoever asks for help go to a machine of the house's own, or the house does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from i18n.engine_address import checked_address
from portal.assembly import translator_of
from portal.settings import BadSetting, read_settings


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:5000",
        "http://localhost:5000/",
        "http://[::1]:5000",
        "http://10.1.2.3/translate/",
        "https://192.168.4.4:8443",
        "http://[fd00::7]:5000",
    ],
)
def test_a_machine_of_the_houses_own_is_taken(address: str) -> None:
    assert checked_address(address) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://translate.example",
        "https://93.184.216.34",
        "http://169.254.169.254",
        "http://0.0.0.0:5000",
        "http://100.64.0.1",
        "https://[2001:db8::1]",
        "http://2130706433:5000",
        "http://127.0.0.1.translate.example",
    ],
)
def test_a_host_that_nobody_allowed_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="PORCHLIGHT_TRANSLATION_HOSTS"):
        checked_address(address, ["mt.example"])


@pytest.mark.parametrize(
    "address",
    [
        "http://me:canary@127.0.0.1:5000",
        "http://127.0.0.1:5000?key=canary",
        "http://127.0.0.1:5000#canary",
        "http://127.0.0.1:5000\\@canary.example",
        "http://127.0.0.1:5000/%2e%2e/canary",
        "http://127.0.0.1:99999",
        "http:///canary",
        "ftp://127.0.0.1",
        "127.0.0.1:5000",
        "http://127.0.0.1:5000 \nX: canary",
        "",
    ],
)
def test_an_address_with_more_in_it_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ValueError, match="must be an address") as refused:
        checked_address(address)

    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("host", ["libretranslate.com", "LibreTranslate.de", "a.libretranslate.de.", "api.deepl.com"])
def test_a_public_service_is_refused_even_where_somebody_allows_it(host: str) -> None:
    with pytest.raises(ValueError, match="strangers"):
        checked_address(f"https://{host}", [host])


def test_an_allowed_host_is_spoken_to_by_tls_unless_it_is_a_container() -> None:
    assert checked_address("https://MT.example/", ["mt.example"]) == "https://MT.example"
    assert checked_address("http://libretranslate:5000", ["libretranslate"]) == "http://libretranslate:5000"
    with pytest.raises(ValueError, match="https://"):
        checked_address("http://mt.example", ["mt.example"])


def test_what_is_set_is_what_the_house_speaks_with(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("lantern-key\n")
    told = {"PORCHLIGHT_TRANSLATION_URL": "http://127.0.0.1:5000", "PORCHLIGHT_TRANSLATION_KEY_FILE": str(key)}

    assert translator_of(read_settings({})).name == "none"
    assert translator_of(read_settings(told)).name == "onprem"
    assert translator_of(read_settings({"PORCHLIGHT_TRANSLATION_CLOUD": "google"})).is_third_party
    assert "lantern" not in repr(read_settings(told))


def test_the_settings_ask_before_the_house_starts() -> None:
    taken = read_settings(
        {"PORCHLIGHT_TRANSLATION_URL": "https://mt.example", "PORCHLIGHT_TRANSLATION_HOSTS": "mt.example lt"}
    )

    assert taken.translation_hosts == ("mt.example", "lt")
    with pytest.raises(BadSetting) as refused:
        read_settings({"PORCHLIGHT_TRANSLATION_URL": "https://me:canary@mt.example"})
    assert "canary" not in str(refused.value)
