"""Reads the memory of a running process, as somebody who took the machine over would, and looks for known bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

BLOCK = 8 * 1024 * 1024
# What the kernel lends every process, and devices: none of it is the process's own.
_NOT_OURS = ("[vvar]", "[vsyscall]", "[vdso]", "/dev/")


class NotAllowed(Exception):
    """This account may not read that process's memory."""


def found_in(pid: int, needles: Mapping[str, bytes]) -> dict[str, int]:
    """How often each of these stands in the memory of a process, swap not counted. Raises NotAllowed."""
    longest = max(len(each) for each in needles.values())
    found = dict.fromkeys(needles, 0)
    try:
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for first, last in _regions(pid):
                rest = b""
                for at in range(first, last, BLOCK):
                    try:
                        memory.seek(at)
                        block = rest + memory.read(min(BLOCK, last - at))
                    except (OSError, ValueError, OverflowError):
                        break  # Given back meanwhile, or never there.
                    for name, needle in needles.items():
                        found[name] += block.count(needle)
                    rest = block[-(longest - 1) :] if longest > 1 else b""
                    for name, needle in needles.items():
                        found[name] -= rest.count(needle)
                for name, needle in needles.items():
                    found[name] += rest.count(needle)
    except PermissionError:
        raise NotAllowed(f"the memory of {pid}") from None
    return found


def _regions(pid: int) -> list[tuple[int, int]]:
    lines = Path(f"/proc/{pid}/maps").read_text("ascii", "replace").splitlines()
    found = []
    for line in lines:
        match = re.match(r"([0-9a-f]+)-([0-9a-f]+) (r\S+)", line)
        if match and not any(word in line for word in _NOT_OURS):
            found.append((int(match[1], 16), int(match[2], 16)))
    return found
