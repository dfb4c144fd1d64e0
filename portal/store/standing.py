"""Runs one of the two stores as a unit of its own, so that the house can be started anew without it.

    python -m portal.store.standing durable --run FOLDER --data FOLDER
    python -m portal.store.standing ember --run FOLDER
    python -m portal.store.standing ember --run FOLDER --wait

Becomes the Valkey that the house would have started itself, with the same file of settings, on a socket in the run
folder; its address stands there in `durable.url` or `ember.url`, for REDIS_URL_FILE and EMBER_URL_FILE. The password
is made at the first start and kept as long as the run folder is: whoever has joined stays joined when a store ends and
is started again. With `--wait` it starts nothing, and comes back when the store answers: whoever needs it starts then.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from portal.lifeline import write_no_core
from portal.store.binary import NoValkey, find_valkey
from portal.store.embedded import EmbeddedValkey, ValkeyDidNotStart

CANNOT_START = 2
# A long file of what was said is read before the first answer.
ANSWERS_WITHIN_S = 600.0
ASKED_EVERY_S = 0.05
_PASSWORD = re.compile(r"unix://[^:]+:([\w-]{43})@")


def main(arguments: Sequence[str] | None = None) -> int:
    """Becomes the store, and so does not come back; 2, with one sentence, where that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m portal.store.standing", description="Runs one of the two stores.")
    parser.add_argument("name", choices=("durable", "ember"))
    parser.add_argument("--run", type=Path, required=True, metavar="FOLDER", help="its socket and its address")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="what the durable store keeps")
    parser.add_argument("--wait", action="store_true", help="start nothing; come back when it answers")
    told = parser.parse_args(arguments)
    if told.wait:
        return _wait(told.name, told.run.absolute())
    if (told.data is None) == (told.name == "durable"):
        parser.error("the durable store keeps what it is told in --data; the ember store keeps nothing")
    os.umask(0o077)
    write_no_core()
    run = told.run.absolute()
    store = EmbeddedValkey(
        told.name, run=run, folder=told.data and told.data.absolute(), password=_kept(run, told.name)
    )
    try:
        program = find_valkey()
        conf, lock = store.prepare()
        os.set_inheritable(lock, True)
        os.chdir("/")
        os.execve(program, [str(program), str(conf)], {"LC_ALL": "C"})  # noqa: S606 - our own program with our own file
    except (OSError, NoValkey, ValkeyDidNotStart) as error:
        print(error, file=sys.stderr)
    return CANNOT_START


def _wait(name: str, run: Path) -> int:
    ends = time.monotonic() + ANSWERS_WITHIN_S
    while time.monotonic() < ends:
        password = _kept(run, name)
        if password and EmbeddedValkey(name, run=run, folder=None, password=password).answers():
            return 0
        time.sleep(ASKED_EVERY_S)
    print(f"The {name} store did not answer within {ANSWERS_WITHIN_S:.0f} seconds.", file=sys.stderr)
    return CANNOT_START


def _kept(run: Path, name: str) -> str | None:
    try:
        found = _PASSWORD.match((run / f"{name}.url").read_text("utf-8"))
    except OSError:
        return None
    return found and found[1]


if __name__ == "__main__":
    sys.exit(main())
