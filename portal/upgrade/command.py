"""The command that says what a newer version would do to the house: `server.py upgrade --check`."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from portal.errors import PorchlightError
from portal.settings import BadSetting, Settings
from portal.staff.keys.keys_folder import KeysFolderWrong
from portal.store.database import DatabaseAway
from portal.store.revisions import DatabaseNotReady
from portal.upgrade.finding import Finding, Weight
from portal.upgrade.looking import CannotLook, look

CANNOT_LOOK: Final = 2

_DOES: Final = "Says what this version would change in the house; run it before the new version's first start."


def check(
    parser: Callable[[str, str], ArgumentParser], read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]
) -> int:
    """0: nothing stands in the way; 1: it would work, read the lines first; 3: it would not; 2: it could not look."""
    asked = parser("server.py upgrade", _DOES)
    asked.add_argument("--check", action="store_true", required=True, help="the one thing it does: nothing is changed")
    asked.add_argument("--backups", type=Path, metavar="FOLDER", help="where the backups are")
    told = vars(asked.parse_args(arguments))
    backups = told.pop("backups")
    told.pop("check")
    try:
        settings = read(told)
        found = asyncio.run(look(settings, backups, datetime.now(UTC).date()))
    except BadSetting as error:
        found = [Finding(Weight.STOP, f"This version does not take your settings. {error}")]
    except DatabaseAway as away:
        print(f"The rows cannot be read ({away}): the database does not answer, or is none.", file=sys.stderr)
        return CANNOT_LOOK
    except (CannotLook, KeysFolderWrong) as error:
        print(f"The house cannot be looked at: {error}", file=sys.stderr)
        return CANNOT_LOOK
    except (PorchlightError, DatabaseNotReady, OSError) as error:
        print(f"The house cannot be looked at: {type(error).__name__} ({error}).", file=sys.stderr)
        return CANNOT_LOOK
    for each in found:
        print(each.says)
    worst = max(each.weight for each in found)
    print(_LAST[worst])
    return int(worst)


_LAST: Final = {
    Weight.FINE: "Nothing stands in the way.",
    Weight.READ: "It would work. Read the lines above first.",
    Weight.STOP: "Not yet: something above would not work.",
}
