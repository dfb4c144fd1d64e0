"""Draws a page in the person's language."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import Response

from i18n import formats
from i18n.catalogue import Catalogue
from i18n.languages import ENGLISH, LANGUAGES, Language, find_language
from i18n.spoken import SPOKEN, ways_to_speak
from portal.errors import NotThere
from portal.numbers import numbers
from portal.web.assets import Assets, accepts_gzip
from portal.web.phrases import Phrases

if TYPE_CHECKING:
    from portal.desk_settings import DeskSettings
    from portal.settings import Settings

FOLDER = Path(__file__).parents[2] / "templates"

# The same dull word for every page, state and language: a tab or a history list tells nothing.
TITLE = "Page"

_WORTH_ZIPPING = 400


class Pages:
    """Renders the templates of both faces.

    Every template gets, besides the words handed to `render`:
    `t`, `tn`, `both`, `bothn`, `original`, `originaln` (phrases: portal/web/phrases.py),
    `unread` (whose words stand beside those nobody has signed: a Language, or None where all is signed),
    `language` (i18n.languages.Language), `languages` (all of them), `exit_url` (the neutral page for this language),
    `site` (portal.opening.SiteFacts), `settings`, `path_for(language)` (this page in another language),
    `home` (e.g. `/en/`), `face`, `asset(name)`, `bdi(value)`, `phone_link(number)`, `weekday(n)`, `clock(when)`,
    `count(n)`, `place(zone)`, `digits(language)`, `own_names(tags)`, `title`, `root`.

    `root` stands before every address of a page: empty, but for the copies that a proxy serves under a folder.
    """

    def __init__(
        self, settings: Settings, catalogue: Catalogue, assets: Assets, folder: Path = FOLDER, *, root: str = ""
    ) -> None:
        self.catalogue = catalogue
        self.assets = assets
        self._settings = settings
        self.desk_settings: DeskSettings | None = None
        self._root = root
        self._phrases = Phrases(catalogue)
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            **self._phrases.names(),
            asset=assets.address,
            bdi=formats.isolate,
            phone_link=formats.phone_link,
            spoken_name=lambda tag: SPOKEN[tag].own_name if tag in SPOKEN else tag,
            ways_to_speak=ways_to_speak,
            own_names=lambda tags: formats.own_names(LANGUAGES[tag] for tag in tags),
            weekday=_in_words_of(formats.weekday),
            clock=_in_words_of(formats.clock),
            count=_in_words_of(formats.number),
            place=_in_words_of(formats.place),
            is_near=numbers().is_near,
            digits=formats.digits,
            dialled=formats.dialled,
            languages=tuple(LANGUAGES.values()),
            settings=_Now(self),
            title=TITLE,
            root=root,
        )

    @property
    def now(self) -> Settings:
        """The settings as they count at this moment: what is set at the desk over what this server was given."""
        return self._settings if self.desk_settings is None else self.desk_settings.over(self._settings)

    @property
    def exit_origins(self) -> tuple[str, ...]:
        """Where an exit may lead: to those set at the desk, and always to those this server was given."""
        return tuple(sorted({*self._settings.exit_origins, *self.now.exit_origins}))

    @property
    def notices(self) -> Mapping[str, str]:
        """What the house tells everybody, by language tag."""
        return {} if self.desk_settings is None else self.desk_settings.notices

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        private: bool = False,
        language: Language | str | None = None,
        **words: Any,
    ) -> Response:
        """Draw `template` as an answer that nobody may keep.

        `private`: the page carries a token or what somebody wrote. Then its status is 203, which with `no-store` keeps
        Chromium from holding the page for its Back button; it is not compressed, so its length tells nothing about a
        secret next to typed words; and no search machine may list it.

        `language` is taken from the address when not given; on a page without one it is English. Raises NotThere when
        the address names a language we do not serve.
        """
        spoken = self._spoken(request, language)
        text = self._environment.get_template(template).render(
            language=spoken,
            unread=self._phrases.unread(spoken),
            private=private,
            exit_url=self.now.exit_url(spoken.tag),
            exit_mark="" if self.desk_settings is None else self.desk_settings.exit_mark(self._settings),
            site=site_of(request),
            house_says=self._house_says(spoken),
            face=getattr(request.state, "face", "public"),
            home=f"{self._root}/{spoken.tag}/",
            path_for=_paths(request, self._root),
            **words,
        )
        body = text.encode()
        headers = {"cache-control": "no-store", "content-language": spoken.tag}
        if private:
            headers["x-robots-tag"] = "noindex, noarchive"
        elif len(body) > _WORTH_ZIPPING and accepts_gzip(request):
            body = gzip.compress(body, 9, mtime=0)
            headers["content-encoding"] = "gzip"
        if private and status == 200:
            status = 203
        return Response(body, status, headers, media_type="text/html; charset=utf-8")

    def _house_says(self, spoken: Language) -> tuple[str, Language] | None:
        """What the house tells everybody, in this language, else in the one its sentences of law are read in."""
        for language in (spoken, self.catalogue.original):
            if language.tag in self.notices:
                return self.notices[language.tag], language
        return None

    def _spoken(self, request: Request, language: Language | str | None) -> Language:
        if language is None:
            return language_of(request) if "lang" in request.path_params else ENGLISH
        if isinstance(language, str):
            return find_language(language) or ENGLISH
        return language


class _Now:
    """The settings as templates see them: looked up when a page is drawn, for some are set at the desk meanwhile."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def __getattr__(self, name: str) -> Any:  # Any: a template is not typed
        return getattr(self._pages.now, name)


def _in_words_of(says: Callable[[Language, Any], str]) -> Callable[..., str]:
    """A format as templates call it: the language is the page's own."""

    @pass_context
    def said(context: Context, value: Any) -> str:
        return says(context["language"], value)

    return said


def language_of(request: Request) -> Language:
    """The language the address names. Raises NotThere for one we do not serve."""
    language = find_language(request.path_params.get("lang", ""))
    if language is None:
        raise NotThere
    return language


def site_of(request: Request) -> Any:
    """What the house is called and whether it is open (portal.opening.SiteFacts), as the web manners found it."""
    return request.state.site


def see_other(location: str) -> Response:
    """303 to `location`, nothing in it and nothing kept: the one answer to a posted form."""
    return Response(status_code=303, headers={"location": location, "cache-control": "no-store"})


def _paths(request: Request, root: str) -> Callable[[Language], str]:
    """Where this page is in another language. A pass in the address is left out: it opens once and for one page."""
    segments = request.scope["path"].split("/")[2:]
    rest = "/".join(segment for segment in segments if segment.isascii() and len(segment) <= 20)
    return lambda language: f"{root}/{language.tag}/{rest}"
