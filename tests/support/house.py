"""Opens a house for the length of a test: the real server, on free ports and throw-away folders, ended afterwards."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from types import TracebackType

from tests.support.elsewhere import WANTED
from tests.support.first_rows import put_first_rows
from tests.support.ports import free_port
from tests.support.server_process import House, HouseDidNotStart

# The proxy that every house of this run stands behind, with a second server (tests/support/behind.py).
BEHIND = os.environ.get("HOUSE_BEHIND", "")
__all__ = ["House", "HouseDidNotStart", "free_port", "running_house"]


def setting_name(name: str) -> str:
    """`phone_line` is `PORCHLIGHT_PHONE_LINE`; the three addresses of stores have names of their own."""
    name = name.upper()
    is_store = name.removesuffix("_FILE") in {"REDIS_URL", "EMBER_URL", "DATABASE_URL"}
    return name if is_store else f"PORCHLIGHT_{name}"


class running_house:  # noqa: N801 - read as a verb: `with running_house(tmp_path) as house`
    """A started house for the length of a `with` or an `async with`.

    Keyword arguments are settings by their names in small letters, for example `phone_line="555-0100"`. With `shared`
    a second server can `join`. With `migrated` its start finds the file that a first start leaves.
    """

    def __init__(self, root: Path, *, shared: bool = False, migrated: bool = False, **settings: object) -> None:
        told = {setting_name(name): str(value) for name, value in settings.items()}
        self.house = _pair(root, told) if BEHIND else House(root, shared=shared, settings=told)
        if migrated and not WANTED and not BEHIND and not any(name.startswith("DATABASE_URL") for name in told):
            put_first_rows(self.house.database)

    def __enter__(self) -> House:
        return self.house.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.house.gives_back()

    async def __aenter__(self) -> House:
        return await asyncio.to_thread(self.house.start) if BEHIND else await self.house.start_async()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.house.gives_back()


def _pair(root: Path, settings: dict[str, str]) -> House:
    from tests.support.behind import PairBehind  # which a run without a proxy does not need

    return PairBehind.at(root, settings)
