"""A chat, a note and a wrong number, by TLS 1.3 through each proxy, rows on a server: no part's log names anybody."""

from __future__ import annotations

import re
import socket
import ssl
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.proxy.conftest import ADDRESS
from tests.support.chromium import AGENT
from tests.support.desk_people import PHONE_LINE, open_doors, set_up
from tests.support.disk_search import search
from tests.support.line_people import LineVisitor
from tests.support.neutral import neutral_site
from tests.support.postgres import running_postgres
from tests.support.proxies import SITE, Kind, Proxy, house_behind, trusting
from tests.support.reporters import LineReporter

WORDS = "a tin boat under the willow"
# Whoever comes from this machine comes from 127.x; what a part listens on and asks is its own.
FROM = re.compile(rb"(?<![\d.])127\.0\.0\.(?:[2-9]|\d\d+)(?![\d.])")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_after_a_story_no_log_of_any_part_holds_an_address(
    kind: Kind, short_tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
            logs = [*_logs(house.root), rows.log]
            house.stop()
            house.proxy.stop()
            found = search([ADDRESS, AGENT, WORDS], logs)
            callers = {path.name: FROM.findall(path.read_bytes()) for path in logs}
    with capsys.disabled():
        said = {path.name: len(callers[path.name]) for path in logs}
        print(f"\n{kind}: addresses found in {len(logs)} logs: {sum(said.values())} {said}")
    assert found == []
    assert {name: each for name, each in callers.items() if each} == {}
    assert len(logs) >= 5


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
