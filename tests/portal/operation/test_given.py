"""Metrics are asked for at an address nobody outside reaches, or nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.operation.given import certificate, private_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:9108", ("127.0.0.1", 9108)),
        ("10.0.0.5:9108", ("10.0.0.5", 9108)),
        ("192.168.1.2:1", ("192.168.1.2", 1)),
        ("[::1]:9108", ("::1", 9108)),
        ("[fd00::1]:65535", ("fd00::1", 65535)),
    ],
)
def test_an_address_of_ones_own_is_taken(text: str, place: tuple[str, int]) -> None:
    assert private_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.0:9108", "[::]:9108", "203.0.113.5:9108", "8.8.8.8:9108", "[2001:db8::1]:9108", "169.254.169.254:80"),
        *("[::ffff:8.8.8.8]:9108", "172.32.0.1:9108", "localhost:9108", "9108", ":9108", "127.0.0.1", "127.0.0.1:0"),
        *("127.0.0.1:65536", "::1:9108", "[127.0.0.1]:9108", "127.0.0.1:９１０８", "127.0.0.1:9108/metrics"),
    ],
)
def test_everybodys_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a loopback or private address"):
        private_place(text)


def test_a_certificate_is_a_file_or_a_port_of_this_machine(tmp_path: Path) -> None:
    file = tmp_path / "chain.pem"
    file.touch()
    assert certificate(str(file)) == file
    assert certificate("127.0.0.1:8443") == ("127.0.0.1", 8443)
    assert certificate("[::1]:443") == ("::1", 443)
    for wrong in ("/none/of/it.pem", "talk.example:443", "127.0.0.1", "203.0.113.1:443", "127.0.0.1:x"):
        with pytest.raises(ValueError, match="must be a file"):
            certificate(wrong)
