"""What the script of the form asks of its copy at the house: keep it, give it back, forget it."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from i18n.languages import Language
from portal.services import Services
from portal.web.forms import KIB, content_type, read_json
from portal.web.page import language_of, see_other, site_of
from tips.drafts import Drafts
from tips.pages.hint import hint_in

# A copy is 32 KiB; as JSON, with its names and what fills it up, a little more.
LIMIT: Final = 48 * KIB

# Bytes: room for what is said of a language, in any script.
ANSWER_SIZE: Final = 512
# Nobody waits for this answer, and a text that stays as it is is not kept again: long enough for the model to load.
WAITS_S: Final = 5.0


class KeepingPages:
    """One address, asked in JSON by our own script alone. Whoever else comes is led to the form."""

    def __init__(self, services: Services, drafts: Drafts) -> None:
        self._services = services
        self._drafts = drafts

    async def keep(self, request: Request) -> Response:
        """`d` is the page's key. With `f`, the fields, keep them; with `do` "back", give them; with `do` "off", forget.

        Answers `kept`, whether there is a copy now, and the fields where they were asked for; `guess`, where what was
        kept looks like another language. Raises FormTooLarge, FormUnreadable, ValkeyAway.
        """
        language = language_of(request)
        if request.method != "POST" or content_type(request) != "application/json":
            return see_other(f"/{language.tag}/note")
        asked = await read_json(request, limit=LIMIT)
        key, act = _text(asked.get("d")), asked.get("do")
        if act == "off":
            await self._drafts.forget(key)
            return JSONResponse({"kept": False})
        if act == "back":
            typed = await self._drafts.open(key)
            return JSONResponse({"kept": bool(typed), "f": typed})
        if not site_of(request).is_open:
            return JSONResponse({"kept": False})
        said = _texts(asked.get("f"))
        is_kept = await self._drafts.keep(_text(asked.get("k")), key, said)
        return _filled({"kept": is_kept, "guess": await self._hint(language, said.get("words", ""))})

    async def _hint(self, language: Language, text: str) -> Mapping[str, str] | None:
        """What is to be said where she writes in another language than the page's; the page says it once."""
        hint = hint_in(self._services, await self._services.guesses.soon(language.tag, text, within_s=WAITS_S))
        return None if hint is None else {"tag": hint.language.tag, "ask": hint.ask, "show": hint.show, "no": hint.no}


def _filled(answer: dict[str, Any]) -> JSONResponse:
    """The answer, as long whether a language was guessed or not: its length is seen by whoever watches the line."""
    size = len(JSONResponse({**answer, "p": ""}).body)
    return JSONResponse({**answer, "p": " " * max(0, ANSWER_SIZE - size)})


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Mapping[str, str]:
    said = value if isinstance(value, dict) else {}
    return {name: text for name, text in said.items() if isinstance(name, str) and isinstance(text, str)}
