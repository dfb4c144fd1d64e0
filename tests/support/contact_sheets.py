"""Puts a page in every language on one sheet, four times: `python -m tests.support.contact_sheets FOLDER`."""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page

from i18n.languages import LANGUAGES
from tests.support.chromium import PHONE, Chromium, running_chromium
from tests.support.navigators import Reporter
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.public_pages import path

SHEETS = ("home", "note", "talk", "receipt")
ACROSS = 5
HEAD = 28
GAP = 12
WORDS = "Four people live above the laundry."

Pictures = dict[str, dict[str, bytes]]


def take_pictures(
    chromium: Chromium, ready: OpenHouse, tags: Iterable[str], scheme: Literal["light", "dark"] = "light"
) -> Pictures:
    """What is in sight of each page on a phone: sheet -> language -> PNG."""
    taken: Pictures = {sheet: {} for sheet in SHEETS}
    reporters = []
    for tag in tags:
        page = chromium.new_context(size=PHONE, language=tag, scheme=scheme).new_page()
        for sheet in ("home", "talk"):
            page.goto(ready.house.public + path(sheet, tag))
            taken[sheet][tag] = _picture(page)
        reporters.append(Reporter(page, ready.house.public, tag).opens_the_form())
        taken["note"][tag] = _picture(page)
    for reporter in reporters:
        reporter.sends_note(WORDS)
        taken["receipt"][reporter.language] = _picture(reporter.page)
        reporter.page.context.close()
    return taken


def _picture(page: Page) -> bytes:
    page.wait_for_timeout(100)
    picture: bytes = page.screenshot()
    return picture


def sheet_of(pictures: dict[str, bytes]) -> Image.Image:
    """All of them on one sheet, each under the tag of its language."""
    drawn = {tag: Image.open(io.BytesIO(picture)) for tag, picture in pictures.items()}
    width, height = next(iter(drawn.values())).size
    rows = -(-len(drawn) // ACROSS)
    sheet = Image.new("RGB", (GAP + ACROSS * (width + GAP), GAP + rows * (height + HEAD + GAP)), "#808080")
    pen, letters = ImageDraw.Draw(sheet), ImageFont.load_default(20)
    for at, (tag, picture) in enumerate(drawn.items()):
        left, top = GAP + at % ACROSS * (width + GAP), GAP + at // ACROSS * (height + HEAD + GAP)
        pen.text((left, top), tag, fill="white", font=letters)
        sheet.paste(picture, (left, top + HEAD))
    return sheet


def main() -> int:
    """Writes the sheets, and each picture by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(LANGUAGES), help="languages, by their tags")
    parser.add_argument("--dark", action="store_true", help="as it looks where the phone is dark")
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as root, running_chromium() as chromium, open_house_at(Path(root)) as ready:
        taken = take_pictures(chromium, ready, told.only.split(","), "dark" if told.dark else "light")
    for sheet, pictures in taken.items():
        for tag, picture in pictures.items():
            (told.folder / f"{sheet}-{tag}.png").write_bytes(picture)
        sheet_of(pictures).save(told.folder / f"sheet-{sheet}.png", optimize=True)
    print(f"{len(SHEETS)} sheets in {told.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
