"""Walks through every page in every language and writes what holds into docs/tongues.md."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from babel.core import Locale
from playwright.sync_api import Page

from i18n.catalogue import PUBLIC_DOMAINS
from i18n.languages import LANGUAGES
from tests.support.axe import violations
from tests.support.catalogues import phrases
from tests.support.chromium import Chromium, running_chromium
from tests.support.fit import NARROW, opens_every_fold, unfit
from tests.support.navigators import Reporter, Visitor
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.public_pages import PAGES, path

BEGINS, ENDS = "<!-- measured -->\n", "<!-- to here -->\n"
# When somebody last looked at the sheets of `make sheets` in this language, picture by picture.
LOOKED_AT = dict.fromkeys(LANGUAGES, "2026-11-23")
_LONGEST = """() => Math.max(...[...document.querySelectorAll("button, .button, .leave, .call, summary, label.card")]
    .filter(it => it.checkVisibility()).map(it => it.textContent.trim().length))"""


@dataclass
class Row:
    """What was found of one language."""

    tag: str
    wrong: list[str] = field(default_factory=list)
    longest_label: int = 0
    pages: int = 0
    axe: int = 0

    def sees(self, page: Page, name: str, *, asks_axe: bool = False) -> None:
        """One page, as it comes and with every fold open."""
        self.pages += 1
        if asks_axe:
            self.axe += 1
            self.wrong += [f"{self.tag} {name}: {line}" for line in violations(page)]
        found = unfit(page)
        opens_every_fold(page)
        self.wrong += [f"{self.tag} {name}: {line}" for line in dict.fromkeys([*found, *unfit(page)])]
        self.longest_label = max(self.longest_label, page.evaluate(_LONGEST))

    def cells(self) -> list[str]:
        """Strings, translated, plural forms, longest label, pages that fit, axe, looked at."""
        known = {key: told for domain in PUBLIC_DOMAINS for key, told in phrases(domain, "en").items()}
        here = {key: told for domain in PUBLIC_DOMAINS for key, told in phrases(domain, self.tag).items()}
        done = sum(all(word.strip() for word in here.get(key, [""])) for key in known)
        forms = {len(here[key]) for key, told in known.items() if len(told) > 1 and key in here}
        categories = [*LANGUAGES[self.tag].plurals]
        fits = "yes" if not self.wrong else f"no ({len(self.wrong)})"
        kept = [category for category in categories if category != LANGUAGES[self.tag].rare]
        right = forms <= {len(categories), len(kept)} and {*categories} == {
            *Locale.parse(self.tag, sep="-").plural_form.tags,
            "other",
        }
        counted = f"{'yes' if right else 'no'} ({'/'.join(str(each) for each in sorted(forms))})"
        label = f"{fits}, {self.longest_label} letters, {self.pages} pages"
        return [str(len(known)), f"{100 * done // len(known)} %", counted, label, str(self.axe), LOOKED_AT[self.tag]]


def walk(chromium: Chromium, ready: OpenHouse, tags: Iterable[str] = LANGUAGES) -> list[Row]:
    """Every public page, the note's way to its end and back, the waiting room, More, and the end, in each language."""
    rows = []
    for tag in tags:
        row = Row(tag)
        with chromium.visit(size=NARROW, language=tag) as page:
            reporter = Reporter(page, ready.house.public, tag)
            for name in PAGES:
                page.goto(ready.house.public + path(name, tag))
                row.sees(page, name, asks_axe=name in ("home", "note", "talk"))
            reporter.opens_the_form().sends_note("Four people live above the laundry.")
            row.sees(page, "receipt", asks_axe=True)
            reporter.comes_back()
            row.sees(page, "thread")
        with chromium.visit(size=NARROW, language=tag) as page:
            page.goto(ready.house.public + path("talk", tag))
            page.wait_for_timeout(3_100)
            page.click("#start-form button")
            page.wait_for_selector("#line:not([hidden])")
            row.sees(page, "waiting")
            page.click("#more-button")
            row.sees(page, "more")
            page.click("#end-ask")
            page.click("#end-now")
            Visitor(page, ready.house.public, tag).sees_the_end()
            row.sees(page, "ended")
        rows.append(row)
    return rows


def table(rows: Iterable[Row]) -> str:
    """The rows as they stand in docs/tongues.md."""
    head = "| language | strings | translated | plural forms right (forms) | fits at 320 px | axe 0 on | looked at |\n"
    lines = [f"| {LANGUAGES[row.tag].own_name} ({row.tag}) | {' | '.join(row.cells())} |\n" for row in rows]
    return head + "|---|---|---|---|---|---|---|\n" + "".join(lines)


def shared_strings() -> str:
    """The strings that are the same as in English, by language."""
    lines = []
    for tag in LANGUAGES:
        same = [
            f"`{key}`"
            for domain in PUBLIC_DOMAINS
            for key, told in phrases(domain, "en").items()
            if tag != "en" and phrases(domain, tag)[key][-1] == told[-1] and re.search(r"[A-Za-z]", told[-1])
        ]
        if same:
            lines.append(f"- {tag}: {', '.join(same)}\n")
    return "".join(lines)


def main() -> int:
    """Writes the table between its two marks; 1 where something does not fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as root, running_chromium() as chromium, open_house_at(Path(root)) as ready:
        rows = walk(chromium, ready)
    before, _, rest = told.page.read_text("utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    same = f"\nThe same as in English on purpose (names, signs, words two languages share):\n\n{shared_strings()}"
    told.page.write_text(before + BEGINS + table(rows) + same + ENDS + after, "utf-8")
    wrong = [line for row in rows for line in row.wrong]
    print(*wrong, sep="\n")
    print(f"{len(rows)} languages, {len(wrong)} things wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
