"""Runs a throw-away hotline with invented people, and erases every byte of it at the end."""

import argparse
import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.demo_people import Browser, DemoBroke, Sample, Visitor, send_tips
from portal.lifeline import die_with_parent
from portal.settings import Settings
from portal.staff.household.waiving import waive

HOST: Final = "127.0.0.1"
DESK_HOST: Final = "localhost"
SERVER: Final = Path(__file__).parents[1] / "server.py"
START_TRIES: Final = 300

HOUSE: Final = {"house": "Lantern Line (demonstration)", "phone": "555-0142", "region": "ca-on"}
_WORD_LIST: Final = """
    amber basket candle drizzle elbow feather garden harbour island jacket kettle lantern meadow needle orchard pebble
    quilt ribbon saddle thimble umbrella velvet walnut yonder zipper
"""
_WORDS: Final = tuple(_WORD_LIST.split())

TIPS: Final = (
    Sample(
        "en",
        {
            "words": "Every day at six a white van brings eight or nine men to the farm by the silos. One man keeps "
            "their papers in a box. They are not allowed to walk to the village.",
            "about": "3",
            "soon": "1",
            "place": "Concession road 4, near the silos",
            "day": "Most mornings at six",
            "young": "2",
            "count": "3",
            "car": "White van, no windows at the back",
            "ok": "2",
        },
    ),
    Sample(
        "fr",
        {
            "words": "Ma voisine travaille dans une maison toute la semaine. Elle dort à la cave et n’a pas de "
            "téléphone. Elle m’a dit qu’elle doit rembourser son voyage.",
            "about": "2",
            "soon": "2",
            "answer": "1",
        },
    ),
    Sample(
        "es",
        {
            "words": "Trabajé tres meses en un salón de uñas y nunca me pagaron. Somos cuatro. Dormimos en el cuarto "
            "de atrás.",
            "about": "1",
            "soon": "3",
            "reach": "Escribo desde otra parte: lucia@correo.example",
            "called": "Lucía",
            "hours": "Los domingos por la tarde",
            "who": "2",
            "ok": "1",
        },
    ),
)
VISITOR_LINES: Final = (
    "Hola. ¿Hay alguien? Mi jefe tiene mi pasaporte.",
    "Sí, puedo escribir ahora. Él vuelve a las siete.",
    "No sé adónde ir. Tengo miedo de la policía.",
    "Gracias. Voy a pensar en eso.",
)


KEEPERS: Final = ("Ada", "Sam O.", "Jo, of the board")


@dataclass(frozen=True)
class StaffSample:
    """One invented person of the desk, and what she may open."""

    alias: str
    name: str
    role: str
    languages: tuple[str, ...]
    keys: tuple[str, ...]


