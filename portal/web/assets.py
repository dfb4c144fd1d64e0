"""Serves style sheets and scripts: bundled at start, under names made of their content that never change."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.web.scripts import bundle_script, entry_scripts

FOLDER = Path(__file__).parents[2] / "static"

# A year, and "do not even ask": the name changes when the content does.
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}

_PUBLIC_SHEETS = ("css/tokens.css", "css/base.css", "css/layout.css")
_DESK_SHEETS = ("css/tokens.css", "css/base.css")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACES = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,>])\s*")
_AFTER_COLON = re.compile(r":\s+")


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    address: str
    media_type: str
    plain: bytes

    @cached_property
    def zipped(self) -> bytes:
        """The same, compressed as far as it goes; done when first asked for, so that no start waits for it."""
        return gzip.compress(self.plain, 9, mtime=0)


class Assets:
    """Every style sheet and script, built once from `static/`.

    `css/public.css` is tokens, base, layout and all of `css/components/`; what one page alone needs is a sheet beside
    it, `css/page-*.css`, so that whoever opens the chat on a slow line does not wait for it. `css/desk.css` is tokens,
    base and every `css/desk*.css`. Each script that no other script imports is a bundle of its own (see
    `portal.web.scripts`).
    Addresses are a hash and an ending: they name no page and no purpose.
    """

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._by_name = dict(assets)
        self._by_address = {asset.address: asset for asset in assets.values()}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Assets:
        """Read and bundle everything below `folder`. Raises ScriptNotBundled for a script that breaks the rules."""
        texts = {"css/public.css": _style(folder, _PUBLIC_SHEETS, "css/components/*.css")}
        for path in sorted((folder / "css").glob("page-*.css")):
            texts[f"css/{path.name}"] = squeeze_style(path.read_text(encoding="utf-8"))
        if list((folder / "css").glob("desk*.css")):
            texts["css/desk.css"] = _style(folder, _DESK_SHEETS, "css/desk*.css")
        for name in entry_scripts(folder):
            texts[name] = bundle_script(folder, name)
        return cls({name: _asset(name, text) for name, text in texts.items()})

    def under(self, root: str) -> Assets:
        """The same files at addresses below `root`, for pages that are served from there."""
        return Assets({name: replace(asset, address=root + asset.address) for name, asset in self._by_name.items()})

    def address(self, name: str) -> str:
        """The address of a bundle, for a template. Raises KeyError for a bundle that does not exist."""
        return self._by_name[name].address

    def asset(self, name: str) -> Asset:
        """The bundle itself, for whoever weighs it."""
        return self._by_name[name]

    async def serve(self, request: Request) -> Response:
        """Answer one file; 404 without a body for an unknown name."""
        asset = self._by_address.get(request.scope["path"])
        if asset is None:
            return Response(status_code=404)
        headers = {"cache-control": _FOREVER, "vary": "accept-encoding"}
        if accepts_gzip(request):
            headers["content-encoding"] = "gzip"
            return Response(asset.zipped, media_type=asset.media_type, headers=headers)
        return Response(asset.plain, media_type=asset.media_type, headers=headers)

    def route(self) -> Route:
        """The one route of all assets; it belongs to both faces."""
        return Route("/a/{name}", self.serve, methods=["GET"])


def accepts_gzip(request: Request) -> bool:
    """Whether the browser takes gzip."""
    return "gzip" in request.headers.get("accept-encoding", "").lower()


def _asset(name: str, text: str) -> Asset:
    plain = text.encode()
    ending = name.rpartition(".")[2]
    fingerprint = hashlib.sha256(plain).hexdigest()[:12]
    return Asset(f"/a/{fingerprint}.{ending}", _TYPES[ending], plain)


def _style(folder: Path, first: tuple[str, ...], pattern: str) -> str:
    paths = [folder / name for name in first if (folder / name).exists()]
    paths += sorted(folder.glob(pattern))
    return "".join(squeeze_style(path.read_text(encoding="utf-8")) for path in paths)


def squeeze_style(text: str) -> str:
    """A style sheet without comments and without space that means nothing. Our sheets hold no strings with spaces."""
    text = _SPACES.sub(" ", _COMMENT.sub("", text))
    return _AFTER_COLON.sub(":", _AROUND.sub(r"\1", text)).replace(";}", "}").strip()
