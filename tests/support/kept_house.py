"""Makes the kept house of a version, by that version's own program.

    python -m tests.support.kept_house FOLDER

Run in a checkout of the version it is to be of, and packed by `tar -cJ` (`docs/upgrade.md`). Writes what that house
leaves: its rows, its keys, a backup of it, and in `facts.json` what somebody knows who lived in it. Nothing in it is
anybody's.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.support.open_house import open_house_at
from tests.support.reporters import LineReporter
from tests.support.server_process import REPOSITORY

WORDS = "three green lorries behind the weaving mill"


def main() -> int:
    """0 once it is written."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="k") as folder, open_house_at(Path(folder)) as opened:
        house, admin = opened.house, opened.admin
        with closing(LineReporter(house)) as reporter:
            number = str(reporter.sends_note(WORDS))
        backup = [sys.executable, "server.py", "backup", "--to", str(out)]
        subprocess.run(backup, cwd=REPOSITORY, env=house.environment(), check=True, capture_output=True)
        with closing(sqlite3.connect(house.database)) as rows, closing(sqlite3.connect(out / "porchlight.db")) as kept:
            rows.backup(kept)
            revision = kept.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            kept.execute("PRAGMA journal_mode=DELETE")
            kept.execute("VACUUM")
        shutil.copytree(house.keys, out / "keys", ignore=shutil.ignore_patterns("*.lock"))
        facts = {
            "revision": revision,
            "name": admin.name,
            "passphrase": admin.passphrase,
            "sheets": admin.sheets,
            "number": number,
            "words": WORDS,
        }
        (out / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
