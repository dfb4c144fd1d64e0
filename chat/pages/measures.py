"""What the innocent page tells: measures for the kitchen, true and small, and how one of them is found."""

from collections.abc import Callable, Sequence
from typing import Final

from portal.vault.covers import read_word

# Names of phrases, `cover.row.<name>`: what is measured, a colon, how much. The last ones are shown by "More".
ROWS: Final = (
    "teaspoon tablespoon cup flour sugar rice butter oil egg oven".split()  # noqa: SIM905 - one line reads
)
FIRST: Final = 8


def found(typed: str, said: Callable[[str], str]) -> list[str]:
    """The rows in which these words stand, by what a row says. None for words of which nothing stands there."""
    sought = read_word(typed)
    return [row for row in ROWS if sought and sought in read_word(said(row))]


def shown(rows: Sequence[str]) -> list[str]:
    """What a page shows for what was found: that, or everything."""
    return list(rows) or list(ROWS)
