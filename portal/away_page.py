"""Writes the pages a reverse proxy shows while the house does not answer: plain files, in every language."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.routing import Route

from i18n.languages import LANGUAGES, Language
from portal.app import close
from portal.assembly import make_services, words_of
from portal.directory.public_pages import PLACES
from portal.errors import Away, PorchlightError, TooBusy
from portal.figures.public_pages import FIGURES, FILE
from portal.library.public_pages import PAGE
from portal.numbers import numbers, one_number
from portal.opening import SiteFacts
from portal.quality.after_pages import AFTER
from portal.routes import section
from portal.services import Services
from portal.settings import BadSetting, Settings, from_process
from portal.web.assets import Assets
from portal.web.forms import FormTooLarge
from portal.web.page import Pages

# As dull as the other addresses. The proxy's configuration names it too; a test holds both to one word.
ROOT: Final = "/wait"
CANNOT_WRITE: Final = 2

# What the proxy may have to say by itself, by the page's last word. Each is a whole page with the exit and the phone.
_SORRY: Final[dict[str, type[PorchlightError]]] = {"index": Away, "long": FormTooLarge, "busy": TooBusy}
_ASSETS: Final = ("css/public.css", "js/leave.js")
_HOME: Final = "/{lang}/"
# Home and the page after a talk offer the next one; places and figures are looked for in the database.
_NEEDS_THE_HOUSE: Final = {_HOME, AFTER, PLACES, FIGURES, f"{FIGURES}/{FILE}"}
# Nothing is asked of a store: these pages are for when there is none.
_NOWHERE: Final = "unix:///nonexistent"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the folder. 2, with one sentence, when it cannot: an old page is better than one without a phone number."""
    parser = argparse.ArgumentParser(prog="portal.away_page", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the proxy finds the pages; made if it is not there")
    parser.add_argument("--settings", metavar="FILE", type=Path, help="the settings file of the house")
    told = parser.parse_args(arguments)
    try:
        asyncio.run(write(told.folder, from_process(file=told.settings)))
    except (BadSetting, PorchlightError, OSError) as error:
        print(f"The pages were not written: {error or type(error).__name__}.", file=sys.stderr)
        return CANNOT_WRITE
    return 0


async def write(folder: Path, settings: Settings) -> None:
    """Write every page and what it is drawn with below ``folder``, each file whole or not at all.

    Raises ``DatabaseAway`` when the phone line cannot be looked up.
    """
    assets = Assets.load().under(ROOT)
    pages = Pages(settings, words_of(settings), assets, root=ROOT)
    services = make_services(settings, durable_url=_NOWHERE, ember_url=_NOWHERE, pages=pages)
    try:
        async with services.database.read() as connection:
            site = await services.opening.read(connection)
    finally:
        await close(services)
    for name in _ASSETS:
        _put(folder, assets.address(name), assets.asset(name).plain)
    # The chat and the form are out of reach from here, so nothing on these pages may offer them.
    async for address, page in _drawn(services, replace(site, is_open=False)):
        _put(folder, address, page)


async def _drawn(services: Services, site: SiteFacts) -> AsyncIterator[tuple[str, bytes]]:
    stock = await services.library.known()
    for language in LANGUAGES.values():
        for name, error in _SORRY.items():
            request = _request("/{lang}/", language, site)
            emergency = one_number(numbers().region(site.region))
            page = services.pages.render(request, "portal/away.html", phrase=error.phrase, emergency=emergency)
            yield f"{ROOT}/{language.tag}/{name}.html", bytes(page.body)
        for route in _readable(services):
            for name in stock.pages if route.path == PAGE else ("",):
                request = _request(route.path, language, site, name=name)
                page = await route.endpoint(request)
                yield f"{ROOT}{request.scope['path']}.html", bytes(page.body)


def _readable(services: Services) -> list[Route]:
    """The portal's own pages but those that need the house: what a person may read without anybody being there."""
    routes = [each for each in section(services).public if isinstance(each, Route) and "GET" in (each.methods or ())]
    return [
        route
        for route in routes
        if route.path == PAGE
        or (route.path.startswith(_HOME) and route.path.count("{") == 1 and route.path not in _NEEDS_THE_HOUSE)
    ]


def _request(path: str, language: Language, site: SiteFacts, **names: str) -> Request:
    names["lang"] = language.tag
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": path.format(**names),
            "path_params": names,
            "query_string": b"",
            "headers": [],
            "state": {"face": "public", "site": site},
        }
    )


def _put(folder: Path, address: str, content: bytes) -> None:
    """Write one file that everybody may read; whoever asks meanwhile gets the old one."""
    path = folder / address.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whoever serves them is another account, whatever the mask of the one that writes them says.
    for above in path.relative_to(folder).parents:
        (folder / above).chmod(0o755)
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    new.chmod(0o644)
    os.replace(new, path)


if __name__ == "__main__":
    sys.exit(main())
