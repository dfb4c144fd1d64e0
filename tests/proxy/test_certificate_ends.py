"""Lets the certificate of a house end while somebody writes, behind each shipped proxy: `make machine-faults`.

Seen before and after, by a real handshake, a real browser, an open line, and whoever runs the house.
"""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as NotOpened, sync_playwright

from portal.operation.certificate import NoCertificate, of_port
from tests.proxy.conftest import KINDS
from tests.support.chromium import LIGHT, executable
from tests.support.deaths import until
from tests.support.desk_people import PHONE_LINE, open_doors, set_up
from tests.support.house import free_port
from tests.support.in_charge import InCharge
from tests.support.line_people import LineVisitor
from tests.support.neutral import neutral_site
from tests.support.patience import PATIENCE_S
from tests.support.proxies import DESK, SITE, THE_PROXYS, Kind, Proxy, house_behind, trusting, wait_for
from tests.support.short_certificate import Authority

pytestmark = [pytest.mark.fault, pytest.mark.long, pytest.mark.timeout(900)]

# Long enough for a visitor to come in on a busy machine, and a twentieth of the whole life: "was not renewed in time".
LEFT = timedelta(seconds=60)
ENDS_SOON, IS_OVER = "was not renewed in time", "Browsers show a warning in place of the page"


def handshake(port: int, authority: Path) -> str:
    """How a client that trusts the authority shakes hands: by nothing wrong, or by what its library says is."""
    context = ssl.create_default_context(cafile=str(authority))
    try:
        with (
            closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)) as line,
            context.wrap_socket(line, server_hostname=SITE) as told,
        ):
            assert told.version() == "TLSv1.3"
    except ssl.SSLCertVerificationError as refused:
        return str(refused.verify_message)
    return ""


def opened(home: Path, address: str) -> str:
    """What a new visit shows: the page's words, or the browser's own word for why there is none."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=executable(), args=LIGHT, env={**os.environ, "HOME": str(home)}
        )
        try:
            page = browser.new_page()
            page.goto(address)
            return page.inner_text("body")
        except NotOpened as refused:
            return refused.message
        finally:
            browser.close()


def renewed(kind: Kind, proxy: Proxy, authority: Authority, *, lasts: timedelta) -> datetime:
    """A certificate of so much life left is put there, and the proxy reads it; when it ends."""
    ends = datetime.now(UTC) + lasts
    chain, key = proxy.folder / "fullchain.pem", proxy.folder / "privkey.pem"
    authority.signs(chain, key, SITE, DESK, begins=ends - 20 * LEFT, ends=ends)
    if kind == "nginx":
        proxy.process.send_signal(1)  # as `systemctl reload nginx`: open lines stay
        for _ in range(10):  # its old processes end one by one
            until(lambda: served_until(proxy.port) == ends.replace(microsecond=0), within=PATIENCE_S)
            time.sleep(0.1)
        return ends
    # Its way to be told of anything is shut in the shipped file; a Caddy that gets certificates itself needs none.
    proxy.process.terminate()
    proxy.process.wait(PATIENCE_S)
    again = proxy.process.args
    with (proxy.folder / "printed.log").open("ab") as printed:
        environment = {"PATH": os.environ["PATH"], "HOME": str(proxy.folder / "home"), "TMPDIR": str(proxy.folder)}
        proxy.process = subprocess.Popen(again, cwd=proxy.folder, env=environment, stdout=printed, stderr=printed)
    wait_for(proxy)
    return ends


def served_until(port: int) -> datetime | None:
    """None where nobody answered in that moment."""
    try:
        return of_port("127.0.0.1", port, SITE).ends
    except NoCertificate:
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_ends_under_a_talk_and_is_renewed(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> None:
    place, home = f"127.0.0.1:{free_port()}", tmp_path_factory.mktemp("home")
    authority = Authority.made(home)
    authority.trusted_at(home)
    with ExitStack() as stack:
        neutral = stack.enter_context(neutral_site())
        root = tmp_path_factory.mktemp(kind[0])
        told: dict[str, Any] = {"phone_line": PHONE_LINE, "workers": 1, "metrics": place, "certificate": THE_PROXYS}
        house = stack.enter_context(house_behind(kind, root, neutral.url, **told))
        proxy = house.proxy
        assert proxy is not None
        renewed(kind, proxy, authority, lasts=20 * LEFT)
        stack.enter_context(trusting(authority.file))
        admin = set_up(house)
        stack.callback(admin.close)
        open_doors(admin)
        she = InCharge(house, place, admin)
        assert ENDS_SOON not in she.reads()
        assert IS_OVER not in she.reads()
        assert handshake(proxy.port, authority.file) == ""
        assert PHONE_LINE in opened(home, f"{house.public}/en/")

        ends = renewed(kind, proxy, authority, lasts=LEFT)
        assert ENDS_SOON in she.reads(), "a twentieth of its life is left"
        desk = stack.enter_context(closing(admin.opens_the_line()))
        desk.is_ready()
        with LineVisitor.starts(house) as visitor:
            visitor.says("said before it ended")
            conversation = desk.takes_next()
            assert datetime.now(UTC) < ends, "she came in time"
            time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()) + 1.5)

            assert handshake(proxy.port, authority.file) == "certificate has expired"
            assert "ERR_CERT_DATE_INVALID" in opened(home, f"{house.public}/en/")
            visitor.says("said after it had ended")
            desk.hears("said after it had ended")
            desk.says(conversation, "the open line goes on")
            visitor.hears("the open line goes on")
            # The desk's own door is shut as well: the log and the metric say it, and the ladder calls.
            until(lambda: she.grade("certificate") == "now", within=80)
            assert "operation matter=certificate grade=NOW word=cert_over" in house.printed()
            with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
                she.reads()

            renewed(kind, proxy, authority, lasts=20 * LEFT)
            assert handshake(proxy.port, authority.file) == ""
            assert PHONE_LINE in opened(home, f"{house.public}/en/")
            visitor.comes_back()
            for words in ("said before it ended", "said after it had ended", "the open line goes on"):
                visitor.hears(words)
        she.is_told_no_more("certificate")
        assert IS_OVER not in she.reads()
