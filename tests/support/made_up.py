"""Makes a language nobody speaks out of the English words, and opens a house that serves it by a folder and a line."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from babel.messages.pofile import write_po

from tests.support.catalogues import catalogue
from tests.support.desk_people import PHONE_LINE, open_doors, set_up
from tests.support.house import running_house
from tests.support.neutral import neutral_site
from tests.support.open_house import OpenHouse
from tests.support.source import REPOSITORY

# A tag CLDR knows, of a language that is made up and that the house does not serve.
TAG = "eo"
LINE = f'    Language("{TAG}", "Ḿáđé úƥ", "ltr", ("one", "other")),\n'
DESK_LINE = 'DESK_TAGS = ("en", "fr"'
LONGER = 1.4

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ODD = "áƀçđéƒğħíĵķłɱñóƥɋŕšŧúṽŵẋýžÁƁÇĐÉƑĞĦÍĴĶŁṀÑÓƤɊŔŠŦÚṼŴẊÝŽ"
_KEPT = re.compile(r"(%\(\w+\)s|<[^>]+>)")


def made_up(words: str) -> str:
    """Every letter with a sign on it, two fifths longer, in brackets: what lacks either was not translated, or cut."""
    parts = _KEPT.split(words)
    said = "".join(part if _KEPT.fullmatch(part) else part.translate(str.maketrans(_PLAIN, _ODD)) for part in parts)
    missing = round(len(words) * (LONGER - 1)) - 2
    return f"[{said}{(' óñé' * (missing // 4 + 1))[:missing].rstrip()}]"


def write_made_up(folder: Path) -> Path:
    """A copy of the cellar with the made-up language in it, the desk's words too, and a program that opens it."""
    shutil.copytree(REPOSITORY / "i18n", folder / "i18n", ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / "i18n" / "languages.py"
    lines = table.read_text("utf-8").replace("KNOWN = (\n", f"KNOWN = (\n{LINE}", 1)
    assert DESK_LINE in lines
    table.write_text(lines.replace(DESK_LINE, f'{DESK_LINE}, "{TAG}"', 1), "utf-8")
    words = folder / "i18n" / "catalogues" / TAG / "LC_MESSAGES"
    words.mkdir(parents=True)
    for domain in sorted(path.stem for path in (folder / "i18n" / "catalogues" / "en").rglob("*.po")):
        told = catalogue(domain, "en")
        for message in told:
            if message.id:
                said = message.string
                message.string = made_up(said) if isinstance(said, str) else tuple(made_up(form) for form in said or ())
        with (words / f"{domain}.po").open("wb") as written:
            write_po(written, told, omit_header=False)
    program = folder / "server.py"
    program.write_text(
        "import runpy, sys\n"
        f"sys.path.insert(1, {str(REPOSITORY)!r})\n"
        f"runpy.run_path({str(REPOSITORY / 'server.py')!r}, run_name='__main__')\n",
        "utf-8",
    )
    return program


@contextmanager
def made_up_house(root: Path) -> Iterator[OpenHouse]:
    """An open house that serves the made-up language too."""
    with ExitStack() as stack:
        neutral = stack.enter_context(neutral_site())
        opened = running_house(root / "h", shared=True, exit_urls=neutral.url, phone_line=PHONE_LINE)
        opened.house.program = (str(write_made_up(root / "p")),)
        house = stack.enter_context(opened)
        admin = set_up(house)
        stack.callback(admin.close)
        open_doors(admin)
        # Each server process remembers for up to a second that the doors were closed.
        time.sleep(1.2)
        yield OpenHouse(house, admin, neutral)


# Words of a page in letters without signs: in its text, and in what is read out or shown in place of it. Names stand in
# `bdi`, words of another language under their own `lang`.
UNTRANSLATED = r"""names => {
  const page = document.documentElement.lang, found = new Set();
  const look = (text, it) => {
    for (const name of names) text = text.split(name).join(" ");
    if (!/[A-Za-z]{2,}/.test(text) || it.closest("bdi, kbd, noscript, script, style, [data-kept-words]")) return;
    if (it.closest("[lang]").lang === page) found.add(text.trim());
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) look(walker.currentNode.data, walker.currentNode.parentElement);
  for (const it of document.body.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "alt", "placeholder", "label"]) look(it.getAttribute(name) || "", it);
    // A word for the script holds a space or a stop; a name for it does not, but for those of the rows of a list.
    const {rows, ...told} = it.dataset;
    for (const value of Object.values(told)) if (/[a-z] |[a-z]\.$/i.test(value)) look(value, it);
  }
  return [...found];
}"""
