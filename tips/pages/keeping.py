"""What the script of the form asks of its copy at the house: keep it, give it back, forget it."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portal.web.forms import KIB, content_type, read_json
from portal.web.page import language_of, see_other, site_of
from tips.drafts import Drafts

# A copy is 32 KiB; as JSON, with its names and what fills it up, a little more.
LIMIT: Final = 48 * KIB


class KeepingPages:
    """One address, asked in JSON by our own script alone. Whoever else comes is led to the form."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    async def keep(self, request: Request) -> Response:
        """`d` is the page's key. With `f`, the fields, keep them; with `do` "back", give them; with `do` "off", forget.

        Answers `kept`, whether there is a copy now, and the fields where they were asked for. Raises FormTooLarge,
        FormUnreadable, ValkeyAway.
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
        return JSONResponse({"kept": await self._drafts.keep(_text(asked.get("k")), key, _texts(asked.get("f")))})


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Mapping[str, str]:
    said = value if isinstance(value, dict) else {}
    return {name: text for name, text in said.items() if isinstance(name, str) and isinstance(text, str)}
