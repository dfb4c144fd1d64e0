"""Has recordings and documents stripped by a program in a sandbox; where there is no such sandbox, none are taken."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tips.files.kinds import DRAWN, MOST_BYTES, MOST_STRIPPED_BYTES, Kind
from tips.files.worker import run

# Debian's own: `mat2` is installed for it, and not for the Python the house runs under.
PYTHON: Final = Path("/usr/bin/python3")
PROGRAM: Final = "tips.files.strip"
ROOT: Final = Path(__file__).parents[2]
# In memory, and gone with the sandbox: what comes in, what a library writes on its way, what goes out.
MOST_OF_THE_FOLDER: Final = MOST_BYTES + 3 * MOST_STRIPPED_BYTES
# Whether it works is asked again so often, for packages come and go while a house runs.
ASKED_AGAIN_SECONDS: Final = 600.0
_SEEN: Final = ("/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig")


class Stripping:
    """What takes the metadata out. One program at a time is the caller's to see to."""

    def __init__(self) -> None:
        self._works = False
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()

    async def works(self) -> bool:
        """Whether this machine can: a document made here is stripped in the sandbox, as a stranger's would be."""
        async with self._asking:
            now = time.monotonic()
            if self._asked_at is None or now - self._asked_at > ASKED_AGAIN_SECONDS:
                code, made = await self._run("try", ())
                self._works = code == DRAWN and made.startswith(b"%PDF-")
                self._asked_at = now
            return self._works

    async def strip(self, kind: Kind, pieces: Sequence[bytes]) -> tuple[int, bytes]:
        """How it ended (`tips.files.kinds`) and what is left of a recording or a document."""
        return await self._run(kind.value, pieces)

    async def _run(self, asked: str, pieces: Sequence[bytes]) -> tuple[int, bytes]:
        bubblewrap = shutil.which("bwrap")
        if bubblewrap is None or not PYTHON.exists():
            return -1, b""
        return await run(_command(bubblewrap, asked), pieces, folder=ROOT, most=MOST_STRIPPED_BYTES)


def _command(bubblewrap: str, asked: str) -> list[str]:
    """The program in a sandbox: it sees the machine's programs and this code, all to be read only, and one folder."""
    command = [bubblewrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    command += ["--ro-bind", "/usr", "/usr"]
    for link in ("lib", "lib64", "bin"):
        command += ["--symlink", f"usr/{link}", f"/{link}"]
    for seen in _SEEN:
        command += ["--ro-bind-try", seen, seen]
    for room in ("tips", "portal"):
        command += ["--ro-bind", str(ROOT / room), f"/house/{room}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(MOST_OF_THE_FOLDER), "--tmpfs", "/memory"]
    # What a library writes on its way, and what one keeps about fonts.
    command += ["--setenv", "TMPDIR", "/memory", "--setenv", "HOME", "/memory"]
    return [*command, "--chdir", "/house", str(PYTHON), "-B", "-s", "-m", PROGRAM, asked]
