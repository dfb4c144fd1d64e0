"""How long a slow phone waits until it can tap and until it was heard, and what an idle talk costs in bytes."""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect

from tests.support.chromium import Chromium, running_chromium
from tests.support.old_browser import NO_SOCKETS, with_dear_bytes, without
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.slow_line import SlowLine, slow_line

CPU_TIMES_SLOWER = 4
PATIENCE_MS = 180_000
IDLE_S = 240
HOUR_S = 3600

# Exit and the page's main button: painted, and the thing that a finger would meet in their middle.
TAPPABLE = """
(() => {
  const reached = (what) => {
    const found = document.querySelector(what);
    if (!found) return false;
    const { left, top, width, height } = found.getBoundingClientRect();
    const met = document.elementFromPoint(left + width / 2, top + height / 2);
    return width > 0 && met !== null && found.contains(met);
  };
  const look = () => {
    if (reached("[data-leave]") && reached(MAIN)) requestAnimationFrame(() => (window.tappable = performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()
"""

PAGES = {
    "home": ("/en/", "a.door"),
    "talk, before Start": ("/en/talk", "#start-form button"),
    "note": ("/en/note", "[name=words]"),
}


@dataclass(frozen=True)
class Profile:
    """One kind of line."""

    name: str
    round_trip_s: float
    bytes_per_s: float | None


FAST = Profile("loopback", 0.0, None)
PROFILES = (FAST, Profile("400 ms, 50 KB/s", 0.4, 50_000), Profile("2 s, 6 KB/s", 2.0, 6_000))


@contextmanager
def phone(chromium: Chromium, *, slower: int = CPU_TIMES_SLOWER, agent: str | None = None) -> Iterator[Page]:
    """A fresh visit from a phone with a slow processor."""
    with chromium.visit(agent=agent) if agent else chromium.visit() as page:
        page.set_default_timeout(PATIENCE_MS)
        page.set_default_navigation_timeout(PATIENCE_MS)
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        yield page


def first_tap(chromium: Chromium, site: str, path: str, main: str, *, by_browser: Profile | None = None) -> float:
    """Seconds from asking for the page until a tap would be met. `by_browser`: Chromium's own emulation of a line."""
    with phone(chromium) as page:
        if by_browser is not None:
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            width = by_browser.bytes_per_s or -1
            told = {"latency": by_browser.round_trip_s * 1000, "downloadThroughput": width, "uploadThroughput": width}
            session.send("Network.emulateNetworkConditions", {"offline": False, **told})
        page.add_init_script(TAPPABLE.replace("MAIN", repr(main)))
        page.goto(site + path, wait_until="commit")
        page.wait_for_function("() => window.tappable", timeout=PATIENCE_MS)
        return float(page.evaluate("() => window.tappable")) / 1000


def first_message(chromium: Chromium, site: str) -> tuple[float, float, float]:
    """Seconds until the line was open, until the first message was acknowledged, and for that message alone."""
    with phone(chromium) as page:
        began = time.monotonic()
        page.goto(f"{site}/en/talk", wait_until="load")
        page.click("#start-form button")
        page.wait_for_selector("#line-state[data-line=connected]")
        is_open = time.monotonic() - began
        page.fill("#field", "I can write for a few minutes.")
        said = time.monotonic()
        page.click("#send")
        expect(page.locator(".bubble-own")).to_have_attribute("data-sent", "received", timeout=PATIENCE_MS)
        return is_open, time.monotonic() - began, time.monotonic() - said


def note_sent(chromium: Chromium, site: str) -> float:
    """Seconds until a note was taken, its number not asked for."""
    with phone(chromium) as page:
        began = time.monotonic()
        page.goto(f"{site}/en/note", wait_until="load")
        page.fill("[name=words]", "A van comes each night.")
        page.click("button[name=keep][value='2']")
        page.wait_for_url(re.compile(r"/en/note/.+"), wait_until="commit")
        page.wait_for_selector("main h1")
        return time.monotonic() - began


