"""The front door: reads the settings, starts what the house stands on, wires the rooms, and runs."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal import folder, settings as reading
from portal.activation import handed_over, tell
from portal.greeting import say_what_matters
from portal.lifeline import hide_memory, write_no_core
from portal.listening import CannotListen, listen_all
from portal.logs import configure_logs
from portal.settings import BadSetting, Settings
from portal.store.binary import NoValkey
from portal.store.embedded import EmbeddedValkey, ValkeyDidNotStart

if TYPE_CHECKING:
    from portal.app import FrontDoor
    from portal.section import Section
    from portal.services import Services

CANNOT_START = 2
# Commands that look at the rows of a house, or bring some in, and serve nobody: module, function, what each does.
TELLING = {
    "proof": ("tips.staying.command", "prove", "Shows that what was erased is gone, and nothing is past its day."),
    "audit": ("portal.staff.trail.audit_command", "verify", "Walks along the audit's chain and says where it breaks."),
    "peppers": ("tips.pepper_command", "run", "Says what still names an old pepper, and retires it."),
    "facts": ("portal.library.facts_command", "tell", "Lists every number and law on the site, and its source."),
    "move": ("tips.moving", "run", "Moves the rows from the file to the PostgreSQL server in DATABASE_URL."),
    "directory": ("portal.directory.hsds.command", "run", "Takes a directory in, or hands ours on (HSDS 3)."),
}


class CannotStart(Exception):
    """Something is missing or wrong. The text is a sentence for the person at the terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop. 0 after a clean end; 2, with one sentence, when it cannot start.

    `forget`, `backup`, `restore`, `verify`, `recover`, `drill`, `upgrade` and those in TELLING run nothing: each has a
    page in docs/.
    """
    os.umask(0o077)
    asked = list(sys.argv[1:] if arguments is None else arguments)
    if asked[:1] == ["forget"]:
        return _forget(asked[1:])
    if asked[:1] in (["backup"], ["restore"], ["verify"], ["recover"], ["drill"], ["upgrade"]):
        return _keep(asked)
    if asked and asked[0] in TELLING:
        return _tell(asked)
    # What is imported now stays for good; looking through it again and again would slow the start.
    gc.disable()
    try:
        settings = _settings(asked)
        configure_logs(settings.log_level, settings.log_format)
        _serve(settings)
    except (BadSetting, folder.FolderTaken, NoValkey, ValkeyDidNotStart, CannotListen, CannotStart) as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return 0
    return 0


def _settings(arguments: Sequence[str]) -> Settings:
    told = vars(_parser("server.py", "Runs Porchlight until Ctrl-C.").parse_args(arguments))
    return _read(told)


def _read(told: dict[str, Any]) -> Settings:
    file = told.pop("settings")
    return reading.from_process({name: text for name, text in told.items() if text is not None}, file)


def _parser(called: str, does: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=called, description=does)
    parser.add_argument("--settings", metavar="FILE", type=Path, help="a file of NAME = value lines")
    parser.add_argument("--port", dest="PORCHLIGHT_PORT", metavar="PORT", help="the site's port (8000)")
    parser.add_argument("--desk-port", dest="PORCHLIGHT_DESK_PORT", metavar="PORT", help="the desk's port (8001)")
    parser.add_argument("--workers", dest="PORCHLIGHT_WORKERS", metavar="N", help="how many processes serve (2)")
    parser.add_argument("--data", dest="PORCHLIGHT_DATA_DIR", metavar="FOLDER", help="the data folder (data)")
    parser.add_argument("--keys", dest="PORCHLIGHT_KEYS_DIR", metavar="FOLDER", help="the keys folder (keys)")
    return parser


def _forget(arguments: Sequence[str]) -> int:
    """Prove that the house forgets. 0: nothing was found; 1: something was; 3: not everything could be looked at."""
    parser = _parser(
        "server.py forget", "Holds a talk with the house itself, ends it, and looks for what is left of it."
    )
    parser.add_argument("--prove", action="store_true", required=True, help="the one thing it does")
    parser.add_argument("--also", action="append", type=Path, default=[], metavar="FOLDER", help="look here too (logs)")
    told = vars(parser.parse_args(arguments))
    also = [path.absolute() for path in told.pop("also")]
    told.pop("prove")
    write_no_core()
    hide_memory()
    try:
        settings = _read(told)
        configure_logs(settings.log_level, settings.log_format)
        with contextlib.ExitStack() as held:
            urls, is_running = _stores_of(settings, held)
            return _prove(settings, urls, also, is_running=is_running)
    except (BadSetting, folder.FolderTaken, NoValkey, ValkeyDidNotStart, CannotStart) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Cut off: nothing is proven. The talk ends by itself; prove again.", file=sys.stderr)
    return CANNOT_START


def _keep(asked: Sequence[str]) -> int:
    """Take a backup, try one, put one back; make the house anew from two sheets, or rehearse that; look ahead."""
    # Tables are named as they are read; a backup refuses a database with one that was forgotten here.
    import portal.assembly  # noqa: F401
    import tips.routes  # noqa: F401
    from portal.backup.command import Commands
    from portal.paper.command import PaperCommands
    from tips.restoring import MARKS, erase_again

    write_no_core()
    hide_memory()
    if asked[0] == "upgrade":
        from portal.upgrade.command import check

        return check(_parser, _read, asked[1:])
    room = Commands if asked[0] in ("backup", "restore", "verify") else PaperCommands
    return room(_parser, _read, lambda settings: folder.alone(settings.data_dir), MARKS, erase_again).run(asked)


def _tell(asked: Sequence[str]) -> int:
    """Run one of those commands; its module tells what its answers mean. 2: it could not begin."""
    module, function, does = TELLING[asked[0]]
    parser = _parser(f"server.py {asked[0]}", does)
    try:
        return int(getattr(importlib.import_module(module), function)(parser, _read, asked[1:]))
    except BadSetting as error:
        print(error, file=sys.stderr)
        return CANNOT_START


def _stores_of(settings: Settings, held: contextlib.ExitStack) -> tuple[tuple[str, str], bool]:
    """Where the stores of the house are, and whether a house runs that sweeps; where none does they are started."""
    if not settings.data_dir.is_dir():
        raise CannotStart(f"There is no house in {settings.data_dir}: name its folder with --data or --settings.")
    if settings.data_dir.stat().st_uid != os.getuid():
        raise CannotStart(f"The folder {settings.data_dir} belongs to another account: prove as that one.")
    if settings.joins:
        return _urls(settings, []), True
    try:
        held.enter_context(_claimed(settings))
    except folder.FolderTaken:
        run = settings.data_dir / "run"
        try:
            durable, ember = ((run / f"{name}.url").read_text("utf-8").strip() for name in ("durable", "ember"))
        except OSError:
            raise CannotStart(f"A house runs on {settings.data_dir}, but its stores are still starting.") from None
        return (durable, ember), True
    valkeys = held.enter_context(_own_valkeys(settings))
    for valkey in valkeys:
        valkey.wait_until_ready()
    return _urls(settings, valkeys), False


def _prove(settings: Settings, urls: tuple[str, str], also: Sequence[Path], *, is_running: bool) -> int:
    from chat.proving import Proving
    from portal.assembly import make_services
    from portal.errors import PorchlightError
    from portal.proof.own_line import LineSilent, OwnLine

    line = OwnLine(settings)
    folders = [settings.data_dir, settings.keys_dir, *also]
    if isinstance(settings.database_place, Path) and settings.data_dir not in settings.database_path.parents:
        folders.append(settings.database_path.parent)
    try:
        services = make_services(settings, durable_url=urls[0], ember_url=urls[1])
        proving = Proving(services, folders, [Path(tempfile.gettempdir())], print)
        is_heard = is_running and line.answers()
        return asyncio.run(proving.prove(line if is_heard else None, sweeps=not is_running))
    except (PorchlightError, LineSilent) as error:
        raise CannotStart(f"Nothing is proven: {type(error).__name__} ({error}).") from None


def _serve(settings: Settings) -> None:
    write_no_core()
    hide_memory()
    folder.make_folder(settings.data_dir)
    folder.make_folder(settings.keys_dir)
    with contextlib.ExitStack() as held:
        locks = [] if settings.joins else [held.enter_context(_claimed(settings))]
        locks.append(folder.serve_on(settings.data_dir))
        valkeys = held.enter_context(_own_valkeys(settings)) if not settings.joins else []
        sockets = listen_all(settings, handed_over(os.environ, site=settings.port, desk=settings.desk_port))
        # Imported while the Valkeys start: each takes its time, and neither waits for the other.
        app = _front_door(settings, *_urls(settings, valkeys))
        for valkey in valkeys:
            valkey.wait_until_ready()
        from portal.staff.keys.setup import setup_code
        from portal.supervisor import Supervisor, WorkersDoNotStart

        # Made before anybody is served: whoever sees the page that asks for it can look it up.
        code = setup_code(settings)
        supervisor = Supervisor(app, sockets, valkeys, workers=settings.workers, begin=app.begin)
        supervisor.keep_from_children(*locks)

        def ready() -> None:
            say_what_matters(settings, code)
            tell(os.environ, "READY=1")

        try:
            supervisor.run(when_ready=ready)
        except WorkersDoNotStart as error:
            raise CannotStart(str(error)) from None


@contextlib.contextmanager
def _claimed(settings: Settings) -> Iterator[int]:
    lock = folder.claim(settings.data_dir)
    try:
        yield lock
    finally:
        os.close(lock)


@contextlib.contextmanager
def _own_valkeys(settings: Settings) -> Iterator[list[EmbeddedValkey]]:
    run = settings.data_dir / "run"
    valkeys = [
        EmbeddedValkey("durable", run=run, folder=settings.data_dir / "durable"),
        EmbeddedValkey("ember", run=run, folder=None),
    ]
    try:
        for valkey in valkeys:
            valkey.start()
        yield valkeys
    finally:
        for valkey in valkeys:
            valkey.stop()


def _urls(settings: Settings, valkeys: Sequence[EmbeddedValkey]) -> tuple[str, str]:
    if settings.redis_url is not None and settings.ember_url is not None:
        return settings.redis_url.reveal(), settings.ember_url.reveal()
    durable, ember = valkeys
    return durable.url, ember.url


def _front_door(settings: Settings, durable_url: str, ember_url: str) -> FrontDoor:
    """The application, before the fork: what is drawn, read and compiled once is shared by all workers."""
    from portal.app import FrontDoor
    from portal.assembly import make_services
    from portal.errors import PorchlightError
    from portal.store.fitness import UnfitStore, look_over
    from portal.store.migrate import DatabaseNotReady, bring_up_to_date

    try:
        look_over(durable_url, ember_url, are_ours=not settings.joins)
        bring_up_to_date(settings.database_place)
        services = make_services(settings, durable_url=durable_url, ember_url=ember_url)
    except (DatabaseNotReady, UnfitStore, PorchlightError) as error:
        raise CannotStart(str(error)) from None
    return FrontDoor(services, rooms(services))


def rooms(services: Services) -> list[Section]:
    """Every room's section, most particular addresses first; what one room needs of another is handed over here."""
    import chat.routes
    import portal.routes
    import portal.staff.routes
    import tips.routes
    from chat.availability import availability

    services.availability = availability(services)
    return [
        chat.routes.section(services),
        tips.routes.section(services),
        portal.staff.routes.section(services),
        # Last: its addresses begin with any language.
        portal.routes.section(services),
    ]


if __name__ == "__main__":
    sys.exit(main())
