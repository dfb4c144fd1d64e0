"""Strips markup out of text that people paste; the one module that knows a sanitizer."""

from __future__ import annotations

import html
import unicodedata

import bleach

# Every character of the category Cc, but for a new line and a tab.
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
# What turns the direction of a line. Not the two joiners, which Persian and the scripts of India spell with.
_TURNS = dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def strip_markup(text: str) -> str:
    """`text` as plain text: tags and comments gone, entities turned back into the characters they stand for.

    The result is NOT markup and NOT safe to print unescaped: it is escaped again wherever it is shown. Stripping
    here only keeps a pasted web page from filling the advocate's screen with tags. Text without `<` or `&` is returned
    as it was, so that ordinary words never pass through a parser.
    """
    if "<" not in text and "&" not in text:
        return text
    return html.unescape(bleach.clean(text, tags=set(), attributes={}, strip=True, strip_comments=True))


def tidy_text(text: str) -> str:
    """Typed text as it is kept: NFC, line ends as one newline, no control characters, no space at either end.

    Bidirectional controls stay (Arabic and Persian writers use them); what shows them isolates them.
    """
    if text.isascii() and text.isprintable():
        return text.strip()  # nothing to change in it
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return lines.translate(_CONTROLS).strip()


def plain_translation(text: str) -> str:
    """What an engine made of somebody's words, as plain text: a stranger's text, and no line of it turns another.

    NOT safe to print unescaped, as with `strip_markup`.
    """
    return tidy_text(strip_markup(text).translate(_TURNS))


def clean_markup(markup: str) -> str:
    """Markup that our own reader of Markdown made, held to a short list of tags; what is not on it is gone.

    Links lead by https or to a page of this site; nothing carries a style, a handler or an address to load.
    """
    cleaned: str = bleach.clean(
        markup,
        tags={"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote"},
        attributes={"a": ["href", "rel"], "ul": ["class"], "ol": ["class", "start"]},
        protocols={"https"},
        strip=True,
    )
    return cleaned
