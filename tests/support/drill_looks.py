"""Looks around in a house that was put back, as the people of its drill do.

    python -m tests.support.drill_looks FACTS

Run inside the lines of the machine it is on. Prints what they saw, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pyotp

from tests.support.desk_people import DeskPerson
from tests.support.house import House
from tests.support.reporters import LineReporter


def seen(house: House, facts: dict[str, Any]) -> dict[str, Any]:
    """What stands behind two numbers, on the desk, and in a picture's bytes."""
    with closing(LineReporter(house)) as reporter:
        kept = reporter.comes_back(facts["number"]).words
        erased = reporter.comes_back(facts["erased"]).words
    with closing(DeskPerson(house, "", facts["name"], facts["passphrase"])) as robin:
        robin.reader.opens("/desk/signin")
        form = robin.reader.page.form(with_field="passphrase")
        typed = {"name": robin.name, "passphrase": robin.passphrase}
        robin.reader.sends(form, typed)
        alone = robin.is_signed_in
        robin.reader.opens("/desk/signin")
        robin.reader.sends(form, typed | ({"code": pyotp.TOTP(facts["app"]).now()} if facts["app"] else {}))
        picture = f"/desk/tips/{facts['photo']['tip']}/files/{facts['photo']['file']}/original"
        return {
            "by passphrase alone": alone,
            "signed in": robin.is_signed_in,
            "kept": kept,
            "erased": erased,
            "tip": robin.reader.opens(f"/desk/tips/{facts['tip']}").words,
            "inbox": robin.reader.opens("/desk/tips").words,
            "photo": hashlib.sha256(_bytes(robin, picture)).hexdigest(),
        }


def _bytes(person: DeskPerson, path: str) -> bytes:
    reader = person.reader
    answer: httpx.Response = reader.web.get(person.house.desk + path, headers={"Cookie": reader.cookie})
    return answer.content


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as nowhere:
        there = House(Path(nowhere))
        there.port, there.desk_port = 8000, 8001
        print(json.dumps(seen(there, json.loads(Path(sys.argv[1]).read_text("utf-8")))))
