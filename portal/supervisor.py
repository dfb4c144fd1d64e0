"""Keeps the processes alive: the two private Valkeys, the workers, and an orderly end."""

import gc
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp

from portal.store.embedded import EmbeddedValkey, ValkeyDidNotStart
from portal.worker import run_until_complete

LOOK_EVERY = 0.5
_log = logging.getLogger("porchlight.supervisor")
WORKERS_END_WITHIN = 2.4
BEGINS_WITHIN = 30.0
# A child that ends sooner than this after its start is started again with a pause.
TOO_SOON = 1.0
PAUSE = 1.0
GIVES_UP_AFTER = 5


class WorkersDoNotStart(Exception):
    """Every worker ended at its start. The text is a sentence for the person at the terminal."""


@dataclass
class _Child:
    pid: int
    began: float
    place: int


class Supervisor:
    """Forks the workers on the shared sockets and watches over everything, from the main thread alone.

    Nothing but the listening sockets is open across the fork: no loop, no connection, no thread. Each child is
    told by the kernel when this process is gone, so that ``kill -9`` leaves nobody behind.
    """

    def __init__(
        self,
        app: ASGIApp,
        sockets: Sequence[socket.socket],
        valkeys: Sequence[EmbeddedValkey],
        *,
        workers: int,
        begin: Callable[[int], None] = lambda _place: None,
    ) -> None:
        """`begin`: told in each worker which of the places from 0 it has; one that ends leaves its own to the next."""
        self._app = app
        self._sockets = sockets
        self._valkeys = valkeys
        self._wanted = workers
        self._begin = begin
        self._workers: dict[int, _Child] = {}
        self._not_before = 0.0
        self._fell_at_once = 0
        self._has_been_ready = False
        self._valkey_began: dict[str, float] = {}
        self._stopping = False
        self._wake, self._woken = os.pipe()
        self._ready: int | None = None
        self._ready_write: int | None = None

    def run(self, when_ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT, then end every child. Raises ``WorkersDoNotStart``."""
        self._listen_for_signals()
        # What is alive now stays shared with the workers: the collector shall not touch, and so copy, its pages.
        gc.collect()
        gc.freeze()
        gc.enable()
        self._ready, self._ready_write = os.pipe()
        os.set_blocking(self._ready_write, False)
        try:
            self._fill_up()
            self._wait_for_the_first()
            if not self._stopping:
                when_ready()
            while not self._stopping:
                self._sleep(LOOK_EVERY)
                self._look_after_workers()
                self._look_after_valkeys()
        finally:
            self._end()

    def _listen_for_signals(self) -> None:
        os.set_blocking(self._wake, False)
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)

        def stop(_number: int, _frame: object) -> None:
            self._stopping = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        # Only so that it wakes the wait: who ended is asked for there.
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def _sleep(self, seconds: float) -> None:
        select.select([self._wake], [], [], seconds)
        try:
            while os.read(self._wake, 4096):
                pass
        except BlockingIOError:
            pass

    def _fill_up(self) -> None:
        while len(self._workers) < self._wanted and not self._stopping and time.monotonic() >= self._not_before:
            self._fork()

    def _fork(self) -> None:
        parent = os.getpid()
        place = min(set(range(self._wanted)) - {child.place for child in self._workers.values()})
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self._workers[pid] = _Child(pid, time.monotonic(), place)
            return
        code = 1
        try:
            self._become_a_child()
            self._begin(place)
            ready = self._ready_write if self._ready_write is not None else os.open(os.devnull, os.O_WRONLY)
            code = run_until_complete(self._app, self._sockets, parent=parent, ready=ready)
        except BaseException:
            _log.exception("worker_broke")
        finally:
            # Never back into the parent's code, and none of its exit handlers.
            os._exit(code)

    def _become_a_child(self) -> None:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.close(self._wake)
        os.close(self._woken)
        for descriptor in self._only_ours:
            os.close(descriptor)

    _only_ours: tuple[int, ...] = ()

    def keep_from_children(self, *descriptors: int) -> None:
        """Name descriptors (a lock, say) that no worker may hold: they must end with this process."""
        self._only_ours = descriptors

    def _wait_for_the_first(self) -> None:
        ends = time.monotonic() + BEGINS_WITHIN
        while not self._stopping and self._ready is not None:
            readable, _, _ = select.select([self._ready, self._wake], [], [], 0.1)
            if self._ready in readable and os.read(self._ready, 1):
                self._has_been_ready = True
                # The next generation needs no pipe: somebody already answers.
                return
            self._sleep(0)
            self._look_after_workers()
            if time.monotonic() > ends:
                raise WorkersDoNotStart(f"No worker answered within {BEGINS_WITHIN:.0f} seconds.")

    def _look_after_workers(self) -> None:
        for pid, child in list(self._workers.items()):
            ended, _status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            del self._workers[pid]
            if time.monotonic() - child.began < TOO_SOON:
                self._fell_at_once += 1
                self._not_before = time.monotonic() + PAUSE
                if self._fell_at_once >= GIVES_UP_AFTER and not self._has_been_ready:
                    raise WorkersDoNotStart("The workers end as soon as they start; the lines above say where.")
            else:
                self._fell_at_once = 0
        self._fill_up()

    def _look_after_valkeys(self) -> None:
        for valkey in self._valkeys:
            if valkey.is_running() or self._stopping:
                continue
            now = time.monotonic()
            if now - self._valkey_began.get(valkey.name, 0.0) < TOO_SOON:
                continue  # Looked at again in half a second.
            self._valkey_began[valkey.name] = now
            # The workers find it again by themselves; nobody waits for it here.
            _log.error("valkey_ended name=%s", valkey.name)
            try:
                valkey.start()
            except (OSError, ValkeyDidNotStart) as error:
                # Its own words stand in its log, in the folder of the run: they may name a path.
                _log.error("valkey_did_not_start name=%s error=%s", valkey.name, type(error).__name__)

    def _end(self) -> None:
        """Workers first, so that none asks a Valkey that is gone; then the Valkeys."""
        self._stopping = True
        for pid in self._workers:
            _signal(pid, signal.SIGTERM)
        ends = time.monotonic() + WORKERS_END_WITHIN
        while self._workers and time.monotonic() < ends:
            self._reap()
            if self._workers:
                self._sleep(0.05)
        for pid in self._workers:
            _signal(pid, signal.SIGKILL)
        while self._workers:
            self._reap()
            time.sleep(0.005)
        for valkey in self._valkeys:
            if valkey.is_running() and valkey.process is not None:
                valkey.process.terminate()
        for valkey in self._valkeys:
            valkey.stop()
        signal.set_wakeup_fd(-1)

    def _reap(self) -> None:
        for pid in list(self._workers):
            ended, _status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._workers[pid]


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
