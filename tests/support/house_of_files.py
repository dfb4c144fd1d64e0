"""Opens a house of a test file's own that takes files on tips."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.open_house import OpenHouse, open_house_at
from tips.files.switching import ASKED, CONFIRMED

CONFIRMS: Final = dict.fromkeys(CONFIRMED, "1") | dict.fromkeys(ASKED, "Robin and Kim, 555-0100")
"""What an administrator says before files may be taken."""

# Each process believes what it read for up to a second.
_KNOWN_S: Final = 1.2


@contextmanager
def house_of_files(root: Path, *sorts: str) -> Iterator[OpenHouse]:
    """An open house that takes photos, and these sorts of files beside them."""
    with open_house_at(root) as ready:
        desk = ready.admin.signs_in().reader
        desk.sends(desk.opens("/desk/files").form(with_field="whom"), CONFIRMS)
        time.sleep(_KNOWN_S)
        for sort in sorts:
            page = desk.opens("/desk/files")
            desk.sends(next(form for form in page.forms if form.fields.get("sort") == sort))
        if sorts:
            time.sleep(_KNOWN_S)
        yield ready
