"""Proves that the house forgets: holds a talk with itself, ends it, and looks for it in everything there is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from chat.proof_talk import ProofTalk, Seed
from chat.relay import Relay
from chat.retention import Sweeper
from portal.ids import from_text, random_key, to_text
from portal.proof.needles import Haystack, Needle
from portal.proof.own_line import OwnLine
from portal.proof.places import Found, Searched, search_folder, search_store, what_stood
from portal.proof.report import FOUND, tell_end, tell_open
from portal.proof.rows import search_rows
from portal.services import Services

# The sweeper looks every two seconds; the store's file is written anew 30 seconds after the last time at most.
GONE_WITHIN_S: Final = 120.0
LOOKS_EVERY_S: Final = 1.0


class Proving:
    """One proof. Its seed outlives a kill, so that the next proof ends this one's talk and looks for it too."""

    def __init__(
        self, services: Services, folders: Sequence[Path], shared: Sequence[Path], say: Callable[[str], None]
    ) -> None:
        """`folders`: all of each is looked at. `shared`: of those only what our account wrote since the beginning."""
        self._services = services
        self._folders = folders
        self._shared = shared
        self._say = say
        self._kept = services.settings.data_dir / "run" / "proof"

    async def prove(self, line: OwnLine | None, *, sweeps: bool) -> int:
        """Do it and say what was looked at; 0 when nothing was found. `sweeps`: no house runs that would.

        Raises NotSetUp, ValkeyAway, DatabaseAway, LineSilent.
        """
        relay = Relay(self._services)
        try:
            return await self._prove(ProofTalk(self._services, relay, line), line, Sweeper(relay) if sweeps else None)
        finally:
            await self._close()

    async def _prove(self, talk: ProofTalk, line: OwnLine | None, sweeper: Sweeper | None) -> int:
        seed, earlier = Seed(random_key(), time.time()), self._earlier()
        needles = seed.needles()
        for old in earlier:
            self._say("An earlier proof was cut off in the middle. Its talk is ended and looked for as well.")
            needles += [*old.needles("earlier: "), *await talk.seals(old, "earlier: ")]
        everything = [*earlier, seed]
        self._keep(everything)
        needles += await talk.hold(seed)
        way = "into the stores, for no server answers here" if line is None else f"over the line at {line.where}"
        self._say(f"A talk was begun and words were said both ways, the visitor's {way}. No advocate was called.")
        since = min(each.began for each in everything)
        stood = what_stood(await self._search(needles, since))
        was_sealed = tell_open(stood, self._say)
        for each in everything:
            await talk.end(each)
        async with _sweeping(sweeper):
            waited_s = await self._wait_until_gone(talk, everything, needles, _folders_of(stood))
        self._say(f"The talk was ended, and {waited_s:.0f} s were waited for the sweeper and the store's new file.")
        last = await self._search(needles, since)
        self._kept.unlink(missing_ok=True)
        verdict = tell_end(needles, last, self._say, is_file_seen=bool(_folders_of(stood)))
        return verdict if was_sealed else FOUND

    async def _search(self, needles: Iterable[Needle], since: float) -> list[Searched]:
        haystack = Haystack(needles)
        found = [await asyncio.to_thread(search_folder, str(path), path, haystack) for path in self._folders]
        for path in self._shared:
            called = f"{path}, what this account wrote there since the beginning"
            found.append(await asyncio.to_thread(search_folder, called, path, haystack, since=since))
        found.append(await search_store("the durable store", self._services.durable, haystack))
        found.append(await search_store("the ember store", self._services.ember_client, haystack))
        if not isinstance(self._services.settings.database_place, Path):
            found.append(await search_rows("the rows on the server", self._services.database, haystack, self._folders))
        return found

    async def _wait_until_gone(
        self, talk: ProofTalk, seeds: list[Seed], needles: list[Needle], folders: list[Path]
    ) -> float:
        """Wait for the sweeper, and for the new file, as long as they may take; the last search judges."""
        began, haystack = time.monotonic(), Haystack(needles)
        while time.monotonic() - began < GONE_WITHIN_S:
            await asyncio.sleep(LOOKS_EVERY_S)
            if any([await talk.is_there(each) for each in seeds]):
                continue
            if not what_stood([await asyncio.to_thread(search_folder, "", each, haystack) for each in folders]):
                break
        return time.monotonic() - began

    async def _close(self) -> None:
        services = self._services
        await services.pools.close()
        await services.database.close()
        await services.durable.aclose()
        await services.ember_client.aclose()

    def _keep(self, seeds: list[Seed]) -> None:
        text = "".join(f"{to_text(each.raw)} {each.began:.0f}\n" for each in seeds)
        descriptor = os.open(self._kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _earlier(self) -> list[Seed]:
        seeds = []
        with contextlib.suppress(FileNotFoundError):
            for line in self._kept.read_text("ascii").splitlines():
                raw, _, began = line.partition(" ")
                # Half a line is what a kill left of one: its talk had not begun.
                with contextlib.suppress(ValueError):
                    seeds.append(Seed(from_text(raw, 32), float(began)))
        return seeds


@asynccontextmanager
async def _sweeping(sweeper: Sweeper | None) -> AsyncIterator[None]:
    """Sweep meanwhile, where nobody else does."""
    work = asyncio.create_task(sweeper.run()) if sweeper is not None else None
    try:
        yield
    finally:
        if work is not None:
            work.cancel()
            await asyncio.wait([work])


def _folders_of(found: list[Found]) -> list[Path]:
    """The folders of the files in which sealed words stood: where the durable store keeps its own."""
    return sorted({Path(each.where).parent for each in found if each.needle.sort == "sealed" and "/" in each.where})
