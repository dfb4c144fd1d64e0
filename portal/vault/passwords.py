"""Runs Argon2 where it can neither stop the event loop nor crowd out those who need it most.

Four pools with workers of their own: whoever signs in at the desk, people of the desk who are known already, reporters
who come back with a receipt, and tips being filed. Somebody who floods one of them takes nothing from the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

from portal.vault.errors import PoolFull, SealBroken

SALT_BYTES: Final = 16
HASH_BYTES: Final = 32
_ENCODING: Final = 1


@dataclass(frozen=True, slots=True)
class Parameters:
    """What one Argon2id run costs: memory in KiB, passes over it, lanes side by side. It always gives 32 bytes."""

    memory_kib: int
    passes: int
    lanes: int

    def encode(self) -> bytes:
        """Seven bytes to keep beside a row: 01 | memory in KiB, 4 | passes, 1 | lanes, 1 (big-endian)."""
        return bytes((_ENCODING,)) + self.memory_kib.to_bytes(4, "big") + bytes((self.passes, self.lanes))

    @classmethod
    def decode(cls, encoded: bytes) -> Parameters:
        """Read `encode`'s bytes back.

        Raises `SealBroken` for anything unknown, weaker than `FILING` or heavier than `HEAVIEST`: whoever can write
        to the database must not make a password cheap to guess, nor one sign-in eat the machine.
        """
        if len(encoded) != 7 or encoded[0] != _ENCODING:
            raise SealBroken("Argon2 parameters are unknown")
        read = cls(int.from_bytes(encoded[1:5], "big"), encoded[5], encoded[6])
        inside = (
            FILING.memory_kib <= read.memory_kib <= HEAVIEST.memory_kib
            and FILING.passes <= read.passes <= HEAVIEST.passes
            and FILING.lanes <= read.lanes <= HEAVIEST.lanes
        )
        if not inside:
            raise SealBroken("Argon2 parameters are out of bounds")
        return read


FILING: Final = Parameters(19 * 1024, 2, 1)
"""Receipts: 76 random bits need no slow hash to be strong, only enough to make each try cost something."""

STAFF: Final = Parameters(64 * 1024, 3, 1)
"""Passwords people chose."""

HEAVIEST: Final = Parameters(512 * 1024, 10, 4)


def argon2id(parameters: Parameters, secret: bytes, salt: bytes) -> bytes:
    """One Argon2id run (RFC 9106) over `secret` with a salt of at least 16 bytes; gives 32 bytes.

    Blocks for tens of milliseconds: on the event loop use a `Pool`.
    """
    if len(salt) < SALT_BYTES:
        raise ValueError("a salt is at least 16 bytes")
    return hash_secret_raw(
        secret,
        salt,
        time_cost=parameters.passes,
        memory_cost=parameters.memory_kib,
        parallelism=parameters.lanes,
        hash_len=HASH_BYTES,
        type=Type.ID,
        version=ARGON2_VERSION,
    )


Work = Callable[[Parameters, bytes, bytes], bytes]


def _step_back(nice: int) -> None:
    """Let this thread yield to all others of the machine: a talk comes before a number that is tried."""
    with contextlib.suppress(OSError):  # only Linux gives each thread a rank of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


class Pool:
    """A fixed number of workers for Argon2 and a fixed number of places to wait for them."""

    def __init__(
        self, name: str, workers: int, waiting: int, work: Work = argon2id, *, nice: int = 0, kept: int = 0
    ) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=name, initializer=_step_back, initargs=(nice,))
        self._places = workers + waiting
        self._kept = kept
        self._taken = 0
        self.refused = 0
        self._counting = threading.Lock()
        self._work = work

    async def run(self, parameters: Parameters, secret: bytes, salt: bytes, *, has_waited: bool = False) -> bytes:
        """Run Argon2id in a worker of this pool and wait for its 32 bytes.

        Raises `PoolFull` at once when every place is taken: a queue without end would let everybody wait forever. The
        last places are kept for whoever `has_waited`: who only tries one number after another takes none of them.
        When the caller is cancelled a job that has not begun is dropped; one that has begun keeps its place until it
        is done, because its worker is busy until then.
        """
        self._take_place(0 if has_waited else self._kept)
        try:
            job = self._executor.submit(self._work, parameters, secret, salt)
        except BaseException:
            self._give_place_back()
            raise
        job.add_done_callback(self._give_place_back)
        return await asyncio.wrap_future(job)

    @property
    def busy(self) -> int:
        """How many jobs are running or waiting now."""
        return self._taken

    async def close(self) -> None:
        """Drop what is waiting, let what is running finish, end the workers."""
        await asyncio.to_thread(self._executor.shutdown, wait=True, cancel_futures=True)

    def _take_place(self, kept: int) -> None:
        with self._counting:
            if self._taken >= self._places - kept:
                self.refused += 1
                raise PoolFull("every place is taken")
            self._taken += 1

    def _give_place_back(self, _job: Future[bytes] | None = None) -> None:
        # Called from a worker's thread, or from the loop's when a waiting job was dropped.
        with self._counting:
            self._taken -= 1


class Pools:
    """The four pools of a server process. Workers start with the first job, so a pool may be made before a fork."""

    def __init__(self, *, workers: int = 1, waiting: int = 16, work: Work = argon2id) -> None:
        self.staff: Final = Pool("staff", workers, waiting, work)
        self.known: Final = Pool("known", workers, waiting, work)
        # Anybody can ask for these without end: what they take from a processor shall not be taken from a talk. Only a
        # little, for a thread that is kept waiting while it holds the interpreter keeps the event loop waiting too.
        self.coming_back: Final = Pool("coming-back", workers, waiting, work, nice=10, kept=waiting // 2)
        self.filing: Final = Pool("filing", workers, waiting * 4, work)

    async def close(self) -> None:
        """Close them all."""
        await asyncio.gather(*(pool.close() for pool in (self.staff, self.known, self.coming_back, self.filing)))
