"""Sets a house up in a process of its own and kills it, kill -9, just before the step it was told."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.assembly import make_services
from portal.folder import CODE_FILE
from portal.settings import Settings
from portal.staff.keys import setup
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.ledger import BookPage
from portal.staff.keys.setup import FirstWords, SetUp
from portal.staff.trail import audit
from portal.vault.passwords import Pools
from tests.support.rooms import quick

PASSPHRASE = "seven green kettles whistle"
OWNERS: dict[str, Any] = {  # Any: classes and modules, whose attributes are exchanged here
    "_write": KeysFolder,
    "write": BookPage,
    "line": audit,
    "raise_head": KeysFolder,
    "finish": KeysFolder,
    "_code_path": setup,
}


def main(data: str, keys: str, name: str, times: int) -> None:
    """Run set-up until just before the step `name` is done for the time numbered `times`, counted from 0."""
    step: Callable[..., Any] = getattr(OWNERS[name], name)
    done = 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal done
        if done == times:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
        return step(*arguments, **named)

    setattr(OWNERS[name], name, counted)
    settings = Settings(data_dir=Path(data), keys_dir=Path(keys))
    code = (settings.data_dir / CODE_FILE).read_text("ascii")
    services = make_services(settings, durable_url="redis://127.0.0.1:1", ember_url="redis://127.0.0.1:1")
    services.pools = Pools(work=quick)
    words = FirstWords("Lantern Line", "555-0142", "ca-on", "Ada", "ada", PASSPHRASE, ("en",), "en")
    asyncio.run(SetUp(services).set_up(code, words))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
