"""One tab or frame of Firefox in the words of a hand and an eye: open, tap, type, read, go back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.bidi import Element, Refused
from tests.support.firefox_finger import (
    COVERED_BY,
    INTO_THE_MIDDLE,
    INTO_VIEW,
    IS_UNDER_THE_FINGER,
    SCROLL_SETTLES_S,
    SCROLLS,
    finger,
)
from tests.support.patience import PATIENCE_S, pauses

if TYPE_CHECKING:
    from tests.support.firefox import Firefox

# A realm of the test's own: it reads the page whether or not the page may run script, and the page cannot see it.
APART = "the test's own"

WORDS = "() => document.body ? document.body.innerText : ''"
FIELDS = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea")].map(each =>
    /^(radio|checkbox)$/.test(each.type) ? (each.checked ? each.name + "=" + each.value : "") : each.value)"""
TEXTS = "where => [...document.querySelectorAll(where)].map(each => each.innerText.trim())"
SAYS_YES = """() => {
    const asked = gBrowser.getTabDialogBox(gBrowser.selectedBrowser).getContentDialogManager()._dialogs;
    const dialogs = asked.map(each => each._frame.contentDocument?.querySelector("dialog")).filter(each => each);
    dialogs.forEach(each => each.getButton("accept").click());
    return dialogs.length;
}"""
TO_THE_TOP = """(each, of) => {
    const outer = document.querySelector(of);
    outer.scrollBy(0, each.getBoundingClientRect().top - outer.getBoundingClientRect().top);
}"""
IS_SHOWN = "each => each.checkVisibility({ visibilityProperty: true, opacityProperty: true })"


