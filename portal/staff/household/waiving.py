"""Puts lines of the list before the doors off, at the terminal: `python -m portal.staff.household.waiving`.

At the desk nobody can: a hotline that opens without a second key holder because somebody was in a hurry loses
everything on the day the first is ill. Whoever has the server's own account holds it anyway, and may have reason (a
flood, a house that is only tried out). What is put off stands amber on the list, and in the audit.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from portal import settings as reading
from portal.desk_settings import DeskSettings
from portal.errors import PorchlightError
from portal.settings import BadSetting, Settings
from portal.staff.household.readiness import PLACES, WAIVED
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import NOBODY, AuditChain
from portal.store.database import Database

FAILED = 2


async def waive(settings: Settings, names: Iterable[str]) -> None:
    """Put these lines off; none: nothing is any more. Raises DatabaseAway, KeysFolderWrong."""
    database = Database(settings.database_place)
    folder = KeysFolder(settings.keys_dir, settings.data_dir)
    database.beside = chain = AuditChain(folder)
    try:
        async with database.write() as connection:
            await DeskSettings(database, folder).set(connection, {WAIVED: " ".join(names) or None})
            await audit.line(connection, at=datetime.now(UTC), act="ready.waived", staff_id=NOBODY)
        await chain.keep()
    finally:
        await database.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it is written down; 2, with one sentence, when it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m portal.staff.household.waiving", description=__doc__)
    parser.add_argument("--settings", metavar="FILE", type=Path, help="a file of NAME = value lines")
    parser.add_argument("--data", dest="PORCHLIGHT_DATA_DIR", metavar="FOLDER", help="the data folder (data)")
    parser.add_argument("--keys", dest="PORCHLIGHT_KEYS_DIR", metavar="FOLDER", help="the keys folder (keys)")
    parser.add_argument("lines", nargs="*", choices=[[], *PLACES], help="what is put off; nothing: all is asked again")
    told = vars(parser.parse_args(arguments))
    file, names = told.pop("settings"), told.pop("lines")
    try:
        settings = reading.from_process({name: text for name, text in told.items() if text is not None}, file)
        asyncio.run(waive(settings, names))
    except (BadSetting, PorchlightError) as error:
        print(f"Nothing was put off: {error or type(error).__name__}", file=sys.stderr)
        return FAILED
    print(f"Put off: {', '.join(names) or 'nothing any more'}. The desk shows these lines amber.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
