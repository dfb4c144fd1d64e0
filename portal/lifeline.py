"""Ties a process to the one that started it and keeps its memory off every disk."""

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
# Loaded here, once: between fork and exec nothing may be imported.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, with_signal: signal.Signals = signal.SIGTERM) -> None:
    """Called in a child: ask the kernel for ``with_signal`` when ``parent`` is gone.

    The signal follows the *thread* that forked, so only a main thread may start children. A parent that
    died before this line is noticed by ``getppid``. Elsewhere than on Linux the workers look for themselves.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def write_no_core() -> None:
    """No core file of this process and its children, whatever happens: memory holds open words."""
    # One byte, not zero: zero still lets the kernel pipe a core to a collector, one stops that too (core(5)).
    lowest = 1 if _LIBC is not None else 0
    # Whoever started us may have allowed less already; then that is kept, for it cannot be raised.
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard != resource.RLIM_INFINITY:
        lowest = min(lowest, hard)
    resource.setrlimit(resource.RLIMIT_CORE, (lowest, lowest))


def open_many_files() -> None:
    """Let this process hold as many sockets as the machine allows; the usual first limit is a thousand."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def hide_memory() -> None:
    """Neither a debugger of the same account nor a crash may read this process's memory (Linux)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def swap_is_on() -> bool:
    """True when the machine may write memory to a swap disk: then an ember can outlive its deletion."""
    try:
        with open("/proc/swaps", encoding="ascii", errors="replace") as table:
            return len([line for line in table.read().splitlines()[1:] if not line.startswith("/dev/zram")]) > 0
    except OSError:
        return False