@dataclass(frozen=True)
class FirefoxTab:
    """What a person can do with one page, and what she sees of it."""

    firefox: Firefox
    context: str

    # Going

    def opens(self, url: str, *, until: str = "complete") -> None:
        """Types an address; `until` is `none`, `interactive` or `complete`."""
        self._asks("navigate", url=url, wait=until)

    def reloads(self) -> None:
        self._asks("reload", wait="complete")

    def tries_again(self) -> None:
        """Asks for the page again that did not come, and says yes where the browser asks whether to send again."""
        self.runs("() => { setTimeout(() => location.reload(), 0); }")
        self.until(lambda: bool(self.firefox.window_runs(SAYS_YES)), "the browser to ask whether to send again")
        # A question that is still being drawn takes no answer yet.
        self.until(lambda: not self.firefox.window_runs(SAYS_YES), "the browser's question to be answered")

    def goes_back(self, steps: int = 1) -> bool:
        """Back, to whatever page stands there; False when there is nothing before this one.

        The button skips pages nobody touched; this does not, as the list under the button does not.
        """
        try:
            self._asks("traverseHistory", delta=-steps)
        except Refused as refused:
            if refused.code == "no such history entry":
                return False
            raise
        return True

    def is_offline(self) -> None:
        """No network from here on, as in flight mode."""
        self.firefox.bidi.asks(
            "emulation.setNetworkConditions", contexts=[self.context], networkConditions={"type": "offline"}
        )

    def is_sized(self, size: tuple[int, int]) -> None:
        self._asks("setViewport", viewport={"width": size[0], "height": size[1]})

    def comes_to_the_front(self) -> None:
        """One of several tabs is the one being looked at."""
        self._asks("activate")

    def closes(self) -> None:
        self._asks("close")

    # Hand

    def taps(self, where: str) -> None:
        """A real press and release in the middle of the one element shown there."""
        self.holds(where, 0)

    def taps_twice(self, where: str) -> None:
        """Two taps in one breath, wherever the second then lands."""
        self.holds(where, 0, times=2)

    def holds(self, where: str, seconds: float, *, times: int = 1) -> None:
        """The same, and between press and release so much time. What is covered is scrolled clear first."""
        held = [{"type": "pause", "duration": round(seconds * 1000)}] if seconds else []
        press = [{"type": "pointerDown", "button": 0}, *held, {"type": "pointerUp", "button": 0}]
        ends = time.monotonic() + PATIENCE_S
        for pause in pauses():
            element = self.the(where)
            for _ in range(SCROLLS):
                if not self._runs(INTO_VIEW, element):
                    break
                time.sleep(SCROLL_SETTLES_S)
            if covers := str(self._runs(COVERED_BY, element)):
                assert time.monotonic() < ends, f"{where} lies under {covers}"
                self._runs(INTO_THE_MIDDLE, element)
                time.sleep(SCROLL_SETTLES_S)
                continue
            origin = {"type": "element", "element": {"sharedId": element.name}}
            try:
                for aside in (1, 0):  # a finger that does not move feels nothing new
                    self._acts(finger({"type": "pointerMove", "x": aside, "y": 0, "origin": origin}))
                if self._runs(IS_UNDER_THE_FINGER, element):
                    self._acts(finger(*press * times))
                    return
                assert time.monotonic() < ends, f"{where} is not what lies under the finger"
                time.sleep(pause)
            except Refused as refused:
                # The page grew under the finger: nothing was pressed yet, and a person would look again.
                if refused.code != "move target out of bounds" or time.monotonic() > ends:
                    raise

    def types(self, where: str, text: str) -> None:
        """Taps into a field and presses key after key."""
        self.taps(where)
        self.presses(*text)

    def scrolls_to_the_top(self, where: str, *, of: str) -> None:
        """Scrolls until the element stands at the very top of what it is in."""
        self._runs(TO_THE_TOP, self.the(where), of)
        time.sleep(SCROLL_SETTLES_S)

    def presses(self, *keys: str) -> None:
        """Each key down and up again, wherever the focus is."""
        strokes = [{"type": way, "value": key} for key in keys for way in ("keyDown", "keyUp")]
        self._acts({"type": "key", "id": "keyboard", "actions": strokes})

    def _acts(self, source: dict[str, Any]) -> None:
        self.firefox.bidi.asks("input.performActions", context=self.context, actions=[source])

    # Eye

    @property
    def address(self) -> str:
        """Where the tab is, as its history says."""
        tree = self._asks("getTree", at="root", maxDepth=0)
        return str(tree["contexts"][0]["url"])

    @property
    def history(self) -> list[str]:
        """Every address Back and Forward can lead to, this one included."""
        look = """id => {
            const history = BrowsingContext.get(gBrowser.selectedBrowser.browsingContext.id).sessionHistory;
            return Array.from({ length: history.count }, (_, at) => history.getEntryAtIndex(at).URI.spec);
        }"""
        found: list[str] = self.firefox.window_runs(look)
        return found

    def asks_for(self) -> Callable[[], list[str]]:
        """From now on: what the tab asked the network for."""
        bidi = self.firefox.bidi
        bidi.asks("session.subscribe", events=["network.beforeRequestSent"], contexts=[self.context])
        since = len(bidi.told)
        # A `data:` address asks nobody.
        return lambda: [url for url in map(address_asked, bidi.listens()[since:]) if not url.startswith("data:")]

    def kept(self) -> dict[str, int]:
        """What the browser keeps for the site of this page; empty where it keeps nothing."""
        return self.firefox.keeps(self.address)

    @property
    def title(self) -> str:
        return str(self._runs("() => document.title"))

    @property
    def words(self) -> str:
        """All words a person can see on the page."""
        return str(self._runs(WORDS))

    @property
    def fields(self) -> list[str]:
        """What stands in each field."""
        return [str(each) for each in self._runs(FIELDS)]

    def all(self, where: str) -> list[Element]:
        """Every element of the page that the selector names."""
        found = self._asks("locateNodes", locator={"type": "css", "value": where})["nodes"]
        return [Element(each["sharedId"]) for each in found]

    def shown(self, where: str) -> list[Element]:
        """Those of them that are not hidden."""
        return [each for each in self.all(where) if self._runs(IS_SHOWN, each)]

    def the(self, where: str) -> Element:
        """The first one shown; waits for it."""
        self.until(lambda: bool(self.shown(where)), f"{where} to be shown")
        return self.shown(where)[0]

    def covers(self, where: str) -> str:
        """What a finger would meet instead of the element; empty where it meets the element."""
        return str(self._runs(COVERED_BY, self.the(where)))

    def value(self, where: str) -> str:
        return str(self._runs("each => each.value", self.the(where)))

    def text(self, where: str) -> str:
        return str(self._runs("each => each.innerText", self.the(where)))

    def texts(self, where: str) -> list[str]:
        """The words of every element the selector names, in the order of the page."""
        found = self._runs(TEXTS, where)
        return [str(each) for each in found]

    def attribute(self, where: str, name: str) -> str:
        return str(self._runs("(each, name) => each.getAttribute(name) ?? ''", self.the(where), name))

    def picture(self) -> str:
        """What is on the screen, as a PNG in base64."""
        return str(self._asks("captureScreenshot")["data"])

    def frames(self) -> list[FirefoxTab]:
        """Every page inside a frame of this one."""
        inside = self._asks("getTree", at="root")["contexts"][0]["children"]
        return [FirefoxTab(self.firefox, each["context"]) for each in inside]

    def frame(self, where: str) -> FirefoxTab:
        """The page inside a frame; waits until it is there."""
        wanted = self.the(where)
        for inside in self.frames():
            locator = {"type": "context", "value": {"context": inside.context}}
            holder = self._asks("locateNodes", locator=locator)["nodes"]
            if holder and self._runs("(one, other) => one === other", Element(holder[0]["sharedId"]), wanted):
                return inside
        raise AssertionError(f"{where} holds no page")

    # Waiting

    def until(self, claim: Callable[[], bool], what: str, *, within: float = PATIENCE_S) -> None:
        """Looks until the claim holds; a page on its way to another cannot be asked, and is looked at again."""
        ends = time.monotonic() + within
        for pause in pauses():
            try:
                if claim():
                    return
            except Refused as refused:
                if refused.code in {"invalid selector", "invalid argument"}:
                    raise
            if time.monotonic() > ends:
                raise AssertionError(f"waited {within} s for {what}, at {self.address}: {self.words[:400]!r}")
            time.sleep(pause)

    def is_at(self, begins: str, *, within: float = PATIENCE_S) -> None:
        self.until(lambda: self.address.startswith(begins), f"the address {begins}", within=within)

    def sees(self, text: str, *, within: float = PATIENCE_S) -> None:
        self.until(lambda: text in self.words, f"the words {text!r}", within=within)

    # Underneath

    def runs(self, function: str, *given: object) -> Any:
        """Calls a function in the page's own world, as its own script would; not for pages without script."""
        return self.firefox.bidi.runs({"context": self.context}, function, *given)

    def _runs(self, function: str, *given: object) -> Any:
        return self.firefox.bidi.runs({"context": self.context, "sandbox": APART}, function, *given)

    def _asks(self, verb: str, *, within: float = PATIENCE_S, at: str = "context", **params: Any) -> dict[str, Any]:
        return self.firefox.bidi.asks(f"browsingContext.{verb}", within=within, **{at: self.context}, **params)


def address_asked(told: dict[str, Any]) -> str:
    """The address in what the browser told of a request."""
    return str(told["params"]["request"]["url"])
