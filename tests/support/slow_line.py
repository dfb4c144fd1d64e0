"""A line between a browser and the house that is slow: so many bytes a second, so long on the way, stalled or cut."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

# What one packet of such a line carries.
PACKET: Final = 1400
# Bytes on the way in one direction of one connection; beyond them the sender waits, as it would for a full buffer.
ON_THE_WAY: Final = 32_768


@dataclass
class Passed:
    """One connection: its first bytes, by which it is known, and what has passed both ways."""

    first: bytes = b""
    up: int = 0
    down: int = 0


@dataclass
class SlowLine:
    """Passes bytes from its own port to the house's as a phone's line would; everything shares its width.

    `round_trip_s` is there and back, and what opening a connection costs once more. `bytes_per_s` holds each way for
    all connections together; None is as fast as loopback. It knows no loss: a lost packet is a short stall.
    """

    to_port: int = 0
    round_trip_s: float = 0.0
    bytes_per_s: float | None = None
    passed: list[Passed] = field(default_factory=list)
    port: int = 0
    # What the test's own machine may hold of the house's bytes, so that a stalled line fills up; None is its choice.
    holds_bytes: int | None = None

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._flows: asyncio.Event
        self._free_at = {"up": 0.0, "down": 0.0}
        self._ends: set[asyncio.StreamWriter] = set()
        self._pairs: dict[asyncio.StreamWriter, asyncio.StreamWriter] = {}
        self._left_open: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(5)

    def stall(self) -> None:
        """Nothing passes any more; nobody is told."""
        self._do(self._flows.clear)

    def flow(self) -> None:
        """It passes again, what waited first."""
        self._do(self._flows.set)

    def cut(self) -> None:
        """Every connection breaks now, and new ones too."""
        self._do(self._break)

    def half_open(self) -> None:
        """Every connection breaks at the near end; the house is not told, and its ends stay open and silent."""
        self._do(self._break_near)

    def mend(self) -> None:
        """New connections pass again."""
        self._is_cut = False

    def bytes_of(self, mark: bytes) -> tuple[int, int]:
        """What has passed up and down on the connections whose first bytes hold `mark`."""
        mine = [each for each in self.passed if mark in each.first]
        return sum(each.up for each in mine), sum(each.down for each in mine)

    def close(self) -> None:
        """End the line for good."""
        self._do(self._break)
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(5)

    def _do(self, act: Any) -> None:
        self._loop.call_soon_threadsafe(act)

    def _break(self) -> None:
        self._is_cut = True
        for end in self._ends:
            end.transport.abort()

    def _break_near(self) -> None:
        for near, far in list(self._pairs.items()):
            self._left_open.add(far)
            near.transport.abort()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._flows, self._over = asyncio.Event(), asyncio.Event()
        self._flows.set()
        self._works: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._over.wait()
        server.close()
        for end in self._left_open:
            end.transport.abort()
        for work in list(self._works):
            work.cancel()
        await asyncio.gather(*self._works, return_exceptions=True)

    async def _accept(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        work = asyncio.current_task()
        assert work is not None
        self._works.add(work)
        ends = {near_out}
        passed = Passed()
        self.passed.append(passed)
        try:
            if self._is_cut:
                return
            await asyncio.sleep(self.round_trip_s)
            far_in, far_out = await asyncio.open_connection(sock=await self._to_the_house())
            ends.add(far_out)
            self._ends |= ends
            self._pairs[near_out] = far_out
            await _first_done(self._pass("up", near_in, far_out, passed), self._pass("down", far_in, near_out, passed))
        except OSError:
            pass
        finally:
            self._ends -= ends
            self._pairs.pop(near_out, None)
            self._works.discard(work)
            for end in ends - self._left_open:
                end.transport.abort()

    async def _to_the_house(self) -> socket.socket:
        far = socket.socket()
        far.setblocking(False)
        try:
            if self.holds_bytes is not None:
                far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.holds_bytes)
            await self._loop.sock_connect(far, ("127.0.0.1", self.to_port))
        except BaseException:
            far.close()
            raise
        return far

    async def _pass(self, way: str, source: asyncio.StreamReader, target: asyncio.StreamWriter, passed: Passed) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(ON_THE_WAY // PACKET)
        giving = asyncio.create_task(self._give(way, waiting, target, passed))
        try:
            while packet := await source.read(PACKET):
                now = self._loop.time()
                self._free_at[way] = max(now, self._free_at[way]) + (
                    len(packet) / self.bytes_per_s if self.bytes_per_s else 0.0
                )
                await waiting.put((self._free_at[way] + self.round_trip_s / 2, packet))
            await waiting.put((0.0, b""))
            await giving
        finally:
            giving.cancel()

    async def _give(
        self,
        way: str,
        waiting: asyncio.Queue[tuple[float, bytes]],
        target: asyncio.StreamWriter,
        passed: Passed,
    ) -> None:
        while True:
            at, packet = await waiting.get()
            if not packet:
                return
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            await self._flows.wait()
            if way == "up":
                passed.up += len(packet)
                passed.first = passed.first or packet
            else:
                passed.down += len(packet)
            target.write(packet)
            with contextlib.suppress(ConnectionError):
                await target.drain()


async def _first_done(*works: Coroutine[Any, Any, None]) -> None:
    """Until one direction has ended: then both have, as when a phone closes."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def slow_line(to_port: int = 0, *, round_trip_s: float = 0.0, bytes_per_s: float | None = None) -> Iterator[SlowLine]:
    """A slow line for the length of a `with`."""
    line = SlowLine(to_port, round_trip_s, bytes_per_s)
    try:
        yield line
    finally:
        line.close()
