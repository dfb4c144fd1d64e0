"""A Tor network of its own on this machine: three that vote, three that carry, and one who asks. Nothing leaves."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.server_process import STOP_LIMIT_S

VOTERS, CARRIERS = 3, 3
STANDS_WITHIN_S = 240.0
_COMMON = """
TestingTorNetwork 1
AssumeReachable 1
PathsNeededToBuildCircuits 0.25
TestingDirAuthVoteExit *
TestingDirAuthVoteHSDir *
TestingDirAuthVoteGuard *
TestingMinExitFlagThreshold 0
V3AuthNIntervalsValid 2
TestingV3AuthInitialVotingInterval 20
TestingV3AuthInitialVoteDelay 4
TestingV3AuthInitialDistDelay 4
V3AuthVotingInterval 20
V3AuthVoteDelay 4
V3AuthDistDelay 4
SafeLogging 1
Log notice stdout
"""


@dataclass
class Node:
    """One program of the network."""

    name: str
    folder: Path
    lines: str
    port: int = 0
    authority: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> str:
        return (self.folder / "said.log").read_text("utf-8")


@dataclass
class TorNetwork:
    """The network: what every program in it is told, and the port through which somebody asks."""

    common: str
    socks_port: int
    nodes: list[Node] = field(default_factory=list)

    def begin(self, node: Node) -> Node:
        """Start one more."""
        node.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        torrc = node.folder / "torrc"
        torrc.write_text(f"{self.common}\nDataDirectory {node.folder}/kept\n{node.lines}\n", "utf-8")
        with (node.folder / "said.log").open("wb") as out:
            node.process = subprocess.Popen(
                ["tor", "-f", str(torrc), "--defaults-torrc", "/dev/null"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=node.folder,
            )
        self.nodes.append(node)
        return node

    def end(self) -> None:
        """End all of them."""
        for node in self.nodes:
            if node.process is not None:
                node.process.terminate()
        for node in self.nodes:
            if node.process is not None:
                try:
                    node.process.wait(STOP_LIMIT_S)
                except subprocess.TimeoutExpired:
                    node.process.kill()
                    node.process.wait()


@contextmanager
def tor_network(folder: Path) -> Iterator[TorNetwork]:
    """Such a network, once somebody in it can ask."""
    if not shutil.which("tor") or not shutil.which("tor-gencert"):
        pytest.skip("tor is not installed on this machine: apt-get install tor")
    voters = [_voter(folder / f"voter{at}", at) for at in range(VOTERS)]
    common = _COMMON + "\n".join(voter.authority for voter in voters)
    network = TorNetwork(common, free_port())
    with ExitStack() as stack:
        stack.callback(network.end)
        for voter in voters:
            network.begin(voter)
        for at in range(CARRIERS):
            carries = (
                f"Nickname carrier{at}\nAddress 127.0.0.1\nORPort 127.0.0.1:{free_port()}\nSocksPort 0\nExitRelay 0"
            )
            network.begin(Node(f"carrier{at}", folder / f"carrier{at}", carries))
        asks = network.begin(Node("asks", folder / "asks", f"SocksPort 127.0.0.1:{network.socks_port}"))
        ends = time.monotonic() + STANDS_WITHIN_S
        while "Bootstrapped 100%" not in asks.said:
            assert time.monotonic() < ends, asks.said[-2000:] + voters[0].said[-2000:]
            time.sleep(0.5)
        yield network


def _voter(folder: Path, at: int) -> Node:
    keys = folder / "kept" / "keys"
    keys.mkdir(mode=0o700, parents=True)
    (folder / "kept").chmod(0o700)
    folder.chmod(0o700)
    port, directory = free_port(), free_port()
    subprocess.run(
        ["tor-gencert", "--create-identity-key", "-m", "12", "-a", f"127.0.0.1:{directory}", "--passphrase-fd", "0"],
        input=b"made for one test\n",
        cwd=keys,
        check=True,
        capture_output=True,
    )
    certificate = (keys / "authority_certificate").read_text("ascii")
    voting = re.search(r"(?m)^fingerprint (\w{40})$", certificate)
    empty = folder / "empty"
    empty.touch()
    nobody = "x 127.0.0.1:1 ffffffffffffffffffffffffffffffffffffffff"
    told = ["--orport", "1", "--dirserver", nobody, "--datadirectory", str(folder / "kept"), "--nickname", f"voter{at}"]
    listed = subprocess.run(
        ["tor", "--quiet", "--list-fingerprint", "-f", str(empty), "--defaults-torrc", "/dev/null", *told],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    relay = re.search(r"((?:[0-9A-F]{4} ?){10})", listed)
    assert voting is not None, certificate
    assert relay is not None, listed
    lines = (
        f"Nickname voter{at}\nAddress 127.0.0.1\nORPort 127.0.0.1:{port}\nDirPort 127.0.0.1:{directory}\nSocksPort 0\n"
        "AuthoritativeDirectory 1\nV3AuthoritativeDirectory 1\nContactInfo nobody@localhost\nExitRelay 0"
    )
    named = (
        f"DirAuthority voter{at} orport={port} no-v2 v3ident={voting[1]} 127.0.0.1:{directory} "
        f"{relay[1].replace(' ', '')}"
    )
    return Node(f"voter{at}", folder, lines, port, named)
