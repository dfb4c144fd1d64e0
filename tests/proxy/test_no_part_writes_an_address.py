"""A chat, a note and a wrong number, by TLS 1.3 through each proxy, rows on a server: no part's file names anybody."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.proxy.asking import FORGED, ask
from tests.proxy.conftest import ADDRESS
from tests.support import proxies
from tests.support.chromium import AGENT
from tests.support.desk_people import PHONE_LINE, open_doors, set_up
from tests.support.disk_search import search
from tests.support.line_people import LineVisitor
from tests.support.neutral import neutral_site
from tests.support.postgres import running_postgres
from tests.support.proxies import SITE, HouseBehind, Kind, Proxy, house_behind, trusting
from tests.support.reporters import LineReporter
from tests.support.server_process import REPOSITORY

WORDS = "a tin boat under the willow"
# Whoever comes from this machine comes from 127.x; what a part listens on and asks is its own.
FROM = re.compile(rb"(?<![\d.])127\.0\.0\.(?:[2-9]|\d\d+)(?![\d.])|(?<![\w:])::1(?![\w:])")
# What somebody says of herself, or a machine before ours does.
CLAIMED = ("203.0.113.9", "2001:db8:c:a:n:a:r:77", "forged.example")
CLAIMS = FORGED | {"Forwarded": f'for=203.0.113.9, for="[{CLAIMED[1]}]"', "X-Real-IP": CLAIMED[1]}


@pytest.mark.long
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_after_a_story_no_log_of_any_part_holds_an_address(
    kind: Kind, short_tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies, "fillings", _by_both_families(proxies.fillings))
    with ExitStack() as stack:
        neutral = stack.enter_context(neutral_site())
        # As loud as they can be told to be: what is not said then is not said at all.
        rows = stack.enter_context(running_postgres(log_min_messages="debug1", log_connections="on"))
        with rows.database() as name:
            house = stack.enter_context(
                house_behind(kind, short_tmp_path, neutral.url, phone_line=PHONE_LINE, log_level="debug")
            )
            assert house.proxy is not None
            stack.enter_context(trusting(house.proxy.folder / "fullchain.pem"))
            assert _spoken(house.proxy) == ("TLSv1.3", "h2")
            house.stop()
            house.settings["DATABASE_URL"] = rows.url(name)
            house.launch()
            while not house.is_live(house.direct):
                time.sleep(0.05)
            with closing(set_up(house, address=ADDRESS)) as admin:
                open_doors(admin)
                with closing(LineReporter(house, address=ADDRESS)) as reporter:
                    reporter.sends_note(WORDS)
                    reporter.comes_back("1" * 25)
                with LineVisitor.starts(house, address=ADDRESS) as visitor:
                    visitor.says(WORDS)
            for path in ("/en/numbers", "/nowhere", "/en/note/back"):
                ask(house.proxy.site + path, headers=CLAIMS)
                assert b" 200 " in _asks_by_six(house.proxy, "/en/numbers")
            _backs_up(house)
            logs = [*_logs(house.root), rows.log]
            house.stop()
            house.proxy.stop()
            # Whatever anybody wrote: rows, stores, keys, a copy, the proxy's folders, and not logs alone.
            found = search([ADDRESS, AGENT, WORDS, *CLAIMED], [house.root, rows.folder])
            callers = {path.name: FROM.findall(path.read_bytes()) for path in logs}
    with capsys.disabled():
        said = {path.name: len(callers[path.name]) for path in logs}
        print(f"\n{kind}: addresses found in {len(logs)} logs: {sum(said.values())} {said}")
    assert found == []
    assert {name: each for name, each in callers.items() if each} == {}
    assert len(logs) >= 5


def _by_both_families(filled: Callable[..., list[tuple[str, str]]]) -> Callable[..., list[tuple[str, str]]]:
    """The proxy listens by the newer family of addresses too, as it is shipped."""

    def with_six(kind: Kind, folder: Path, house: HouseBehind, port: int, *more: object) -> list[tuple[str, str]]:
        told = filled(kind, folder, house, port, *more)
        if kind == "caddy":
            return [(old, new.replace("default_bind 127.0.0.1", "default_bind 127.0.0.1 [::1]")) for old, new in told]
        six = [(r"listen \[::\]:443 ", f"listen [::1]:{port} "), (r"listen \[::\]:80;", f"listen [::1]:{more[0]};")]
        return [*six, *(each for each in told if r"\[::\]" not in each[0])]

    return with_six


def _asks_by_six(proxy: Proxy, path: str) -> bytes:
    """The beginning of an answer to somebody who comes from ::1."""
    claims = "".join(f"{name}: {text}\r\n" for name, text in CLAIMS.items())
    with (
        socket.create_connection(("::1", proxy.port)) as line,
        ssl.create_default_context().wrap_socket(line, server_hostname=SITE) as spoken,
    ):
        head = f"GET {path} HTTP/1.1\r\nHost: {SITE}:{proxy.port}\r\nUser-Agent: {AGENT}\r\n{claims}\r\n"
        spoken.sendall(head.encode())
        return spoken.recv(200)


def _backs_up(house: HouseBehind) -> None:
    """A copy of the house, beside it."""
    folder = house.root / "backups"
    folder.mkdir()
    subprocess.run(
        [sys.executable, "server.py", "backup", "--to", str(folder)],
        cwd=REPOSITORY,
        env=house.environment(),
        check=True,
        capture_output=True,
    )
    assert len(list(folder.iterdir())) == 2


def _spoken(proxy: Proxy) -> tuple[str | None, str | None]:
    """By which version of TLS and of HTTP the proxy speaks with whoever knows the newest."""
    context = ssl.create_default_context(cafile=str(proxy.folder / "fullchain.pem"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxy.port)) as line,
        context.wrap_socket(line, server_hostname=SITE) as spoken,
    ):
        return spoken.version(), spoken.selected_alpn_protocol()


def _logs(root: Path) -> list[Path]:
    """Whatever anybody wrote down there that is called a log, an output or an error."""
    kinds = {".log", ".out", ".err"}
    return sorted(path for path in root.rglob("*") if path.is_file() and path.suffix in kinds)