def seconds(chromium: Chromium, line: SlowLine, site: str) -> None:
    """The table of waits, for each kind of line."""
    print(f"\nSeconds, processor x{CPU_TIMES_SLOWER} slower, nothing kept from earlier visits")
    print(f"  {'':44}" + "".join(f"{profile.name:>18}" for profile in PROFILES))
    rows: list[tuple[str, list[float]]] = [(f"{name}: first tap", []) for name in PAGES]
    rows += [("talk: the line is open", []), ("talk: first message acknowledged", []), ("talk: that message alone", [])]
    rows += [("note: taken", []), ("home: first tap, Chromium's own emulation", [])]
    for profile in PROFILES:
        line.round_trip_s, line.bytes_per_s = profile.round_trip_s, profile.bytes_per_s
        took = [first_tap(chromium, site, path, main) for path, main in PAGES.values()]
        took += [*first_message(chromium, site), note_sent(chromium, site)]
        line.round_trip_s, line.bytes_per_s = 0.0, None
        took.append(first_tap(chromium, site, *PAGES["home"], by_browser=profile))
        for (_, figures), figure in zip(rows, took, strict=True):
            figures.append(figure)
        print(f"  ({profile.name} done)", file=sys.stderr)
    for name, figures in rows:
        print(f"  {name:44}" + "".join(f"{figure:18.1f}" for figure in figures))


def idle(chromium: Chromium, line: SlowLine, site: str) -> None:
    """Bytes of a talk in which nobody says anything, counted on the line for some minutes and scaled to an hour."""
    ways: dict[str, Callable[[Page], object]] = {
        "by a socket": lambda page: page,
        "by questions": lambda page: without(page, NO_SOCKETS),
        "by questions, bytes are dear": lambda page: with_dear_bytes(without(page, NO_SOCKETS)),
    }
    contexts = []
    for number, prepare in enumerate(ways.values()):
        context = chromium.new_context(agent=f"IdlePhone{number}/1.0 (Linux; Android 8.0) Chrome/64.0")
        contexts.append(context)
        page = context.new_page()
        prepare(page)
        page.goto(f"{site}/en/talk")
        page.click("#start-form button")
        page.wait_for_selector("#line-state[data-line=connected]")
    plain = chromium.new_context(agent="IdlePhone9/1.0 (Linux; Android 8.0) Chrome/64.0", script=False)
    contexts.append(plain)
    page = plain.new_page()
    page.goto(f"{site}/en/talk", wait_until="commit")
    time.sleep(4)
    page.click("#start-form button", no_wait_after=True)
    time.sleep(20)
    marks = {**{name: f"IdlePhone{n}/".encode() for n, name in enumerate(ways)}, "without script": b"IdlePhone9/"}
    before = {name: line.bytes_of(mark) for name, mark in marks.items()}
    time.sleep(IDLE_S)
    print(f"\nIdle talk, waiting: bytes on the line in {IDLE_S} s (HTTP/1.1, headers included), scaled")
    print(f"  {'':34}{'up, KB/h':>12}{'down, KB/h':>12}{'both, KB/10 min':>18}")
    for name, mark in marks.items():
        up, down = (now - then for now, then in zip(line.bytes_of(mark), before[name], strict=True))
        hour = HOUR_S / IDLE_S / 1024
        print(f"  {name:34}{up * hour:12.0f}{down * hour:12.0f}{(up + down) * hour / 6:18.1f}")
    for context in contexts:
        context.close()


def main() -> None:
    """Both tables, on a house of its own; `seconds` or `idle` named on the command line prints one of them."""
    wanted = sys.argv[1:] or ["seconds", "idle"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, slow_line() as line, running_chromium() as chromium:
        site = f"http://127.0.0.1:{line.port}"
        with open_house_at(Path(folder), public_origin=site) as ready:
            measure(ready, chromium, line, site, wanted)


def measure(ready: OpenHouse, chromium: Chromium, line: SlowLine, site: str, wanted: list[str]) -> None:
    line.to_port = ready.house.port
    for name, table in (("seconds", seconds), ("idle", idle)):
        if name in wanted:
            table(chromium, line, site)


if __name__ == "__main__":
    main()
