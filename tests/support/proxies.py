"""Runs the shipped reverse proxies in front of a house, with nothing changed but names, ports and places."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import psutil
import pytest

from tests.support.certificate import Certificate, certificate
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.server_process import REPOSITORY, STOP_LIMIT_S, House

SITE, DESK = "talk.localhost", "desk.localhost"
SHIPPED = REPOSITORY / "docs" / "proxy"
STARTS_WITHIN_S = 10.0
THE_PROXYS = "the proxy's"

Kind = Literal["nginx", "caddy"]


class HasDoors(Protocol):
    """What a proxy has to know of a server."""

    @property
    def port(self) -> int: ...
    @property
    def desk_port(self) -> int: ...


@dataclass
class Proxy:
    """One running proxy: its ports, its folder (certificate, pages, logs, everything it may write), its process."""

    kind: Kind
    folder: Path
    port: int
    plain_port: int
    process: subprocess.Popen[bytes]
    exit_url: str

    @property
    def site(self) -> str:
        return f"https://{SITE}:{self.port}"

    @property
    def desk(self) -> str:
        return f"https://{DESK}:{self.port}"

    def family(self) -> list[psutil.Process]:
        """Every process of it."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def written_and_hidden(self) -> list[str]:
        """Files its processes hold open that no folder names any more: how a proxy keeps what it sets aside."""
        found: list[str] = []
        for each in self.family():
            for line in Path(f"/proc/{each.pid}/fd").iterdir():
                try:
                    where = os.readlink(line)
                except FileNotFoundError:
                    continue
                # Shared memory of nginx's own shows as a deleted /dev/zero; it is no file.
                if where.endswith(" (deleted)") and not where.startswith("/dev/zero"):
                    found.append(where)
        return found

    def knows(self, *servers: HasDoors) -> None:
        """Ended, and started anew with the marked lines for a second server in use or not; port and folder stay."""
        self.stop()
        anew = start_proxy(self.kind, self.folder, servers, self.port, self.exit_url)
        self.process, self.plain_port = anew.process, anew.plain_port

    def stop(self) -> None:
        """Ends it and waits."""
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_LIMIT_S)


class HouseBehind(House):
    """A house that people reach through a proxy: its addresses are the proxy's."""

    proxy: Proxy | None = None

    @property
    def public(self) -> str:
        return self.proxy.site if self.proxy else super().public

    @property
    def desk(self) -> str:
        return self.proxy.desk if self.proxy else super().desk

    @property
    def public_line(self) -> str:
        return f"wss{self.public.removeprefix('https')}/line/talk"

    @property
    def desk_line(self) -> str:
        return f"wss{self.desk.removeprefix('https')}/line/desk"

    @property
    def direct(self) -> str:
        """The house's own address, where only the proxy should ask."""
        return super().public


def installed(kind: Kind) -> str:
    """Where the program is."""
    found = shutil.which(kind, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    assert found, f"{kind} is needed for the proxy tests: apt-get install {kind}"
    return found


@contextmanager
def house_behind(
    kind: Kind,
    root: Path,
    exit_url: str,
    *,
    shared: bool = False,
    program: tuple[str, ...] = (),
    **settings: object,
) -> Iterator[HouseBehind]:
    """A house and the shipped proxy in front of it, both told of each other, and the pages the proxy serves alone.

    With `shared` a second server can `join`; the proxy is told of it by `knows`.
    """
    with ExitStack() as stack:
        port = free_port()
        told = {
            "PORCHLIGHT_PUBLIC_ORIGIN": f"https://{SITE}:{port}",
            "PORCHLIGHT_DESK_ORIGIN": f"https://{DESK}:{port}",
            "PORCHLIGHT_EXIT_URLS": exit_url,
        }
        settings |= {"certificate": f"127.0.0.1:{port}"} if settings.get("certificate") == THE_PROXYS else {}
        told |= {f"PORCHLIGHT_{name.upper()}": str(value) for name, value in settings.items()}
        house = HouseBehind(root, told, shared=shared)
        house.program = program or house.program
        stack.callback(house.gives_back)
        house.start()
        folder = root / "proxy"
        folder.mkdir()
        write_pages(house, folder / "pages")
        house.proxy = start_proxy(kind, folder, [house], port, exit_url)
        stack.callback(house.proxy.stop)
        yield house


def write_pages(house: House, folder: Path) -> None:
    """What the guide tells the operator to run."""
    subprocess.run(
        [sys.executable, "-m", "portal.away_page", str(folder)],
        cwd=REPOSITORY,
        env=house.environment(),
        check=True,
        timeout=PATIENCE_S * 3,
    )


def start_proxy(
    kind: Kind,
    folder: Path,
    servers: Sequence[HasDoors],
    port: int,
    exit_url: str,
    *,
    changed: Sequence[tuple[str, str]] = (),
) -> Proxy:
    """The shipped configuration, filled in for one server or two, and running.

    `changed` is for a test that must hear its own alarm ring.
    """
    plain_port = free_port()
    files = Certificate(folder / "fullchain.pem", folder / "privkey.pem")
    if not files.chain.exists():
        files = certificate(folder, SITE, DESK)
    text = (SHIPPED / ("nginx.conf" if kind == "nginx" else "Caddyfile")).read_text("utf-8")
    for old, new in [*fillings(kind, folder, servers, port, plain_port, files, exit_url), *changed]:
        assert re.search(old, text, re.MULTILINE), f"{kind}: nothing to fill in at {old}"
        text = re.sub(old, new.replace("\\", r"\\"), text, flags=re.MULTILINE)
    path = folder / "filled-in"
    path.write_text(text, "utf-8")
    if kind == "nginx":
        command = [installed(kind), "-p", str(folder), "-c", str(path), "-e", str(folder / "start.log")]
        command += ["-g", "daemon off;"]
    else:
        command = [installed(kind), "run", "--config", str(path), "--adapter", "caddyfile"]
    (folder / "home").mkdir(exist_ok=True)
    with (folder / "printed.log").open("ab") as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
        )
    proxy = Proxy(kind, folder, port, plain_port, process, exit_url)
    wait_for(proxy)
    return proxy


