"""Draws Markdown as markup that a page may hold: headings, paragraphs, lists, links and emphasis, and nothing else."""

from __future__ import annotations

from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from portal.library.links import BadLink, checked_link, is_own
from portal.web.sanitise import clean_markup

# Without markup of the writer's own, pictures (they would be asked of another site) and code.
_READER: Final = MarkdownIt("commonmark", {"html": False}).disable(
    ["html_block", "html_inline", "image", "code", "fence", "autolink", "backticks", "reference", "hr"]
)
_LEVELS: Final = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}


def drawn(text: str) -> Markup:
    """`text` as markup. What it may hold is drawn, the rest stands there as it was typed or is gone."""
    tokens = _READER.parse(text)
    for token in tokens:
        _shape(token)
        for inner in token.children or ():
            _shape(inner)
    # Bleach made it: tags and attributes of a short list, addresses by https or of this site.
    return Markup(clean_markup(_READER.renderer.render(tokens, _READER.options, {})))  # noqa: S704


def links(text: str) -> list[str]:
    """Every address a text leads to."""
    inner = [each for token in _READER.parse(text) for each in token.children or ()]
    return [str(each.attrs["href"]) for each in inner if each.type == "link_open"]


def bad_links(text: str) -> list[str]:
    """The addresses in a text that may not stand on a page."""
    return [each for each in links(text) if not is_own(each) and not _may_stand(each)]


def links_out(text: str) -> bool:
    """Whether a link of this text leaves this site."""
    return any(not is_own(each) for each in links(text))


def plain(text: str) -> list[str]:
    """The words of a text block by block, without their marks: what a reader reads, and a test measures."""
    return ["".join(each.content for each in token.children or ()) for token in _READER.parse(text) if token.children]


def _may_stand(url: str) -> bool:
    try:
        return bool(checked_link(url))
    except BadLink:
        return False


def _shape(token: Token) -> None:
    """The title of the page is its one first heading; a link tells another site nothing of this one."""
    token.tag = _LEVELS.get(token.tag, token.tag)
    if token.type in ("bullet_list_open", "ordered_list_open"):
        token.attrSet("class", "bullets")
    elif token.type == "link_open" and not is_own(str(token.attrs.get("href", ""))):
        token.attrSet("rel", "nofollow noopener noreferrer")
