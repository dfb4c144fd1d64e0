"""Guesses which of the served languages a text is in, and says nothing where it is not sure: it only ever suggests."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Final

from i18n import guard
from i18n.languages import LANGUAGES

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE: Final = 0.9
"""How likely a language must be among those that are served."""

OPEN: Final = 0.5
"""How likely among all 140 the model knows. What we do not serve is mostly taken for itself then, and not for ours."""

ENOUGH: Final = 12
"""Letters, a sign of Chinese counted as three and a Korean syllable as two (docs/language-guess.md)."""

LONGEST: Final = 400
"""More of a text is not looked at."""

SOON_S: Final = 0.3
"""So long an answer that waits for a guess may wait; while the model loads it goes without."""

MOST_WAITING: Final = 32
"""Texts of one process that wait at once; a further one is not looked at. Nothing depends on a guess."""

_log = logging.getLogger("porchlight.i18n")

# What the model tells apart and a reader of ours reads: spoken Arabic, Chinese of Hong Kong and Shanghai, Creole of the
# other islands.
_KIN: Final[Mapping[str, str]] = {"arz": "ar", "ary": "ar", "yue": "zh", "wuu": "zh", "gcf": "ht", "gcr": "ht"}

# Signs of everyday sentences that are written in one of the two ways only.
_SIMPLIFIED: Final = frozenset(
    "们这说还让过时间问为请钱吗电话给对会来帮护离开错岁么东车书见长门马谁谢听认识语关动办报单劳务险须费写买卖贵级老板处从没"
)
_TRADITIONAL: Final = frozenset(
    "們這說還讓過時間問為請錢嗎電話給對會來幫護離開錯歲麼東車書見長門馬誰謝聽認識語關動辦報單勞務險須費寫買賣貴級闆處從沒唔佢嘅咗"
)


class Guesses:
    """Looks at texts in a thread of its own, one after the other. The model is loaded at the first question, once.

    Made before a fork; until somebody asks there is neither thread nor model. It weighs 90 MiB a process then; where
    the house has it off there never is one, and every answer is None.
    """

    def __init__(self, served: Iterable[str] = LANGUAGES, *, is_on: bool = True) -> None:
        self._served = {tag.partition("-")[0]: tag for tag in served}
        self._writes_both = {"zh-Hans", "zh-Hant"} <= set(served)
        self._room: ThreadPoolExecutor | None = None
        self._waiting = 0
        self._is_away = not is_on

    async def language_of(self, text: str) -> str | None:
        """The tag of the language, or None: too short, not sure, none of ours, or too much to look at just now.

        Never raises but on a cancel. Keeps nothing of the text.
        """
        if self._is_away or self._waiting >= MOST_WAITING or weight(text[:LONGEST]) < ENOUGH:
            return None
        if self._room is None:
            self._room = ThreadPoolExecutor(max_workers=1, thread_name_prefix="guess")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._room, self.look, text)
        except Exception as error:
            # Its text may hold a part of what was looked at. Asked once: what is missing stays missing.
            _log.error("guess_away error=%s", type(error).__name__)
            self._is_away = True
            return None
        finally:
            self._waiting -= 1

    async def other_than(self, tag: str, text: str) -> str | None:
        """The language of a text where it is another than that of the tag; both ways to write Chinese are one."""
        guess = await self.language_of(text)
        return None if guess is None or guess.partition("-")[0] == tag.partition("-")[0] else guess

    async def soon(self, tag: str, text: str, *, within_s: float = SOON_S) -> str:
        """The same or an empty text, within this time: for an answer that is not to be kept back for it."""
        try:
            async with asyncio.timeout(within_s):
                return await self.other_than(tag, text) or ""
        except TimeoutError:
            return ""

    def look(self, text: str) -> str | None:
        """The same at once, in the thread of whoever asks; loads the model the first time. Raises what that raises."""
        text = text[:LONGEST]
        if weight(text) < ENOUGH:
            return None
        likely: dict[str, float] = {}
        for label, share in _model().rank(text):
            of = _KIN.get(label, label)
            likely[of] = likely.get(of, 0.0) + share
        best = max(likely, key=lambda label: likely[label])
        ours = sum(share for label, share in likely.items() if label in self._served)
        if best not in self._served or likely[best] < OPEN or likely[best] < SURE * ours:
            return None
        return self._chinese(text) if best == "zh" else self._served[best]

    def _chinese(self, text: str) -> str | None:
        """Which way it is written; None where both would be, or nothing tells."""
        if not self._writes_both:
            return self._served["zh"]
        simplified, traditional = (sum(sign in signs for sign in text) for signs in (_SIMPLIFIED, _TRADITIONAL))
        if simplified == traditional:
            return None
        return "zh-Hans" if simplified > traditional else "zh-Hant"


@cache
def _model() -> LanguageIdentifier:
    """The model, once in a process."""
    # Numbers of megabytes that most processes never need: not before the first text.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def weight(text: str) -> int:
    """How much there is to judge by: letters and the marks on them; of signs that stand for more, more."""
    return sum(guard.letter_weight(sign) for sign in text if unicodedata.category(sign)[0] in "LM")
