"""Tells whether a line repeats what somebody said, word for word: a record says what is so, never what was said."""

import re
from collections.abc import Iterable
from typing import Final

FEWEST_WORDS: Final = 5  # in a row: fewer are anybody's
FEWEST_LETTERS: Final = 12  # in a row, for writing that puts no space between words
_WORD: Final = re.compile(r"\w+")
# Thai, Lao, Khmer, Burmese, Chinese and Japanese: one run of them is many words.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def is_verbatim(line: str, said: Iterable[str]) -> bool:
    """Whether `line` holds a run of words that stands in one of the messages."""
    fewest = FEWEST_LETTERS if _UNSPACED.search(line) else FEWEST_WORDS
    mine = _runs(line, fewest)
    return bool(mine) and any(mine & _runs(message, fewest) for message in said)


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    """Every run of so many words; of unspaced writing each letter is one."""
    words: list[str] = []
    for word in _WORD.findall(text.casefold()):
        words += list(word) if _UNSPACED.search(word) else [word]
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
