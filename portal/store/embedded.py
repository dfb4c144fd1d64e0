"""Starts one private Valkey, knows when it answers, and ends it."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import signal
import socket
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from portal.lifeline import die_with_parent, write_no_core
from portal.store.binary import find_valkey

USER = "porchlight"
READY_WITHIN = 30.0
ASK_EVERY = 0.005
STOPS_WITHIN = 2.0
EARLIER_ENDS_WITHIN = 5.0
# A unix socket's path must stay under 108 bytes; valkey-server itself adds a few while it binds.
LONGEST_SOCKET_PATH = 100

# Nothing here may keep, count or show what passes through: no slow log, command log, latency monitor or crash log.
_COMMON = """
port 0
unixsocketperm 700
daemonize no
databases 1
save ""
maxmemory-policy noeviction
loglevel warning
hide-user-data-from-log yes
slowlog-log-slower-than -1
commandlog-execution-slower-than -1
commandlog-request-larger-than -1
commandlog-reply-larger-than -1
latency-monitor-threshold 0
latency-tracking no
crash-log-enabled no
crash-memcheck-enabled no
enable-debug-command no
enable-protected-configs no
enable-module-command no
stop-writes-on-bgsave-error no
shutdown-on-sigint nosave now force
shutdown-on-sigterm nosave now force
"""

_KEPT = """
appendonly yes
appendfsync always
auto-aof-rewrite-min-size 4mb
auto-aof-rewrite-percentage 100
"""

_FORGOTTEN = """
appendonly no
"""

# No CONFIG, MONITOR, DEBUG, KEYS, SAVE, SYNC, FLUSHALL: a thief of the address can neither copy nor watch the whole.
_RIGHTS = "~* &* +@all -@admin -@dangerous +info"
# What was erased is asked out of the append-only file. Never for the ember store: the command writes a file there too.
_KEPT_RIGHTS = f"{_RIGHTS} +bgrewriteaof"


class ValkeyDidNotStart(Exception):
    """The server ended or stayed silent. The text is a sentence for the person at the terminal."""


class EmbeddedValkey:
    """One Valkey of our own on a unix socket, with a user and a password made at this start.

    ``folder`` is where it keeps its append-only file, synced before every answer; None makes it a server that
    writes nothing at all, the ember store. ``run`` holds what a start needs (0700, of no value afterwards).
    Must be started from a process's main thread: it ends when that thread does.
    """

    def __init__(self, name: str, *, run: Path, folder: Path | None, password: str | None = None) -> None:
        self.name = name
        self.run = run
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self._password = password or secrets.token_urlsafe(32)
        self.socket_path = _socket_path(run, name)

    @property
    def url(self) -> str:
        """How to reach it, password included. For a file of mode 0600 or a settings field, never for a log."""
        return f"unix://{USER}:{self._password}@{quote(str(self.socket_path))}"

    def prepare(self) -> tuple[Path, int]:
        """Make everything its program reads: the file of settings, and the lock it holds as long as it lives.

        Raises OSError, ``ValkeyDidNotStart``.
        """
        _make_private(self.run)
        # The ember store stands in an empty folder; nothing is ever written there.
        home = self.folder or self.run / f"{self.name}-empty"
        _make_private(home)
        lock = self._wait_for_an_earlier_one()
        try:
            self.socket_path.unlink(missing_ok=True)
            conf = self._write_conf(home)
            # A second server on this machine joins by these; so may nobody but our own account.
            _write_private(self._url_path, self.url + "\n")
        except BaseException:
            os.close(lock)
            raise
        return conf, lock

    def start(self) -> None:
        """Start the program and come back at once; ``wait_until_ready`` follows. Also starts it again."""
        conf, lock = self.prepare()
        try:
            parent = os.getpid()

            def tie() -> None:
                signal.pthread_sigmask(signal.SIG_SETMASK, ())
                die_with_parent(parent)
                write_no_core()

            log = _open_private(self.run / f"{self.name}.log")
            with os.fdopen(log, "wb") as output:
                self.process = subprocess.Popen(  # noqa: S603 - our own program with our own file
                    [find_valkey(), conf],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd="/",
                    env={"LC_ALL": "C"},
                    process_group=0,
                    umask=0o077,
                    preexec_fn=tie,
                    pass_fds=(lock,),
                )
        finally:
            # The program holds the lock from here on, as long as it lives and no longer.
            os.close(lock)

    def wait_until_ready(self, limit: float = READY_WITHIN) -> None:
        """Ask every 5 ms until it answers and can run scripts. Raises ``ValkeyDidNotStart``."""
        ends = time.monotonic() + limit
        while time.monotonic() < ends:
            if not self.is_running():
                raise ValkeyDidNotStart(f"The {self.name} Valkey ended at its start: {self._last_words()}")
            answer = self._ask()
            if answer.endswith(b":1\r\n"):
                return
            if b"+PONG\r\n-" in answer:
                raise ValkeyDidNotStart(f"The {self.name} Valkey cannot run scripts; install its Lua module.")
            time.sleep(ASK_EVERY)
        raise ValkeyDidNotStart(f"The {self.name} Valkey did not answer within {limit:.0f} seconds.")

    def answers(self) -> bool:
        """True when somebody answers on its socket and takes its password; whoever started it."""
        return self._ask().endswith(b":1\r\n")

    def is_running(self) -> bool:
        """True while its process lives."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End it: asked first, made to after two seconds. Nothing acknowledged is lost by either."""
        if self.process is None:
            return
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for path in (self.socket_path, self._conf_path, self._acl_path, self._url_path):
            path.unlink(missing_ok=True)

    @property
    def _conf_path(self) -> Path:
        return self.run / f"{self.name}.conf"

    @property
    def _url_path(self) -> Path:
        return self.run / f"{self.name}.url"

    @property
    def _acl_path(self) -> Path:
        return self.run / f"{self.name}.acl"

    def _write_conf(self, home: Path) -> Path:
        rights = _KEPT_RIGHTS if self.folder else _RIGHTS
        digest = hashlib.sha256(self._password.encode()).hexdigest()
        _write_private(self._acl_path, f"user default off resetpass -@all\nuser {USER} on #{digest} {rights}\n")
        lines = f"unixsocket {_quoted(self.socket_path)}\ndir {_quoted(home)}\naclfile {_quoted(self._acl_path)}\n"
        _write_private(self._conf_path, lines + _COMMON + (_KEPT if self.folder else _FORGOTTEN))
        return self._conf_path

    def _wait_for_an_earlier_one(self) -> int:
        """Two servers on one append-only file would ruin it: the lock is held by the program, not by us."""
        lock = os.open(self.run / f"{self.name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        ends = time.monotonic() + EARLIER_ENDS_WITHIN
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                if time.monotonic() > ends:
                    os.close(lock)
                    raise ValkeyDidNotStart(
                        f"An earlier {self.name} Valkey still runs on this folder; end it and start again."
                    ) from None
                time.sleep(ASK_EVERY)

    def _ask(self) -> bytes:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1.0)
            line.connect(str(self.socket_path))
            line.sendall(f'AUTH {USER} {self._password}\r\nPING\r\nEVAL "return 1" 0\r\n'.encode())
            answer = b""
            while answer.count(b"\r\n") < 3:
                part = line.recv(4096)
                if not part:
                    break
                answer += part
            return answer
        return b""

    def _last_words(self) -> str:
        try:
            lines = (self.run / f"{self.name}.log").read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "it said nothing"


def _socket_path(run: Path, name: str) -> Path:
    path = run / f"{name}.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    # Named after the folder, so that a start after a kill finds and cleans the same one.
    mark = hashlib.sha256(os.fsencode(run)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"porchlight-{os.getuid()}-{mark}"
    if len(os.fsencode(short / path.name)) > LONGEST_SOCKET_PATH:
        short = Path("/tmp") / short.name  # noqa: S108 - made private and looked at below
    _make_private(short)
    return short / path.name


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ValkeyDidNotStart(f"The folder {folder} belongs to somebody else; it has to be ours alone.")
    folder.chmod(0o700)


def _open_private(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def _write_private(path: Path, text: str) -> None:
    """Whole or as it was: whoever waits for an address reads no empty one."""
    beside = path.with_name(f".{path.name}.new")
    with os.fdopen(_open_private(beside), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