STAFF: Final = (
    StaffSample("Robin", "robin", "advocate", ("en", "es"), ("chat", "tips")),
    StaffSample("Sam O.", "sam", "supervisor", ("en", "ar"), ("chat", "tips", "records")),
    StaffSample("Kit", "kit", "administrator", ("en", "fr"), ()),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C. 0 when everything was erased, 1 when something was left or did not start."""
    asked = _parser().parse_args(arguments)
    # Both, said aloud: a shell that starts us in the background makes Ctrl-C be ignored.
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, _stop)
    folder = Path(tempfile.mkdtemp(prefix="porchlight-demo-"))
    port, desk_port = asked.port or free_port(8000), asked.desk_port or free_port(8001)
    worked = True
    server = visitor = None
    try:
        server = _start(folder, port, desk_port)
        visitor = _fill(server, folder, port, desk_port)
        server.wait()
        worked = False
        print("The server ended by itself.", file=sys.stderr)
    except KeyboardInterrupt:
        print()
    except DemoBroke as broke:
        worked = False
        print(f"The demonstration could not start: {broke}.", file=sys.stderr)
    finally:
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, signal.SIG_IGN)  # A second Ctrl-C must not leave half of it behind.
        if visitor is not None:
            visitor.leave()
        if server is not None:
            _end(server)
        left = erase(folder)
    if left:
        print("These could not be erased; remove them by hand:", *left, sep="\n  ", file=sys.stderr)
        return 1
    print("Everything of the demonstration is erased.")
    return 0 if worked else 1


def free_port(wished: int) -> int:
    """The wished port when nobody listens on it, else any that is free."""
    for port in (wished, 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except OSError:
                continue
            found: int = trial.getsockname()[1]
            return found
    raise DemoBroke("no port is free")


def erase(folder: Path) -> list[str]:
    """Remove the folder and all in it; the paths that could not be removed."""
    left: list[str] = []
    # Key files are read-only; removing a file asks only the folder it lies in.
    shutil.rmtree(folder, onerror=lambda _function, path, _error: left.append(str(path)))
    return sorted(set(left)) if folder.exists() else []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--port", type=int, help="the site's port (8000, or any that is free)")
    parser.add_argument("--desk-port", type=int, help="the desk's port (8001, or any that is free)")
    return parser


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _start(folder: Path, port: int, desk_port: int) -> "subprocess.Popen[bytes]":
    parent = os.getpid()
    told = ("--port", port, "--desk-port", desk_port, "--data", folder / "data", "--keys", folder / "keys")
    # None of this machine's own settings: a demonstration must never write into a real hotline's stores.
    return subprocess.Popen(  # noqa: S603 (our own file, our own arguments)
        [sys.executable, str(SERVER), *map(str, told)],
        # Nor a second proof of people who are gone in an hour.
        env={"PATH": os.defpath, "PORCHLIGHT_SECOND_PROOF": "nobody"},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is ours to hear; the server is told to end in its turn.
        preexec_fn=lambda: die_with_parent(parent),
    )


def _fill(server: "subprocess.Popen[bytes]", folder: Path, port: int, desk_port: int) -> Visitor:
    first = Browser(DESK_HOST, desk_port)
    _wait_for(server, first)
    signs = {"ada": _passphrase(), **{person.name: _passphrase() for person in STAFF}}
    _set_up(first, folder, signs["ada"])
    for person in STAFF:
        _bring_in(first, person, signs["ada"], signs[person.name], desk_port)
    kept = send_tips(HOST, port, TIPS)
    visitor = Visitor(HOST, port, "es", {"safe": "yes", "about": "self", "name": "Luz"}, list(VISITOR_LINES))
    visitor.ask_for_help()
    lines = [
        "A hotline that is not real. Everything in it is erased when you press Ctrl-C.",
        f"  The site   http://{HOST}:{port}/",
        f"  The desk   http://{DESK_HOST}:{desk_port}/desk",
        f"  {kept} tips wait, and one person waits in line, writing Spanish.",
        "  Sign in as",
        f"    ada      {signs['ada']}   (administrator, holds every key)",
        *(f"    {each.name:<8} {signs[each.name]}   ({each.role}: {_holds(each)})" for each in STAFF),
    ]
    print("\n".join(lines), flush=True)
    return visitor


def _holds(person: StaffSample) -> str:
    return ", ".join(person.keys) if person.keys else "no key, reads nothing"


def _wait_for(server: "subprocess.Popen[bytes]", browser: Browser) -> None:
    for _ in range(START_TRIES):
        if server.poll() is not None:
            raise DemoBroke(f"the server ended with {server.returncode}")
        try:
            browser.open("/desk/setup")
        except DemoBroke:
            threading.Event().wait(0.1)
        else:
            return
    raise DemoBroke("the server does not answer")


def _set_up(first: Browser, folder: Path, passphrase: str) -> None:
    code = (folder / "data" / "setup-code").read_text("ascii").strip()
    you = {"alias": "Ada", "languages": "en", "tongue": "en", **_sign_in("ada", passphrase)}
    first.send("/desk/setup", [("code", code), *HOUSE.items(), *you.items()])
    sheets = first.slips()
    if len(sheets) < 3:
        raise DemoBroke("set-up was refused")
    shown = [(f"half{number}", " ".join(group[:2] for group in sheet)) for number, sheet in enumerate(sheets, 1)]
    kept = [(f"name{number}", name) for number, name in enumerate(KEEPERS, 1)]
    first.send("/desk/sheets", [*kept, *shown])
    # Nobody is called and nothing is recovered in a demonstration: those lines of the list are put off.
    rows = Settings(data_dir=folder / "data", keys_dir=folder / "keys")
    asyncio.run(waive(rows, ("hours", "limits", "holders", "drill", "alert", "practice")))
    first.open("/desk/opening")
    first.send("/desk/opening/doors", [("doors", "open")])
    if 'name="doors" value="close"' not in first.page:
        raise DemoBroke("the doors did not open")


def _bring_in(granter: Browser, person: StaffSample, granters: str, passphrase: str, desk_port: int) -> None:
    granter.open("/desk/staff")
    asked = [("alias", person.alias), ("role", person.role), ("tongue", "en"), ("training", "chat")]
    granter.send("/desk/staff/invite", [*asked, *(("languages", tag) for tag in person.languages)])
    code, link = "-".join(granter.slip()), f"><bdi>{person.alias}</bdi>"
    new = Browser(DESK_HOST, desk_port)
    new.send("/desk/welcome", {"code": code, **_sign_in(person.name, passphrase)}.items())
    page = granter.open("/desk/staff")
    if link not in page:
        raise DemoBroke(f"{person.alias} did not come in")
    address = page.split(link)[0].rpartition('href="')[2].rstrip('"')
    granter.open(address)
    # The digits are read and typed by one and the same program here; people do it by voice.
    compared = [("digits", "".join(new.slip())), ("passphrase", granters)]
    granter.send(f"{address}/keys", [*compared, *(("compartments", name) for name in person.keys)])


def _sign_in(name: str, passphrase: str) -> dict[str, str]:
    return {"name": name, "passphrase": passphrase, "again": passphrase}


def _passphrase() -> str:
    return " ".join(secrets.choice(_WORDS) for _ in range(4))


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
