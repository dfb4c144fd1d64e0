"""The front door: reads the settings, starts what the house stands on, wires the rooms, and runs."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from portal import folder, settings as reading
from portal.lifeline import hide_memory, swap_is_on, write_no_core
from portal.listening import CannotListen, listen
from portal.logs import configure_logs
from portal.settings import BadSetting, Settings
from portal.store.binary import NoValkey
from portal.store.embedded import EmbeddedValkey, ValkeyDidNotStart

if TYPE_CHECKING:
    from portal.app import FrontDoor
    from portal.section import Section
    from portal.services import Services

CANNOT_START = 2


class CannotStart(Exception):
    """Something is missing or wrong. The text is a sentence for the person at the terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop. 0 after a clean end; 2, with one sentence, when it cannot start."""
    os.umask(0o077)
    # What is imported now stays for good; looking through it again and again would slow the start.
    gc.disable()
    try:
        settings = _settings(arguments)
        configure_logs(settings.log_level)
        _serve(settings)
    except (BadSetting, folder.FolderTaken, NoValkey, ValkeyDidNotStart, CannotListen, CannotStart) as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return 0
    return 0


def _settings(arguments: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(prog="server.py", description="Runs Porchlight until Ctrl-C.")
    parser.add_argument("--settings", metavar="FILE", type=Path, help="a file of NAME = value lines")
    parser.add_argument("--port", dest="PORCHLIGHT_PORT", metavar="PORT", help="the site's port (8000)")
    parser.add_argument("--desk-port", dest="PORCHLIGHT_DESK_PORT", metavar="PORT", help="the desk's port (8001)")
    parser.add_argument("--workers", dest="PORCHLIGHT_WORKERS", metavar="N", help="how many processes serve (2)")
    parser.add_argument("--data", dest="PORCHLIGHT_DATA_DIR", metavar="FOLDER", help="the data folder (data)")
    parser.add_argument("--keys", dest="PORCHLIGHT_KEYS_DIR", metavar="FOLDER", help="the keys folder (keys)")
    told = vars(parser.parse_args(arguments))
    file = told.pop("settings")
    return reading.from_process({name: text for name, text in told.items() if text is not None}, file)


def _serve(settings: Settings) -> None:
    write_no_core()
    hide_memory()
    folder.make_folder(settings.data_dir)
    folder.make_folder(settings.keys_dir)
    with contextlib.ExitStack() as held:
        lock = held.enter_context(_claimed(settings)) if not settings.joins else None
        valkeys = held.enter_context(_own_valkeys(settings)) if not settings.joins else []
        sockets = [*listen(settings.host, settings.port), *listen(settings.desk_host, settings.desk_port)]
        # Imported while the Valkeys start: each takes its time, and neither waits for the other.
        app = _front_door(settings, *_urls(settings, valkeys))
        for valkey in valkeys:
            valkey.wait_until_ready()
        from portal.staff.setup import setup_code
        from portal.supervisor import Supervisor, WorkersDoNotStart

        # Made before anybody is served: whoever sees the page that asks for it can look it up.
        code = setup_code(settings)
        supervisor = Supervisor(app, sockets, valkeys, workers=settings.workers)
        if lock is not None:
            supervisor.keep_from_children(lock)
        try:
            supervisor.run(when_ready=lambda: _say_what_matters(settings, code))
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
    from portal.store.migrate import DatabaseNotReady, bring_up_to_date

    try:
        bring_up_to_date(settings.database_path)
        services = make_services(settings, durable_url=durable_url, ember_url=ember_url)
    except (DatabaseNotReady, PorchlightError) as error:
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


def _say_what_matters(settings: Settings, code: str | None) -> None:
    lines = [
        "Porchlight is running.",
        f"  The site  {settings.public_origin}/",
        f"  The desk  {settings.desk_origin}/desk",
    ]
    if code is not None:
        lines.append(f"  To set it up, open {settings.desk_origin}/desk/setup and type this code once: {code}")
    lines.append(f"  One write to this disk takes {folder.milliseconds_to_disk(settings.data_dir):.1f} ms.")
    if swap_is_on():
        lines.append("  Swap is on: memory may reach the disk. Turn it off, or encrypt it with a key of each start.")
    lines.append("  Ctrl-C ends it.")
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
