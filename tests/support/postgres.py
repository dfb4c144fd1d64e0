"""Starts a private PostgreSQL server for the tests, on a unix socket, as an account that is not root."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from portal.settings import Secret

NAME = "porchlight"
HOUSE = "house"  # the database as the migrations leave it
STARTS_WITHIN_S = 20.0
# Debian keeps them where no PATH leads.
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class PostgresMissing(Exception):
    """No server program is on this machine; `make machine-tests` installs it."""


class Postgres:
    """One private server, as a charity would run it: every commit on the disk, a password asked for, UTF8."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.settings = {"listen_addresses": "", "shared_buffers": "16MB", **settings}
        self.port = self.settings.setdefault("port", "5432")
        self.data = folder / "data"
        self.log = folder / "log"
        self.password = f"canary-{secrets.token_hex(8)}"
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0

    def make(self) -> None:
        """Make the cluster's files; a second's work."""
        self.folder.chmod(0o755)
        word = self.folder / "word"
        word.write_text(self.password)
        self.gives(self.folder, word)
        said = ["-D", str(self.data), "-U", NAME, "-A", "scram-sha-256", f"--pwfile={word}", "-E", "UTF8", "--no-sync"]
        subprocess.run([*_as_nobody(), _program("initdb"), *said, "--locale=C"], check=True, capture_output=True)

    def gives(self, *paths: Path) -> None:
        """Let these be the account's that the server runs as."""
        if os.geteuid() == 0:
            person = pwd.getpwnam(_account())
            for path in paths:
                os.chown(path, person.pw_uid, person.pw_gid)

    def start(self) -> None:
        """Start it and wait until it takes lines."""
        told = {**self.settings, "unix_socket_directories": str(self.folder)}
        words = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_as_nobody(), _program("postgres"), "-D", str(self.data), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ends = time.monotonic() + STARTS_WITHIN_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise AssertionError(self.log.read_text("utf-8", "replace"))
            time.sleep(0.02)

    def stop(self) -> None:
        """End it at once, as its own manual says: lines are cut, everything is written down."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut would; it takes its own children along."""
        self._end(signal.SIGKILL)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The name of a new database, which is taken away afterwards, whoever still looks at it."""
        self._count += 1
        name = f"new_{self._count}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, database: str) -> str:
        """The address of one database, as an operator would write it down."""
        return f"postgresql://{NAME}:{self.password}@/{database}?host={self.folder}"

    def address(self, database: str) -> Secret:
        """The same, as the settings hold it."""
        return Secret(self.url(database))

    def lives(self) -> bool:
        """Whether its first process does."""
        return self._process is not None and self._process.poll() is None

    def processes(self) -> list[psutil.Process]:
        """The server and every process it made."""
        assert self._process is not None
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]

    def run(self, statement: str, database: str = "template1") -> str:
        """Run one statement as the server's owner, by its own program; what it printed."""
        told = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        done = subprocess.run(
            [_program("psql"), *told, "-h", str(self.folder), "-p", self.port, "-U", NAME, database],
            env={"PGPASSWORD": self.password, "PATH": os.environ.get("PATH", "")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _is_ready(self) -> bool:
        """What the server writes down of itself; asking it fifty times a second costs more than its start."""
        assert self._process is not None
        try:
            said = (self.data / "postmaster.pid").read_text("utf-8").splitlines()
        except OSError:
            return False
        return said[:1] == [str(self._process.pid)] and said[-1].strip() == "ready"

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        # None of its own may live on into the next start.
        family = self.processes()
        self._process.send_signal(how)
        self._process.wait(STARTS_WITHIN_S)
        ends = time.monotonic() + STARTS_WITHIN_S
        while any(_lives(each) for each in family):
            assert time.monotonic() < ends, "a process of the server outlived it"
            time.sleep(0.005)
        self._process = None


@contextmanager
def running_postgres(**settings: str) -> Iterator[Postgres]:
    """A server on files of its own, both gone afterwards; `settings` as in its own file of settings."""
    # Not below the tests' own folder: the account that is not root could not go there.
    folder = Path(tempfile.mkdtemp(prefix="porch-pg-"))
    server = Postgres(folder, settings)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server of this test run (it takes 0.6 s), with one migrated database."""
    from portal.store.migrate import bring_up_to_date

    with running_postgres() as server:
        server.run(f"CREATE DATABASE {HOUSE}")
        bring_up_to_date(server.address(HOUSE))
        yield server


@pytest.fixture
def empty_rows(postgres: Postgres) -> Secret:
    """The address of a database as the migrations leave it: one for all tests, for a new one takes a tenth of a second.

    What only grows is emptied too, which nobody can but the server's owner.
    """
    from portal.store.database import metadata

    emptied = "".join(f"DELETE FROM {table};" for table in metadata.tables)
    postgres.run(f"SET session_replication_role = replica; {emptied}", HOUSE)
    return postgres.address(HOUSE)


@pytest.fixture(scope="module")
def mortal_server() -> Iterator[Postgres]:
    """A server of a file's own, to be hurt; whoever kills it starts it again."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def mortal(mortal_server: Postgres) -> Iterator[tuple[Postgres, Secret]]:
    """The same with a migrated database of the test's own."""
    from portal.store.migrate import bring_up_to_date

    with mortal_server.database() as name:
        bring_up_to_date(mortal_server.address(name))
        yield mortal_server, mortal_server.address(name)


def _lives(process: psutil.Process) -> bool:
    try:
        # Whoever is dead and not yet fetched by anybody holds nothing.
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join([*map(str, _PLACES), os.environ.get("PATH", "")]))
    if found is None:
        raise PostgresMissing(f"{name} is not there: make machine-tests")
    return found


def _account() -> str:
    """Whom the server runs as where the tests run as root, which it refuses."""
    names = {person.pw_name for person in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_account()}", f"--regid={pwd.getpwnam(_account()).pw_gid}", "--clear-groups", "--"]