def fillings(
    kind: Kind, folder: Path, servers: Sequence[HasDoors], port: int, plain_port: int, files: Certificate, exit_url: str
) -> list[tuple[str, str]]:
    """What an operator fills in, as patterns and what to put there; in the tests places and ports as well."""
    both = [
        *(a_second(kind, servers[1]) if len(servers) > 1 else ()),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{servers[0].port}"),
        (r"127\.0\.0\.1:8001", f"127.0.0.1:{servers[0].desk_port}"),
        (r"/var/www/porchlight", str(folder / "pages")),
        (r"https://www\.wikipedia\.org/", exit_url),
    ]
    if kind == "caddy":
        return [
            *both,
            (r"^\{$", f"{{\n\thttp_port {plain_port}\n\thttps_port {port}\n\tdefault_bind 127.0.0.1\n"),
            (r"^talk\.example \{$", f"talk.example {{\n\ttls {files.chain} {files.key}\n"),
            (r"^desk\.example \{$", f"desk.example {{\n\ttls {files.chain} {files.key}\n"),
            (r"talk\.example", SITE),
            (r"desk\.example", DESK),
        ]
    return [
        *both,
        (r"^user www-data;", f"user {getpass.getuser()};"),
        (r"/run/nginx", str(folder / "run-nginx")),
        (r"/var/log/nginx/error\.log", str(folder / "error.log")),
        (r"^ *listen \[::\]:.*$", ""),
        (r"listen 443 ", f"listen 127.0.0.1:{port} "),
        (r"listen 80;", f"listen 127.0.0.1:{plain_port};"),
        (r"https://talk\.example/", f"https://{SITE}:{port}/"),
        (r"talk\.example", SITE),
        (r"https://desk\.example/", f"https://{DESK}:{port}/"),
        (r"desk\.example", DESK),
        (r"/etc/porchlight/fullchain\.pem", str(files.chain)),
        (r"/etc/porchlight/privkey\.pem", str(files.key)),
    ]


def a_second(kind: Kind, house: HasDoors) -> list[tuple[str, str]]:
    """What an operator does who has two: the marks off the lines that have one, and an address in their place."""
    marked = (
        [(r"#server ", "server ")] if kind == "nginx" else [(r"#to ", "to "), (r"#import several", "import several")]
    )
    return [
        *marked,
        (r"192\.0\.2\.2:8000", f"127.0.0.1:{house.port}"),
        (r"192\.0\.2\.2:8001", f"127.0.0.1:{house.desk_port}"),
    ]


def wait_for(proxy: Proxy) -> None:
    """Until it listens."""
    ends = time.monotonic() + STARTS_WITHIN_S
    while True:
        assert proxy.process.poll() is None and time.monotonic() < ends, (  # noqa: PT018 - one sentence for both
            f"{proxy.kind} did not start: {(proxy.folder / 'printed.log').read_text('utf-8')}"
        )
        try:
            return socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE_S).close()
        except OSError:
            time.sleep(0.02)


@contextmanager
def trusting(*files: Path) -> Iterator[None]:
    """Every program of this process trusts these certificates, and finds every `.localhost` name on this machine."""
    asked = socket.getaddrinfo

    def answered(host: object, *rest: object, **more: object) -> object:
        known = host.decode() if isinstance(host, bytes) else host
        at_home = isinstance(known, str) and known.endswith(".localhost")
        return asked("127.0.0.1" if at_home else host, *rest, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched, (files[0].parent / "trusted.pem").open("wb") as together:
        for file in files:
            together.write(file.read_bytes())
        together.flush()
        patched.setattr(socket, "getaddrinfo", answered)
        patched.setenv("SSL_CERT_FILE", together.name)
        yield
