"""Takes from a page what an older or narrower browser lacks, before any script of ours runs in it."""

from __future__ import annotations

import json
from typing import Final

from playwright.sync_api import Page

Lacking = dict[str, list[str]]

NO_SOCKETS: Final[Lacking] = {"window": ["WebSocket"]}
NO_SOCKETS_NO_FETCH: Final[Lacking] = {"window": ["WebSocket", "fetch", "Request", "Response", "Headers"]}
NO_REQUESTS: Final[Lacking] = {"window": [*NO_SOCKETS_NO_FETCH["window"], "XMLHttpRequest"]}

# What is older in no engine than Chrome 66, Firefox 59 or Safari 11.1, of all that a page like ours is tempted to use.
EARLY_2018: Final[Lacking] = {
    "window": [
        "AbortController",
        "AbortSignal",
        "visualViewport",
        "queueMicrotask",
        "structuredClone",
        "ResizeObserver",
    ],
    "Request.prototype": ["keepalive"],
    "FormData.prototype": ["entries", "keys", "values"],
    "Promise": ["allSettled", "any", "try", "withResolvers"],
    "Promise.prototype": ["finally"],
    "Object": ["fromEntries", "hasOwn", "groupBy"],
    "Array.prototype": ["flat", "flatMap", "at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced"],
    "String.prototype": ["replaceAll", "matchAll", "at", "trimStart", "trimEnd", "isWellFormed"],
    "Element.prototype": ["replaceChildren", "toggleAttribute", "checkVisibility", "setHTML"],
    "Document.prototype": ["replaceChildren"],
    "DocumentFragment.prototype": ["replaceChildren"],
    "HTMLFormElement.prototype": ["requestSubmit"],
    "Performance.prototype": ["getEntriesByType"],
    "Crypto.prototype": ["randomUUID"],
    "Blob.prototype": ["text", "arrayBuffer", "stream"],
    "Intl": ["PluralRules"],
    "Navigator.prototype": ["connection", "locks", "userAgentData"],
}


def without(page: Page, lacking: Lacking) -> Page:
    """The page as a browser without these would have it; answers the page. A name it never had is an error."""
    page.add_init_script(
        f"""for (const [holder, names] of Object.entries({json.dumps(lacking)})) {{
              const from = holder.split(".").reduce((owner, part) => owner[part], window);
              for (const name of names) {{
                delete from[name];
                if (name in from) throw new Error(`still there: ${{holder}}.${{name}}`);
              }}
            }}"""
    )
    return page


def with_dear_bytes(page: Page) -> Page:
    """The page as a phone has it whose owner asked to save data; answers the page."""
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'connection', { value: { saveData: true, effectiveType: '4g' } })"
    )
    return page
