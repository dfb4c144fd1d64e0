"""One worker: a single server on both listening sockets, until it is told to stop or its parent is gone."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Sequence
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from portal.lifeline import die_with_parent, hide_memory, open_many_files, write_no_core
from portal.line_wire import BoundedLine
from portal.wire import BoundedHttp

STOPS_WITHIN = 2
LOOK_FOR_PARENT_EVERY = 1.0
MOST_FRAME_BYTES = 16 * 1024


class Worker(uvicorn.Server):
    """uvicorn's server with a hard end and an eye on the parent."""

    def __init__(self, config: uvicorn.Config, *, parent: int, ready: int) -> None:
        super().__init__(config)
        self._parent = parent
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept, and say so to the parent."""
        await super().startup(sockets)
        if self.started:
            with contextlib.suppress(OSError):
                os.write(self._ready, b".")
        os.close(self._ready)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; where no signal comes with a parent's death, it is seen here."""
        if counter % 10 == 0 and os.getppid() != self._parent:
            self.handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and be gone in two seconds whatever hangs: a dead Valkey must not hold up the end."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(STOPS_WITHIN)
        super().handle_exit(sig, frame)


def serve(app: ASGIApp, sockets: Sequence[socket.socket], *, parent: int, ready: int) -> None:
    """Run this process as a worker; comes back (or dies by its signal) when it is over.

    ``ready`` is the writing end of a pipe that gets one byte when the sockets are being answered.
    """
    die_with_parent(parent)
    write_no_core()
    hide_memory()
    open_many_files()
    os.setpgid(0, 0)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=BoundedHttp,
        ws=BoundedLine,
        ws_max_size=MOST_FRAME_BYTES,
        # Off: it costs 40 KiB a socket, and a compressed length tells something about what it hides.
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # No header may put an address back into a scope.
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    Worker(config, parent=parent, ready=ready).run(list(sockets))


def run_until_complete(app: ASGIApp, sockets: Sequence[socket.socket], *, parent: int, ready: int) -> int:
    """The exit code of a worker that ended by itself; nothing is raised into the parent's copied stack."""
    try:
        serve(app, sockets, parent=parent, ready=ready)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    return 0
