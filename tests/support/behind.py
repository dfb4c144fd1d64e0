"""Puts every house of a run behind a shipped proxy with a second server beside it, for stories told over both.

`HOUSE_BEHIND` names the proxy, `nginx` or `caddy` (`make two-servers`). Not set: a house is asked directly.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self, cast

from tests.support.ports import free_port
from tests.support.proxies import DESK, SITE, HouseBehind, Kind, start_proxy, trusting, write_pages
from tests.support.web import NOBODY

WANTED: Final = os.environ.get("HOUSE_BEHIND", "")
assert WANTED in {"", "nginx", "caddy"}, "HOUSE_BEHIND is nginx or caddy"
NEUTRAL: Final = "https://www.wikipedia.org/"

_held = ExitStack()


class PairBehind(HouseBehind):
    """Two servers on the same stores, and one proxy that knows both; people know the proxy alone."""

    @classmethod
    def at(cls, root: Path, settings: dict[str, str]) -> PairBehind:
        port = free_port()
        told = {
            "PORCHLIGHT_PUBLIC_ORIGIN": f"https://{SITE}:{port}",
            "PORCHLIGHT_DESK_ORIGIN": f"https://{DESK}:{port}",
            **settings,
        }
        house = cls(root, told, shared=True)
        house.front = port
        return house

    # The port at which the proxy stands.
    front: int = 0

    def start(self) -> Self:
        """Both servers, then the proxy; everything of this process trusts it."""
        self.proxy = None
        super().start()
        second = self.join()
        folder = self.root / "proxy"
        folder.mkdir(exist_ok=True)
        write_pages(self, folder / "pages")
        exit_url = self.settings.get("PORCHLIGHT_EXIT_URLS", NEUTRAL).split()[0].rstrip(",")
        self.proxy = start_proxy(cast(Kind, WANTED), folder, [self, second], self.front, exit_url)
        _trust(folder / "fullchain.pem")
        return self

    def stop(self) -> None:
        if self.proxy is not None:
            self.proxy.stop()
            self.proxy = None
        super().stop()


_trusted: list[Path] = []


def _trust(file: Path) -> None:
    """This certificate too, whoever asks."""
    if not _trusted:
        atexit.register(_held.close)
    kept = Path(tempfile.mkdtemp(prefix="trusted-")) / file.name
    kept.write_bytes(file.read_bytes())
    _trusted.append(kept)
    NOBODY.load_verify_locations(kept)
    _held.close()
    _held.enter_context(trusting(*_trusted))
